import type { DraftEntry } from './draftEntry.ts';
import type { Segment } from './segment.ts';
import { isChained, packSegment, sameEntry, SegmentDamaged, unpackSegment } from './segment.ts';

/**
 * What packs the log of a draft: entries that are written as single ones lie in segments later, and whoever reads the log gets the
 * same before, meanwhile and afterwards. First a segment is laid beside its entries, then the entries are let go. Whatever is cut
 * short between the two is taken up again by `settle`. Several processes may pack one draft at once. Everything rejects with
 * StoreUnavailable where the store fails; nothing is lost by it.
 */
export interface Packing {
  /** Where the segments of a draft end: ordinal and digest of their last entry, 0 and '' where there is none. */
  packed(draftId: string): Promise<PackedUpTo>;
  /**
   * Lays a segment beside the single entries it holds; it must begin where the segments end. taken: another one begins there;
   * gone: the entries are not there, or are not these any more.
   */
  lay(segment: Segment): Promise<'laid' | 'taken' | 'gone'>;
  /**
   * Lets single entries go that lie in a segment, one segment's at a time: the segment is read back from the store and unpacked, its
   * digests are made anew from its content, and it is held against the entries one by one. Where it is not what they are, it is packed anew from
   * them; where that cannot be either, nothing is let go (`differs`). nothing: no single entry lies in a segment.
   */
  settle(draftId: string): Promise<'settled' | 'nothing' | 'differs'>;
}

export interface PackedUpTo {
  readonly ordinal: number;
  readonly digest: string;
}

/**
 * What is to become of single entries that lie in a segment. letGo: the segment gives back each of them; a segment: it does not, but
 * they are whole and hold together, so this is to take its place first; differs: neither can be shown.
 */
export function heldAgainst(segment: Segment, single: readonly DraftEntry[]): 'letGo' | Segment | 'differs' {
  const { first, last, before, digest } = segment;
  const packed = unpacked(segment);
  const complete = single.length === last - first + 1;
  if (packed !== null && complete && single.every((entry, index) => sameEntry(entry, packed[index] ?? entry))) return 'letGo';
  if (complete && single.at(-1)?.digest === digest && isChained(before, single)) return packSegment(before, single);
  // Some were let go already, or one is no part of the log; the chain from end to end says that the segment is.
  return packed === null ? 'differs' : 'letGo';
}

/** Whether a segment gives back each of these entries, which lie within its ends. */
export function holds(segment: Segment, entries: readonly DraftEntry[]): boolean {
  const packed = unpacked(segment);
  return packed !== null && entries.every((entry) => sameEntry(entry, packed[entry.ordinal - segment.first] ?? { ...entry, ordinal: 0 }));
}

function unpacked(segment: Segment): readonly DraftEntry[] | null {
  try {
    return unpackSegment(segment);
  } catch (thrown) {
    if (thrown instanceof SegmentDamaged) return null;
    throw thrown;
  }
}
