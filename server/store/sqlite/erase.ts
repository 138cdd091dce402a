import type { DatabaseSync } from 'node:sqlite';
import type { StoredEvent, StreamRef } from '#shared/domain/commit.ts';
import type { ErasedWords } from '../erasing.ts';
import { eraseFrom } from '../erasing.ts';
import { StoreUnavailable } from '../ports.ts';
import type { Snapshot } from '../ports.ts';
import { inTransaction } from './connection.ts';

export interface EraseStatements {
  words(stream: StreamRef, erased: readonly ErasedWords[]): void;
  snapshots(kind: Snapshot['kind'], id: string): void;
  /** Throws StoreUnavailable where another connection reads from the write-ahead log for too long. */
  scrub(): void;
}

/** Prepares the statements that take texts out of the file. */
export function prepareErasing(database: DatabaseSync): EraseStatements {
  const read = database.prepare('SELECT events FROM commits WHERE stream_kind = ? AND stream_id = ? AND seq = ?');
  const write = database.prepare('UPDATE commits SET events = ? WHERE stream_kind = ? AND stream_id = ? AND seq = ?');
  const forget = database.prepare('DELETE FROM snapshots WHERE kind = ? AND id = ?');
  return {
    words: ({ kind, id }, erased) => {
      inTransaction(database, () => {
        for (const { seq, digests } of erased) {
          const stored = read.get(kind, id, seq)?.events;
          if (stored === undefined) continue;
          const events = eraseFrom(JSON.parse(String(stored)) as readonly StoredEvent[], digests);
          write.run(JSON.stringify(events), kind, id, seq);
        }
      });
    },
    snapshots: (kind, id) => {
      forget.run(kind, id);
    },
    scrub: () => {
      // Pages that are free, and the free parts of others, keep what was in them until somebody writes there; a vacuum writes
      // every page anew. What it writes and what was written before lies in the write-ahead log, which is emptied last.
      database.exec('VACUUM');
      const emptied = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      if (emptied?.busy !== 0) throw new StoreUnavailable('The write-ahead log could not be emptied: another program reads from it.');
    },
  };
}
