import type { DraftEntry, Journal } from './ports.ts';
import { BoundedRows } from './readBounds.ts';
import { wholeLimit } from './recordForm.ts';
import type { Segment } from './segment.ts';
import { SegmentDamaged, unpackSegment } from './segment.ts';

/** A segment by its place and content. */
export type SegmentPlace = Pick<Segment, 'first' | 'last' | 'sha256'>;

/** A log whose beginning lies in segments and whose end is single entries. While it is packed some are both. */
export interface PackedSource {
  /** The first segment that ends behind `after`. */
  segmentAfter(draftId: string, after: number): Promise<SegmentPlace | null>;
  segment(draftId: string, first: number): Promise<Segment | null>;
  /** Single entries with ordinal > after, rising, at most `limit`; `mostBytes` as in `Journal.readDraft`. */
  single(draftId: string, after: number, limit: number, mostBytes: number): Promise<readonly DraftEntry[]>;
}

/** Unpacked segments that are kept: who reads a log asks for page after page of one. */
const kept = 2;

/**
 * Reads a log as if nothing was packed. A segment stands before single entries of the same ordinals; one that is damaged is passed
 * over, and then they serve if they are still there. Otherwise their ordinals are missing, as those of lost single entries would be.
 */
export function readPacked(source: PackedSource): Journal['readDraft'] {
  const unpacked = new Map<string, readonly DraftEntry[]>();

  async function entriesOf(draftId: string, { first, sha256 }: SegmentPlace): Promise<readonly DraftEntry[] | null> {
    const name = `${sha256} ${first} ${draftId}`;
    const known = unpacked.get(name);
    if (known !== undefined) return known;
    const segment = await source.segment(draftId, first);
    if (segment === null) return null;
    try {
      const entries = unpackSegment(segment);
      unpacked.set(name, entries);
      const [oldest] = unpacked.keys();
      if (unpacked.size > kept && oldest !== undefined) unpacked.delete(oldest);
      return entries;
    } catch (thrown) {
      if (!(thrown instanceof SegmentDamaged)) throw thrown;
      return null;
    }
  }

  return async (draftId, after, limit, mostBytes = Infinity) => {
    const wanted = wholeLimit(limit);
    const found = new BoundedRows<DraftEntry>(wanted, mostBytes);
    /** Whether all of these were taken. */
    const take = (entries: readonly DraftEntry[]): boolean => entries.every((entry) => found.take(entry, entry.bytes.byteLength));
    for (let at = after; !found.isFull;) {
      const rest = wanted - found.rows.length;
      const bytes = Math.max(0, found.left);
      const place = await source.segmentAfter(draftId, at);
      if (place === null) {
        const single = await source.single(draftId, at, rest, bytes);
        const dense = single.findIndex(({ ordinal }, index) => ordinal !== at + 1 + index);
        const gap = dense === -1 ? null : at + dense;
        // What is missing may have been packed since it was asked for segments; if it was not, whoever reads has to see the gap.
        const packedSince = gap !== null && (await source.segmentAfter(draftId, gap)) !== null;
        const all = take(packedSince ? single.slice(0, dense) : single);
        if (!all || !packedSince) break;
        at = gap;
        continue;
      }
      const entries = place.first > at + 1 ? null : await entriesOf(draftId, place);
      const end = place.first > at + 1 ? place.first - 1 : place.last;
      const there = entries ?? (await source.single(draftId, at, rest, bytes)).filter(({ ordinal }) => ordinal <= end);
      if (!take(there.slice(entries === null ? 0 : at + 1 - place.first).slice(0, rest))) break;
      // Single entries in the place of a damaged segment may have been cut short by their bytes: the rest is asked for anew.
      at = entries === null && mostBytes !== Infinity ? (there.at(-1)?.ordinal ?? end) : end;
    }
    return found.rows;
  };
}
