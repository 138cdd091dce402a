import { DatabaseSync } from 'node:sqlite';
import { StoreOpenError, messageOf } from '../openError.ts';

/** Older versions can corrupt a file in WAL mode when two connections restart the log at once. */
export const oldestSqlite = '3.51.3';

/** What must hold on every connection: WAL, each commit synced to disk, foreign keys, and 5 s of patience with other processes. */
const pragmas: readonly { readonly name: string; readonly set: string; readonly read: string | number }[] = [
  { name: 'busy_timeout', set: '5000', read: 5000 },
  { name: 'journal_mode', set: 'WAL', read: 'wal' },
  { name: 'synchronous', set: 'FULL', read: 2 },
  { name: 'foreign_keys', set: 'ON', read: 1 },
  // What is deleted or replaced is overwritten with it: nothing has to be looked for afterwards to be erased.
  { name: 'secure_delete', set: 'ON', read: 1 },
];

/** Primary result codes of SQLite. */
const codes = {
  permission: 3,
  busy: 5,
  noMemory: 7,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  lockProtocol: 15,
  constraint: 19,
  notADatabase: 26,
};

const storageFaults: readonly number[] = [
  codes.permission,
  codes.noMemory,
  codes.readOnly,
  codes.io,
  codes.corrupt,
  codes.full,
  codes.cannotOpen,
  codes.lockProtocol,
  codes.notADatabase,
];

/** The primary result code of an error from SQLite, or null if it is not from SQLite. */
export function sqliteCode(thrown: unknown): number | null {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return null;
  return thrown.errcode & 0xff;
}

/** Another connection held the lock for longer than the busy timeout; the connection itself is sound. */
export function isBusy(thrown: unknown): boolean {
  return sqliteCode(thrown) === codes.busy;
}

/** A page of the file does not hold what it should. */
export function isCorrupt(thrown: unknown): boolean {
  return sqliteCode(thrown) === codes.corrupt;
}

/** A unique key, check or foreign key was violated. */
export function isConstraint(thrown: unknown): boolean {
  return sqliteCode(thrown) === codes.constraint;
}

/** The error says that the disk or the file failed, not that our statement was wrong. */
export function isStorageFault(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code !== null && storageFaults.includes(code);
}

/** Throws a StoreOpenError if the version is older than `oldestSqlite`. */
export function assertSqliteVersion(version: string): void {
  const have = version.split('.').map(Number);
  const need = oldestSqlite.split('.').map(Number);
  const differing = need.findIndex((part, index) => part !== have[index]);
  if (differing !== -1 && !((have[differing] ?? 0) > (need[differing] ?? 0))) {
    throw new StoreOpenError(`SQLite ${version} is too old: at least ${oldestSqlite} is needed, which Node 24.14 or later brings.`);
  }
}

/** Reads the settings of a connection back and throws a StoreOpenError if one of them is not what must hold. */
export function assertPragmas(database: DatabaseSync, file: string): void {
  for (const { name, read } of pragmas) {
    const found = pragma(database, name);
    if (found !== read) {
      throw new StoreOpenError(`${file} cannot be opened safely: SQLite's ${name} is ${String(found)} and must be ${String(read)}.`);
    }
  }
}

/**
 * Opens a file with every setting made and read back. A reader's file must exist. Throws a StoreOpenError in a person's words.
 */
export function openConnection(file: string, options: { readonly readOnly: boolean }): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: options.readOnly, timeout: 5000 });
    assertSqliteVersion(sqliteVersion(database));
    for (const { name, set } of pragmas) if (!(options.readOnly && name === 'journal_mode')) setPragma(database, name, set);
    assertPragmas(database, file);
    return database;
  } catch (thrown) {
    database?.close();
    throw thrown instanceof StoreOpenError ? thrown : new StoreOpenError(openFailure(file, thrown), { cause: thrown });
  }
}

/** The version of the library behind a connection. */
export function sqliteVersion(database: DatabaseSync): string {
  return String(database.prepare('SELECT sqlite_version() AS version').get()?.version);
}

/** The value of a setting that has one. */
export function pragma(database: DatabaseSync, name: string): unknown {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? undefined : Object.values(row)[0];
}

/**
 * Runs work in one transaction that holds the write lock from its start, so that what it reads stays true until it commits.
 * Whatever it throws rolls everything back.
 */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (thrown) {
    // After an error of the disk SQLite may have rolled back already, or be unable to: the first error is the one to report.
    try {
      if (database.isTransaction) database.exec('ROLLBACK');
    } catch {
      // The connection is closed by whoever sees the first error.
    }
    throw thrown;
  }
}

function setPragma(database: DatabaseSync, name: string, value: string): void {
  // Changing a new file to WAL does not wait for other connections as other statements do.
  const until = Date.now() + 5000;
  for (;;) {
    try {
      database.exec(`PRAGMA ${name} = ${value}`);
      return;
    } catch (thrown) {
      if (!isBusy(thrown) || Date.now() > until) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function openFailure(file: string, thrown: unknown): string {
  switch (sqliteCode(thrown)) {
    case codes.notADatabase:
      return `${file} is not an SQLite database; move it away or name another data folder.`;
    case codes.cannotOpen:
      return `${file} cannot be opened: the folder is missing, or this user may not write to it.`;
    case codes.readOnly:
      return `${file} cannot be written by this user.`;
    case codes.busy:
      return `${file} is held by another program that does not let go of it.`;
    case codes.corrupt:
      return `${file} is damaged (${messageOf(thrown)}); restore it from a backup.`;
    case codes.full:
      return `${file} cannot be opened: the disk is full.`;
    default:
      return `${file} cannot be opened: ${messageOf(thrown)}.`;
  }
}
