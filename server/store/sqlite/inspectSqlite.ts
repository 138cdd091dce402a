import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Finding } from '#shared/domain/proof/finding.ts';
import type { Inspection, StoredForm } from '../inspection.ts';
import { StoreOpenError } from '../openError.ts';
import { openConnection, pragma, sqliteVersion } from './connection.ts';
import { migrate, schemaVersion } from './migrations.ts';
import { whatIsWrong } from '../segment.ts';
import type { Row } from './reader.ts';
import { openReader, segmentOf } from './reader.ts';

/**
 * Opens a file to look at it, while a server may be writing to it or none is there. Nothing is changed: an older format stays
 * what it is. Throws a StoreOpenError in a person's words.
 */
export function inspectSqlite(file: string): Inspection {
  if (!existsSync(file)) throw new StoreOpenError(`There is no file ${file}.`);
  const database = openConnection(file, { readOnly: true });
  try {
    const version = Number(pragma(database, 'user_version'));
    if (version !== schemaVersion)
      throw new StoreOpenError(`${file} is of format ${String(version)}; this program looks at format ${String(schemaVersion)}.`);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  const reader = openReader(file);
  const column = (sql: string): readonly string[] =>
    database
      .prepare(sql)
      .all()
      .map((row) => String(Object.values(row)[0]));

  return {
    description: `SQLite ${sqliteVersion(database)} (${file})`,
    journal: { readCommits: reader.readCommits, readDraft: reader.readDraft },
    snapshots: { latest: reader.latestSnapshots },
    roomIds: () => Promise.resolve(column("SELECT DISTINCT stream_id FROM commits WHERE stream_kind = 'room' ORDER BY stream_id")),
    draftIds: () =>
      Promise.resolve(column('SELECT draft_id FROM draft_entries UNION SELECT draft_id FROM draft_segments ORDER BY draft_id')),
    structure: () => Promise.resolve([...missingParts(database), ...damagedPages(database), ...damagedSegments(database)]),
    async *records(): AsyncGenerator<StoredForm> {
      const keys = database.prepare('SELECT field, value, uniq FROM record_keys WHERE kind = ? AND id = ? ORDER BY field');
      for (const found of database.prepare('SELECT * FROM records ORDER BY kind, id').iterate()) {
        const row = found as Row;
        const kind = String(row['kind']);
        const id = String(row['id']);
        yield await Promise.resolve({
          kind,
          id,
          rev: Number(row['rev']),
          json: String(row['json']),
          expiresAt: row['expires_at'] === null ? null : Number(row['expires_at']),
          keys: keys.all(kind, id).map((key) => ({ field: String(key['field']), value: String(key['value']), unique: key['uniq'] === 1 })),
        });
      }
    },
    close() {
      reader.close();
      database.close();
      return Promise.resolve();
    },
  };
}

/** SQLite's own check of every page and index, and of every reference. */
function damagedPages(database: DatabaseSync): readonly Finding[] {
  const said = database
    .prepare('PRAGMA integrity_check(20)')
    .all()
    .map((row) => String(Object.values(row)[0]));
  const broken = said.length === 1 && said[0] === 'ok' ? [] : said;
  const dangling = database.prepare('PRAGMA foreign_key_check').all();
  return [
    ...broken.map((detail): Finding => ({ what: 'database', detail })),
    ...dangling.map((row): Finding => ({
      what: 'database',
      detail: `row ${String(row['rowid'])} of ${String(row['table'])} refers to nothing`,
    })),
  ];
}

function* damagedSegments(database: DatabaseSync): Generator<Finding> {
  for (const row of database.prepare('SELECT * FROM draft_segments ORDER BY draft_id, first').iterate()) {
    const detail = whatIsWrong(segmentOf(row as Row));
    if (detail !== null) yield { what: 'database', detail };
  }
}

/** Tables and indexes that a new file has and this one has not, or has otherwise: on the unique ones rests what is called stored. */
function missingParts(database: DatabaseSync): readonly Finding[] {
  const fresh = new DatabaseSync(':memory:');
  try {
    migrate(fresh, ':memory:');
    const parts = (of: DatabaseSync): ReadonlyMap<string, string> =>
      new Map(
        of
          .prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL')
          .all()
          .map((row) => [`${String(row['type'])} ${String(row['name'])}`, String(row['sql'])]),
      );
    const here = parts(database);
    return [...parts(fresh)].filter(([name, sql]) => here.get(name) !== sql).map(([index]) => ({ what: 'indexMissing', index }));
  } finally {
    fresh.close();
  }
}
