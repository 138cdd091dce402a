import type { RoomEvent } from '../facts.ts';
import { mapWords, withoutText } from '../words.ts';
import type { ErasedPassage } from './events.ts';

/** The drafts of which these events erase something. */
export function erasedIn(events: readonly RoomEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'text.erased' && event.of.kind === 'passage' ? [event.of.draftId] : []));
}

/** Whether something of a passage stood in the text after this entry of the draft's log. */
export function stoodAt({ since, until }: Pick<ErasedPassage, 'since' | 'until'>, ordinal: number): boolean {
  return since <= ordinal && (until === null || ordinal < until);
}

/** Plain data without the words that have these digests; the same value where it has none of them. */
export function withoutWords<T>(value: T, digests: ReadonlySet<string>): T {
  let found = false;
  const left = mapWords(value, (words) => {
    if (words.text === undefined || !digests.has(words.digest)) return words;
    found = true;
    return withoutText(words);
  });
  return found ? left : value;
}
