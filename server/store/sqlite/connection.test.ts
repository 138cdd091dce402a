import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { assertPragmas, assertSqliteVersion, inTransaction, openConnection, pragma } from './connection.ts';
import { migrate, schemaVersion } from './migrations.ts';

const folder = mkdtempSync(join(tmpdir(), 'shangliang-connection-'));
let made = 0;
const newFile = (): string => join(folder, `${String(++made)}.db`);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a connection', () => {
  test.for([1, 2, 3])('[ST13] has every setting, the %i. time a file is opened too', (times) => {
    const file = newFile();
    for (let opened = 0; opened < times; opened++) {
      for (const readOnly of [false, true]) {
        const database = openConnection(file, { readOnly });
        if (!readOnly) migrate(database, file);
        const found = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map((name) => pragma(database, name));
        expect(found).toEqual(['wal', 2, 1, 5000]);
        database.close();
      }
    }
  });

  test('[ST13] is refused where a write-ahead log cannot be had', () => {
    expect(() => openConnection(':memory:', { readOnly: false })).toThrow(/journal_mode is memory and must be wal/);
  });

  test.for([
    ['synchronous = NORMAL', 'synchronous is 1 and must be 2'],
    ['synchronous = OFF', 'synchronous is 0 and must be 2'],
    ['foreign_keys = OFF', 'foreign_keys is 0 and must be 1'],
    ['busy_timeout = 0', 'timeout is 0 and must be 5000'],
    ['journal_mode = DELETE', 'journal_mode is delete and must be wal'],
  ] as const)('[ST13] reading back finds %s', ([change, complaint]) => {
    const file = newFile();
    const database = openConnection(file, { readOnly: false });
    assertPragmas(database, file);
    database.exec(`PRAGMA ${change}`);
    expect(() => {
      assertPragmas(database, file);
    }).toThrow(complaint);
    database.close();
  });

  test('[ST13] a reader cannot write', () => {
    const file = newFile();
    const writer = openConnection(file, { readOnly: false });
    migrate(writer, file);
    const reader = openConnection(file, { readOnly: true });
    expect(() => {
      reader.exec('UPDATE pulse SET beats = 1');
    }).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  test('[ST13] versions of SQLite that can corrupt a file are refused', () => {
    for (const version of ['3.51.2', '3.50.4', '2.99.99', '3.9.30']) {
      expect(() => {
        assertSqliteVersion(version);
      }).toThrow(`SQLite ${version} is too old`);
    }
    for (const version of ['3.51.3', '3.51.10', '3.52.0', '4.0.0']) assertSqliteVersion(version);
  });
});

describe('a file that is not ours', () => {
  const opening = (file: string) => () => {
    const database = openConnection(file, { readOnly: false });
    try {
      migrate(database, file);
    } finally {
      database.close();
    }
  };

  test('[ST15] no database at all is named in one sentence', () => {
    const file = newFile();
    writeFileSync(file, 'Dear diary, '.repeat(1000));
    expect(opening(file)).toThrow(/^.+ is not an SQLite database; move it away or name another data folder\.$/);
  });

  test('[ST15] a missing folder is named in one sentence', () => {
    expect(opening(join(folder, 'missing', 'x.db'))).toThrow(
      /^.+ cannot be opened: the folder is missing, or this user may not write to it\.$/,
    );
  });

  test("[ST15] another program's database is left alone", () => {
    const file = newFile();
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE recipes (title TEXT)');
    other.close();
    expect(opening(file)).toThrow(/is a database of another program/);
  });

  test('[ST15] a file of a newer version is left alone', () => {
    const file = newFile();
    opening(file)();
    const newer = new DatabaseSync(file);
    newer.exec(`PRAGMA user_version = ${String(schemaVersion + 1)}`);
    newer.close();
    expect(opening(file)).toThrow(/was written by a newer version of this program/);
  });
});

describe('a transaction', () => {
  test('leaves nothing behind when it throws, and the connection goes on', () => {
    const file = newFile();
    const database = openConnection(file, { readOnly: false });
    migrate(database, file);
    const beats = () => database.prepare('SELECT beats FROM pulse').get()?.beats;
    expect(() =>
      inTransaction(database, () => {
        database.exec('UPDATE pulse SET beats = 7');
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect(beats()).toBe(0);
    inTransaction(database, () => {
      database.exec('UPDATE pulse SET beats = 8');
    });
    expect(beats()).toBe(8);
    database.close();
  });
});
