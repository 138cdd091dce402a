import type { StoredEvent, StreamRef } from '#shared/domain/commit.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { canonicalJson } from '#shared/lib/canonical.ts';
import { mapWords, withoutText } from '#shared/domain/words.ts';

/** Free texts of one commit that are to go, each named by its digest, which stays. */
export interface ErasedWords {
  readonly seq: number;
  readonly digests: readonly string[];
}

/**
 * What takes texts out of a store for good. A log is otherwise never changed: only a free text and its salt can leave it, their
 * digest stays, and so every hash of the log stays what it is. Everything can be done again without harm, and rejects with
 * StoreUnavailable.
 */
export interface Eraser {
  /** Takes these texts out of the commits of a stream. What is not there, or has no text any more, is passed over. */
  eraseWords(stream: StreamRef, erased: readonly ErasedWords[]): Promise<void>;
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
