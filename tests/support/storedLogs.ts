import { createHash } from 'node:crypto';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Digest of both logs, read from the file of the store and not through the server. */
export function logDigest(dataDir: string): string {
  const hash = createHash('sha256');
  for (const row of [...rows(dataDir, 'commits'), ...rows(dataDir, 'draft_entries')]) {
    for (const value of Object.values(row)) hash.update(value instanceof Uint8Array ? value : String(value)).update('\0');
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
  return rows(dataDir, 'draft_entries').filter(({ draft_id }) => draft_id === draftId) as unknown as LoggedEntry[];
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
  return rows(dataDir, 'commits')
    .filter(({ stream_id }) => stream_id === roomId)
    .map((row) => {
      const events = JSON.parse(String(row['events'])) as readonly unknown[];
      const types = JSON.stringify(events).matchAll(/\\"type\\":\\"([\w.]+)\\"/g);
      return { ...(row as unknown as LoggedCommit), types: [...types].map(([, type]) => type ?? '') };
    });
}

function rows(dataDir: string, table: 'commits' | 'draft_entries'): Record<string, unknown>[] {
  const database = new DatabaseSync(path.join(dataDir, 'shangliang.db'), { readOnly: true });
  try {
    const order = table === 'commits' ? 'stream_kind, stream_id, seq' : 'draft_id, ordinal';
    return database.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all();
  } finally {
    database.close();
  }
}
