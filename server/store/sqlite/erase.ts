import type { DatabaseSync } from 'node:sqlite';
import type { StoredEvent, StreamRef } from '#shared/domain/commit.ts';
import type { ErasedEntry, ErasedWords } from '../erasing.ts';
import { erasedSegment, eraseFrom } from '../erasing.ts';
import { StoreUnavailable } from '../ports.ts';
import type { Snapshot } from '../ports.ts';
import { inTransaction } from './connection.ts';
import type { Row } from './reader.ts';
import { segmentOf } from './reader.ts';

/** A place in the table of entries. */
export interface EntryPlace {
  readonly draftId: string;
  readonly ordinal: number;
}

interface EntryRow {
  readonly draft_id: string;
  readonly ordinal: number;
  readonly kind: string;
  readonly actor_id: string;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly salt: string | null;
  readonly erased: string | null;
}

/** One transaction of rewriting: other writes have their turn between two of them. */
const rowsAtOnce = 256;
const bytesAtOnce = 512 * 1024;
const leastRows = 16;
/** So many rows before the first of a draft share pages with it at most. */
const rowsBefore = 128;

export interface EraseStatements {
  words(stream: StreamRef, erased: readonly ErasedWords[]): void;
  /** By rising ordinal. */
  entries(draftId: string, erased: readonly ErasedEntry[]): void;
  snapshots(kind: Snapshot['kind'], id: string): void;
  /**
   * Writes some entries of a draft and of those beside it in the table anew, from `from` on (null: from the beginning); gives where to go
   * on, null at the end. A table that is ordered by its key keeps, in the free parts of its pages, copies of rows that were moved when a
   * page was split; a page whose rows are all taken out is overwritten.
   */
  rewrite(draftId: string, from: EntryPlace | null): EntryPlace | null;
  /** Throws StoreUnavailable where another connection reads from the write-ahead log for too long. */
  emptyLog(): void;
}

/** Prepares the statements that take texts out of the file. */
export function prepareErasing(database: DatabaseSync): EraseStatements {
  const read = database.prepare('SELECT events FROM commits WHERE stream_kind = ? AND stream_id = ? AND seq = ?');
  const write = database.prepare('UPDATE commits SET events = ? WHERE stream_kind = ? AND stream_id = ? AND seq = ?');
  const rewrite = database.prepare('UPDATE draft_entries SET bytes = ?, erased = ?, salt = NULL WHERE draft_id = ? AND ordinal = ?');
  const holding = database.prepare('SELECT * FROM draft_segments WHERE draft_id = ? AND last >= ? ORDER BY last LIMIT 1');
  const repack = database.prepare('UPDATE draft_segments SET sha256 = ?, bytes = ? WHERE draft_id = ? AND first = ?');
  const forget = database.prepare('DELETE FROM snapshots WHERE kind = ? AND id = ?');
  const some = database.prepare('SELECT * FROM draft_entries WHERE (draft_id, ordinal) > (?, ?) ORDER BY draft_id, ordinal LIMIT ?');
  const drop = database.prepare('DELETE FROM draft_entries WHERE (draft_id, ordinal) > (?, ?) AND (draft_id, ordinal) <= (?, ?)');
  const put = database.prepare(
    'INSERT INTO draft_entries (draft_id, ordinal, kind, actor_id, at, bytes, digest, salt, erased) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const before = database.prepare(
    'SELECT draft_id, ordinal FROM draft_entries WHERE (draft_id, ordinal) < (?, 1) ORDER BY draft_id DESC, ordinal DESC LIMIT 1 OFFSET ?',
  );
  const startOf = (draftId: string): EntryPlace => {
    const row = before.get(draftId, rowsBefore);
    return row === undefined ? { draftId: '', ordinal: 0 } : { draftId: String(row.draft_id), ordinal: Number(row.ordinal) };
  };
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
    rewrite: (draftId, from) => {
      const start = from ?? startOf(draftId);
      return inTransaction(database, () => {
        const rows = some.all(start.draftId, start.ordinal, rowsAtOnce) as unknown as readonly EntryRow[];
        let bytes = 0;
        const slice = rows.filter((row, index) => (bytes += row.bytes.byteLength) <= bytesAtOnce || index < leastRows);
        const last = slice.at(-1);
        if (last === undefined) return null;
        drop.run(start.draftId, start.ordinal, last.draft_id, last.ordinal);
        for (const row of slice) {
          put.run(row.draft_id, row.ordinal, row.kind, row.actor_id, row.at, row.bytes, row.digest, row.salt, row.erased);
        }
        // The next slice begins in the middle of this one: the pages at its ends were left as they were.
        const middle = slice[Math.floor(slice.length / 2)] ?? last;
        const isBehind = rows[0]?.draft_id !== draftId && (rows[0]?.draft_id ?? '') > draftId;
        return isBehind || slice.length < leastRows ? null : { draftId: middle.draft_id, ordinal: middle.ordinal };
      });
    },
    emptyLog: () => {
      // What was written before lies in the write-ahead log as well, until it is emptied.
      const emptied = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      if (emptied?.busy !== 0) throw new StoreUnavailable('The write-ahead log could not be emptied: another program reads from it.');
    },
  };
}
