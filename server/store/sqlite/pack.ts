import type { DatabaseSync } from 'node:sqlite';
import '../../nativeHash.ts';
import type { Packing } from '../packing.ts';
import { heldAgainst, holds } from '../packing.ts';
import type { Segment } from '../segment.ts';
import { inTransaction } from './connection.ts';
import type { Row } from './reader.ts';
import { entryOf, segmentOf } from './reader.ts';

export interface PackStatements {
  lay(segment: Segment): Awaited<ReturnType<Packing['lay']>>;
  settle(draftId: string): Awaited<ReturnType<Packing['settle']>>;
}

/** Prepares the statements that pack logs. Each runs in one transaction, so nobody sees a part of it, whenever the process ends. */
export function preparePacking(database: DatabaseSync): PackStatements {
  const end = database.prepare('SELECT last, digest FROM draft_segments WHERE draft_id = ? ORDER BY last DESC LIMIT 1');
  const single = database.prepare('SELECT digest FROM draft_entries WHERE draft_id = ? AND ordinal = ?');
  const put = database.prepare(
    'INSERT OR REPLACE INTO draft_segments (draft_id, first, last, before, digest, sha256, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const firstSingle = database.prepare('SELECT min(ordinal) AS ordinal FROM draft_entries WHERE draft_id = ?');
  const holding = database.prepare('SELECT * FROM draft_segments WHERE draft_id = ? AND last >= ? ORDER BY last LIMIT 1');
  const entries = database.prepare('SELECT * FROM draft_entries WHERE draft_id = ? AND ordinal BETWEEN ? AND ? ORDER BY ordinal');
  const erased = database.prepare(
    'SELECT * FROM draft_entries WHERE draft_id = ? AND ordinal BETWEEN ? AND ? AND erased IS NOT NULL ORDER BY ordinal',
  );
  const letGo = database.prepare('DELETE FROM draft_entries WHERE draft_id = ? AND ordinal BETWEEN ? AND ?');

  function write({ draftId, first, last, before, digest, sha256, bytes }: Segment): void {
    put.run(draftId, first, last, before, digest, sha256, bytes);
  }

  /** The segment that holds the draft's first single entry, as it is stored. */
  function unsettled(draftId: string): Segment | null {
    const ordinal = firstSingle.get(draftId)?.ordinal ?? null;
    const row = ordinal === null ? undefined : holding.get(draftId, ordinal);
    const segment = row === undefined ? null : segmentOf(row as Row);
    return segment !== null && segment.first <= Number(ordinal) ? segment : null;
  }

  return {
    lay: (segment) =>
      inTransaction(database, () => {
        const { draftId, first, last, before, digest } = segment;
        const packed = end.get(draftId) ?? { last: 0, digest: '' };
        if (packed.last !== first - 1 || packed.digest !== before) return 'taken';
        if (single.get(draftId, first) === undefined || single.get(draftId, last)?.digest !== digest) return 'gone';
        // Something may have been erased in them since they were packed: laid down now, the segment would bring it back to readers.
        const changed = erased.all(draftId, first, last).map((row) => entryOf(row as Row));
        if (changed.length > 0 && !holds(segment, changed)) return 'gone';
        write(segment);
        return 'laid';
      }),
    settle: (draftId) =>
      inTransaction(database, () => {
        const segment = unsettled(draftId);
        if (segment === null) return 'nothing';
        const { first, last } = segment;
        const there = entries.all(draftId, first, last).map((row) => entryOf(row as Row));
        const held = heldAgainst(segment, there);
        if (held === 'differs') return 'differs';
        if (held !== 'letGo') write(held);
        // What was just written is read back and held against them the next time; nothing goes before that.
        else letGo.run(draftId, first, last);
        return 'settled';
      }),
  };
}
