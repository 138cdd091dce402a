import type { TextIndex } from './text-index.ts';

/** A quote and what stood before and after it, as in the draft: lines are parted by `\n`. */
export interface QuoteInContext {
  readonly quote: string;
  readonly before: string;
  readonly after: string;
}

/**
 * How much context an anchor keeps, in UTF-16 code units. The first is usual. A longer one says that the draft had other places
 * with the same words in the same surroundings, and that all of the context has to match; the last one that even so they
 * could not be told apart.
 */
export const CONTEXT_WIDTHS = [32, 40, 64, 128, 240, 256] as const;
const USUAL_WIDTH = CONTEXT_WIDTHS[0];
const HOPELESS_WIDTH = CONTEXT_WIDTHS[5];

/** Context next to the quote that has to stand there word for word, in weights: 24 Latin letters or 8 Chinese characters. */
const NEAR_WEIGHT = 24;
/** A quote with its near context has to weigh this much: a word on a line of its own proves little. */
const PROOF_WEIGHT = 20;
/** A quote that stands in more places than this is not told apart. */
const MOST_PLACES = 64;

/**
 * Searches a draft for words whose identities are gone, because a paragraph was split, turned into a heading, cut and pasted, or a
 * deletion undone. Gives the solid offset of the one place that proves to be theirs, or null where there is none or are several.
 *
 * Words are proven by what stands next to them in their own line. That may be little, because of a promise made when the
 * anchor was: no other place of the draft had it then (`isToldApart`). So a clause that is deleted is not mistaken for
 * another one that ends alike, and a clause that moves takes its proof along.
 */
export function placeOfLostQuote(index: TextIndex, words: QuoteInContext): number | null {
  const width = widthOf(words);
  if (width >= HOPELESS_WIDTH - 1) return null;
  if (width > USUAL_WIDTH) return onlyPlaceOfAll(index, words);
  const places = provenPlaces(index, words);
  if (places.length === 1) return places[0]?.at ?? null;
  const whole = places.filter((place) => place.isWhole);
  return whole.length === 1 ? (whole[0]?.at ?? null) : null;
}

/** Whether a quote with this context stands in one place only, by the very rule by which it will be searched for. */
export function isToldApart(index: TextIndex, words: QuoteInContext): boolean {
  return widthOf(words) > USUAL_WIDTH ? onlyPlaceOfAll(index, words) !== null : provenPlaces(index, words).length === 1;
}

/** Borders may come and go between the words; a `\n` is not one of them. */
export function withoutBorders(text: string): string {
  return text.replaceAll('\n', '');
}

function widthOf({ before, after }: QuoteInContext): number {
  return Math.max(before.length, after.length);
}

function onlyPlaceOfAll(index: TextIndex, { quote, before, after }: QuoteInContext): number | null {
  const found = index.occurrences(withoutBorders(before + quote + after), 1);
  return found?.[0] === undefined ? null : found[0] + withoutBorders(before).length;
}

interface ProvenPlace {
  readonly at: number;
  /** All of the context stands there, over the borders of the line too. */
  readonly isWhole: boolean;
}

function provenPlaces(index: TextIndex, words: QuoteInContext): ProvenPlace[] {
  const quote = withoutBorders(words.quote);
  const before = withoutBorders(words.before);
  const after = withoutBorders(words.after);
  const near = nearEnd(words.before);
  const next = nearStart(words.after);
  const places = new Map<number, ProvenPlace>();
  // One less than the full width may be left where the cut would have parted a surrogate pair.
  const wasFirst = words.before.length < USUAL_WIDTH - 1;
  const wasLast = words.after.length < USUAL_WIDTH - 1;
  const all = index.occurrences(before + quote + after, MOST_PLACES);
  const nearby = weightOf(near + quote + next) >= PROOF_WEIGHT ? index.occurrences(near + quote + next, MOST_PLACES) : [];
  if (all === null || nearby === null) return [];
  for (const start of all) {
    const isFirst = start === 0;
    const isLast = start + before.length + quote.length + after.length === index.solid.length;
    if ((isFirst || !wasFirst) && (isLast || !wasLast)) places.set(start + before.length, { at: start + before.length, isWhole: true });
  }
  for (const start of nearby) {
    const at = start + near.length;
    if (!places.has(at)) places.set(at, { at, isWhole: false });
  }
  return [...places.values()];
}

/** End of the text before a quote that is near it: of the same line, and no longer than it takes to weigh enough. */
function nearEnd(before: string): string {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  let from = line.length;
  for (let weight = 0; from > 0 && weight < NEAR_WEIGHT; from -= 1) weight += weightAt(line, from - 1);
  return line.slice(from);
}

function nearStart(after: string): string {
  const line = after.slice(0, `${after}\n`.indexOf('\n'));
  let to = 0;
  for (let weight = 0; to < line.length && weight < NEAR_WEIGHT; to += 1) weight += weightAt(line, to);
  return line.slice(0, to);
}

function weightOf(text: string): number {
  let weight = 0;
  for (let at = 0; at < text.length; at += 1) weight += weightAt(text, at);
  return weight;
}

/** Han, kana, hangul and all beyond the basic plane weigh three, all else one: that is about what a character tells. */
function weightAt(text: string, at: number): number {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Surrogate}]/u.test(text[at] ?? '') ? 3 : 1;
}
