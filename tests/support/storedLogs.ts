import { createHash } from 'node:crypto';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DraftEntry } from '#server/store/ports.ts';
import { storedEntries } from './storedEntries.ts';

/** Digest of both logs, read from the file of the store and not through the server. */
export function logDigest(dataDir: string): string {
  const hash = createHash('sha256');
  for (const row of [...rows(dataDir), ...entries(dataDir)]) {
    for (const value of Object.values(row) as unknown[]) hash.update(value instanceof Uint8Array ? value : String(value)).update('\0');
  }
  return hash.digest('hex');
}

export interface LoggedEntry {
  readonly ordinal: number;
  readonly kind: string;
  readonly actor_id: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The log of a draft, straight from the file. */
export function draftLog(dataDir: string, draftId: string): readonly LoggedEntry[] {
  return entries(dataDir, draftId).map((entry) => ({ ...entry, actor_id: entry.actorId }));
}

export interface LoggedCommit {
  readonly seq: number;
  readonly at: number;
  readonly actor_id: string;
  readonly command_id: string;
  readonly types: readonly string[];
}

/** The log of a room, straight from the file. */
export function roomLog(dataDir: string, roomId: string): readonly LoggedCommit[] {
  return rows(dataDir)
    .filter(({ stream_id }) => stream_id === roomId)
    .map((row) => {
      const events = JSON.parse(String(row['events'])) as readonly unknown[];
      const types = JSON.stringify(events).matchAll(/\\"type\\":\\"([\w.]+)\\"/g);
      return { ...(row as unknown as LoggedCommit), types: [...types].map(([, type]) => type ?? '') };
    });
}

function rows(dataDir: string): Record<string, unknown>[] {
  return opened(dataDir, (database) => database.prepare('SELECT * FROM commits ORDER BY stream_kind, stream_id, seq').all());
}

function entries(dataDir: string, draftId: string | null = null): readonly DraftEntry[] {
  return opened(dataDir, (database) => storedEntries(database, draftId));
}

function opened<T>(dataDir: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path.join(dataDir, 'shangliang.db'), { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
