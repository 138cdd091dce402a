import type { DatabaseSync } from 'node:sqlite';
import type { StoredEvent, StreamRef } from '#shared/domain/commit.ts';
import type { ErasedEntry, ErasedWords } from '../erasing.ts';
import { erasedSegment, eraseFrom } from '../erasing.ts';
import { StoreUnavailable } from '../ports.ts';
import type { Snapshot } from '../ports.ts';
import { inTransaction } from './connection.ts';
import type { Row } from './reader.ts';
import { segmentOf } from './reader.ts';

export interface EraseStatements {
  words(stream: StreamRef, erased: readonly ErasedWords[]): void;
  /** By rising ordinal. */
  entries(draftId: string, erased: readonly ErasedEntry[]): void;
  snapshots(kind: Snapshot['kind'], id: string): void;
  /** Throws StoreUnavailable where another connection reads from the write-ahead log for too long. */
  scrub(): void;
}

/** Prepares the statements that take texts out of the file. */
export function prepareErasing(database: DatabaseSync): EraseStatements {
  const read = database.prepare('SELECT events FROM commits WHERE stream_kind = ? AND stream_id = ? AND seq = ?');
  const write = database.prepare('UPDATE commits SET events = ? WHERE stream_kind = ? AND stream_id = ? AND seq = ?');
  const rewrite = database.prepare('UPDATE draft_entries SET bytes = ?, erased = ?, salt = NULL WHERE draft_id = ? AND ordinal = ?');
  const holding = database.prepare('SELECT * FROM draft_segments WHERE draft_id = ? AND last >= ? ORDER BY last LIMIT 1');
  const repack = database.prepare('UPDATE draft_segments SET sha256 = ?, bytes = ? WHERE draft_id = ? AND first = ?');
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
    entries: (draftId, entries) => {
      inTransaction(database, () => {
        for (const { ordinal, bytes, erased } of entries) rewrite.run(bytes, erased, draftId, ordinal);
        for (let at = 0; ;) {
          const ordinal = entries.find((entry) => entry.ordinal > at)?.ordinal;
          const row = ordinal === undefined ? undefined : holding.get(draftId, ordinal);
          if (row === undefined || ordinal === undefined) return;
          const segment = segmentOf(row as Row);
          at = segment.first > ordinal ? ordinal : segment.last;
          if (segment.first > ordinal) continue;
          const { sha256, bytes } = erasedSegment(segment, entries);
          repack.run(sha256, bytes, draftId, segment.first);
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
