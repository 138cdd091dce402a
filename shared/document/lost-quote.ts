import type { TextIndex } from './text-index.ts';

/**
 * How much proof is needed before words are said to be the quoted ones when none of their identities is left. A Chinese
 * character tells about as much as three Latin letters, so weights count them so.
 */
const ENOUGH_ON_ONE_OF_TWO_SIDES = 12;
const ENOUGH_ON_THE_ONLY_SIDE = 32;
const ENOUGH_WITHOUT_CONTEXT = 100;
/** By how much the best place has to surpass the next one where neither has the whole context around it. */
const CLEARLY_BETTER = 12;
/** A quote that stands in more places than this is not told apart. */
const MOST_PLACES = 64;

/** The quoted words and what stood around them, without borders. */
export interface LostQuote {
  readonly quote: string;
  readonly before: string;
  readonly after: string;
  /** Whether the draft began with `before`, or ended with `after`, when the quote was taken. */
  readonly wasFirst: boolean;
  readonly wasLast: boolean;
}

/**
 * Searches a draft for words whose identities are gone, because a paragraph was split, turned into a heading, cut and pasted,
 * or a deletion undone. Gives the solid offset where the quote stands word for word with enough of its old surroundings, or
 * null where there is no such place or no single best one.
 */
export function placeOfLostQuote(index: TextIndex, lost: LostQuote): number | null {
  const whole = index.occurrences(lost.before + lost.quote + lost.after, MOST_PLACES);
  const inside = whole?.map((at) => evidenceAt(index.solid, at + lost.before.length, lost)).filter(isWhole) ?? [];
  if (whole === null || inside.length > 1) return null;
  const [only] = inside;
  if (only !== undefined && isEnough(only, lost.quote)) return only.at;
  const places = candidates(index, lost);
  if (places === null) return null;
  const proven = [...places].map((at) => evidenceAt(index.solid, at, lost)).filter((evidence) => isEnough(evidence, lost.quote));
  proven.sort((a, b) => b.weight - a.weight);
  const [best, second] = proven;
  if (best === undefined || (second !== undefined && best.weight - second.weight < CLEARLY_BETTER)) return null;
  return best.at;
}

/** Places worth a look: enough context on one side, or a long quote, or an end of the draft. Null where they are too many. */
function candidates(index: TextIndex, { quote, before, after }: LostQuote): Set<number> | null {
  const places = new Set<number>();
  const near = endOf(before);
  const next = startOf(after);
  const needles: [needle: string, skip: number][] = [];
  if (near !== '') needles.push([near + quote, near.length]);
  if (next !== '') needles.push([quote + next, 0]);
  if (weightOf(quote) >= ENOUGH_WITHOUT_CONTEXT) needles.push([quote, 0]);
  for (const [needle, skip] of needles) {
    const found = index.occurrences(needle, MOST_PLACES);
    if (found === null) return null;
    for (const at of found) places.add(at + skip);
  }
  if (index.solid.startsWith(before + quote)) places.add(before.length);
  if (index.solid.endsWith(quote + after)) places.add(index.solid.length - after.length - quote.length);
  return places;
}

interface Side {
  readonly weight: number;
  /** All that was remembered of this side stands there. */
  readonly whole: boolean;
  /** And the draft ends there, as it did then. */
  readonly atEdge: boolean;
}

interface Evidence {
  readonly at: number;
  readonly before: Side;
  readonly after: Side;
  readonly weight: number;
}

function evidenceAt(solid: string, at: number, { quote, before, after, wasFirst, wasLast }: LostQuote): Evidence {
  const end = at + quote.length;
  let left = 0;
  while (left < before.length && left < at && solid[at - 1 - left] === before[before.length - 1 - left]) left += 1;
  let right = 0;
  while (right < after.length && end + right < solid.length && solid[end + right] === after[right]) right += 1;
  const isFirst = wasFirst && left === before.length && left === at;
  const isLast = wasLast && right === after.length && end + right === solid.length;
  const sides = {
    before: {
      weight: weightOf(before.slice(before.length - left)),
      whole: left === before.length && wasFirst === isFirst,
      atEdge: isFirst,
    },
    after: { weight: weightOf(after.slice(0, right)), whole: right === after.length && wasLast === isLast, atEdge: isLast },
  };
  return { at, ...sides, weight: sides.before.weight + sides.after.weight };
}

function isWhole({ before, after }: Evidence): boolean {
  return before.whole && after.whole;
}

function isEnough({ before, after, weight }: Evidence, quote: string): boolean {
  if (weightOf(quote) >= ENOUGH_WITHOUT_CONTEXT) return true;
  if (supports(before) && supports(after)) return true;
  return (before.whole || after.whole) && weight >= ENOUGH_ON_THE_ONLY_SIDE;
}

function supports(side: Side): boolean {
  return side.atEdge || side.weight >= ENOUGH_ON_ONE_OF_TWO_SIDES;
}

/** Shortest end of a context that is enough for a look, or all of it. */
function endOf(before: string): string {
  let from = before.length;
  for (let weight = 0; from > 0 && weight < ENOUGH_ON_ONE_OF_TWO_SIDES; from -= 1) weight += weightAt(before, from - 1);
  return before.slice(from);
}

function startOf(after: string): string {
  let to = 0;
  for (let weight = 0; to < after.length && weight < ENOUGH_ON_ONE_OF_TWO_SIDES; to += 1) weight += weightAt(after, to);
  return after.slice(0, to);
}

function weightOf(text: string): number {
  let weight = 0;
  for (let at = 0; at < text.length; at += 1) weight += weightAt(text, at);
  return weight;
}

/** Han, kana, hangul and everything beyond the basic plane weigh three, all else one. */
function weightAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return (code >= 0x3040 && code <= 0x9fff && (code < 0x3100 || code >= 0x3400)) ||
    (code >= 0xac00 && code <= 0xdfff) ||
    (code >= 0xf900 && code <= 0xfaff)
    ? 3
    : 1;
}
