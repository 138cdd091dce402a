import type { DatabaseSync } from 'node:sqlite';
import { StoreOpenError } from '../openError.ts';
import { inTransaction, pragma } from './connection.ts';

/** Marks the file as ours ('Shng'), so that another program's database is never taken for one. */
const applicationId = 0x53686e67;

/** Each step brings a file from the version before to its number (its place here, from 1). A published step never changes. */
const migrations: readonly string[] = [
  `
  CREATE TABLE commits (
    stream_kind TEXT NOT NULL,
    stream_id   TEXT NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq > 0),
    at          INTEGER NOT NULL,
    actor_id    TEXT NOT NULL,
    command_id  TEXT NOT NULL,
    command_mac TEXT NOT NULL,
    events      TEXT NOT NULL,
    prev_hash   TEXT NOT NULL,
    hash        TEXT NOT NULL,
    PRIMARY KEY (stream_kind, stream_id, seq)
  ) STRICT;
  CREATE UNIQUE INDEX commits_by_command ON commits (stream_kind, stream_id, actor_id, command_id);
  CREATE INDEX commits_first ON commits (stream_kind, stream_id) WHERE seq = 1;

  -- Without row ids a draft's entries lie side by side, in the order in which they are read.
  CREATE TABLE draft_entries (
    draft_id TEXT NOT NULL,
    ordinal  INTEGER NOT NULL CHECK (ordinal > 0),
    kind     TEXT NOT NULL CHECK (kind IN ('update', 'barrier')),
    actor_id TEXT NOT NULL,
    at       INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    digest   TEXT NOT NULL,
    PRIMARY KEY (draft_id, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshots (
    kind     TEXT NOT NULL CHECK (kind IN ('room', 'draft')),
    id       TEXT NOT NULL,
    position INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    sha256   TEXT NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (kind, id, position)
  ) STRICT;

  CREATE TABLE records (
    kind       TEXT NOT NULL,
    id         TEXT NOT NULL,
    rev        INTEGER NOT NULL,
    json       TEXT NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (kind, id)
  ) STRICT;
  CREATE INDEX records_by_expiry ON records (kind, expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE record_keys (
    kind  TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    id    TEXT NOT NULL,
    uniq  INTEGER NOT NULL CHECK (uniq IN (0, 1)),
    PRIMARY KEY (kind, field, value, id),
    FOREIGN KEY (kind, id) REFERENCES records (kind, id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX record_keys_unique ON record_keys (kind, field, value) WHERE uniq = 1;
  CREATE INDEX record_keys_by_record ON record_keys (kind, id);

  -- One row that the health check counts up.
  CREATE TABLE pulse (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL) STRICT;
  INSERT INTO pulse (id, beats) VALUES (1, 0);
  `,
  // What an entry commits to: entries of before have neither; see EntrySeal.
  `
  ALTER TABLE draft_entries ADD COLUMN salt TEXT;
  ALTER TABLE draft_entries ADD COLUMN erased TEXT;
  `,
  `
  -- Entries of drafts that are no longer written one by one; see store/segment.ts. The bytes stand last: who looks for a place
  -- does not read over them.
  CREATE TABLE draft_segments (
    draft_id TEXT NOT NULL,
    first    INTEGER NOT NULL CHECK (first > 0),
    last     INTEGER NOT NULL CHECK (last >= first),
    before   TEXT NOT NULL,
    digest   TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (draft_id, first)
  ) STRICT;
  CREATE UNIQUE INDEX draft_segments_by_end ON draft_segments (draft_id, last);
  `,
  // From here on every connection overwrites what it deletes; the file is written anew once behind this.
  `-- nothing changes in the schema`,
];

/** The version that `migrate` brings a file to. */
export const schemaVersion = migrations.length;

/**
 * Brings a file to the newest version, one transaction per step. Throws a StoreOpenError if the file belongs to another program
 * or was written by a newer version of this one. Gives whether it held anything in an older format.
 */
export function migrate(database: DatabaseSync, file: string): boolean {
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE type = 'table'").get()?.count;
  if (tables !== 0 && pragma(database, 'application_id') !== applicationId) {
    throw new StoreOpenError(`${file} is a database of another program; move it away or name another data folder.`);
  }
  const isOlder = tables !== 0 && Number(pragma(database, 'user_version')) < schemaVersion;
  for (;;) {
    const done = inTransaction(database, () => {
      // Asked inside the transaction: another process may have done the step meanwhile.
      const version = Number(pragma(database, 'user_version'));
      if (version > schemaVersion) {
        throw new StoreOpenError(
          `${file} was written by a newer version of this program (format ${String(version)}, this one knows ${String(schemaVersion)}).`,
        );
      }
      const step = migrations[version];
      if (step === undefined) return true;
      database.exec(step);
      database.exec(`PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(version + 1)};`);
      return false;
    });
    if (done) return isOlder;
  }
}
