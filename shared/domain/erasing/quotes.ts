import type { CommentAnchor } from '../comments/events.ts';
import type { RoomState } from '../state.ts';
import type { Words } from '../words.ts';
import type { ErasedPassage } from './events.ts';

/**
 * The digests of all words of anchors that quote a passage of a draft, or hold it beside what they quote. A quote goes as a whole:
 * what is left of it would tell what was cut out.
 */
export function quotesOf(
  state: RoomState,
  { draftId, runs, lines }: Pick<ErasedPassage, 'draftId' | 'runs'> & { readonly lines: readonly string[] },
): string[] {
  const digests = new Set<string>();
  for (const anchor of anchorsIn(state)) {
    if (anchor.draftId !== draftId) continue;
    const { quote, before, after } = anchor;
    const quotes = anchor.runs.some((one) => runs.some((other) => overlap(one, other))) || lines.some((line) => holds(quote, line));
    const beside = lines.some((line) => [before, after].some((words) => holds(words, line)) || crosses(anchor, line));
    for (const { digest, text } of quotes ? [quote, before, after] : beside ? [before, after] : [])
      if (text !== undefined) digests.add(digest);
  }
  return [...digests];
}

function* anchorsIn(state: RoomState): Generator<CommentAnchor> {
  for (const { anchor } of state.comments) if (anchor !== null) yield anchor;
  for (const { sources } of state.suggestions) for (const source of sources) if (source.kind === 'passage') yield source.anchor;
}

function overlap(
  [client, clock, length]: readonly [number, number, number],
  [other, begin, long]: readonly [number, number, number],
): boolean {
  return client === other && clock < begin + long && begin < clock + length;
}

function holds({ text }: Words, line: string): boolean {
  return text?.includes(line) === true;
}

/** What stands beside a quote is cut after some characters, and so may begin or end within the passage. */
function crosses({ before, after }: CommentAnchor, line: string): boolean {
  for (let cut = 2; cut < line.length; cut += 1) {
    if (before.text?.startsWith(line.slice(-cut)) === true || after.text?.endsWith(line.slice(0, cut)) === true) return true;
  }
  return false;
}
