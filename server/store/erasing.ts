import type { StoredEvent, StreamRef } from '#shared/domain/commit.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { canonicalJson } from '#shared/lib/canonical.ts';
import { mapWords, withoutText } from '#shared/domain/words.ts';
import type { DraftEntry } from './draftEntry.ts';
import type { Segment } from './segment.ts';
import { changedSegment } from './segment.ts';

/** Free texts of one commit that are to go, each named by its digest, which stays. */
export interface ErasedWords {
  readonly seq: number;
  readonly digests: readonly string[];
}

/** An entry of a draft's log in which something was erased: what takes the place of its bytes, and what it committed to. */
export type ErasedEntry = Required<Pick<DraftEntry, 'ordinal' | 'bytes' | 'erased'>>;

/**
 * What takes texts out of a store for good. A log is otherwise never changed: only a free text and its salt can leave it, or the bytes
 * of a draft's entry and theirs; their digest stays, and so every hash of the log stays what it is. Everything can be done again without harm, and rejects with
 * StoreUnavailable.
 */
export interface Eraser {
  /** Takes these texts out of the commits of a stream. What is not there, or has no text any more, is passed over. */
  eraseWords(stream: StreamRef, erased: readonly ErasedWords[]): Promise<void>;
  /** Puts other bytes in the place of those of entries of a draft, without a salt, by rising ordinal. What is not there is passed over. */
  eraseEntries(draftId: string, erased: readonly ErasedEntry[]): Promise<void>;
  /** Throws the cached folds of a thing away: they may hold what was erased. */
  forgetSnapshots(kind: 'room' | 'draft', id: string): Promise<void>;
  /**
   * Overwrites what the files of the store still hold of what is not in it any more. Where that is not the store's to do
   * (MongoDB) nothing happens.
   */
  scrub(): Promise<void>;
}

/** Stored events without the texts that have these digests. Their own digests stay what they were. */
export function eraseFrom(events: readonly StoredEvent[], digests: readonly string[]): readonly StoredEvent[] {
  const gone = new Set(digests);
  return events.map(({ salt, json }) => {
    const event = JSON.parse(json) as Json;
    return { salt, json: canonicalJson(mapWords(event, (words) => (gone.has(words.digest) ? withoutText(words) : words))) };
  });
}

/** The same segment with other bytes in the place of those of some of its entries. Throws SegmentDamaged. */
export function erasedSegment(segment: Segment, erased: readonly ErasedEntry[]): Segment {
  const left = new Map(erased.map((entry) => [entry.ordinal, entry]));
  return changedSegment(segment, (entry) => {
    const { salt: _salt, ...kept } = entry;
    const other = left.get(entry.ordinal);
    return other === undefined ? entry : { ...kept, ...other };
  });
}
