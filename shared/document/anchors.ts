import { CONTEXT_WIDTHS, isToldApart, placeOfLostQuote, withoutBorders } from './lost-quote.ts';
import type { Run, TextIndex, TextRange } from './text-index.ts';

/** Longest quote an anchor may hold, in UTF-16 code units. */
export const MAX_QUOTE_LENGTH = 500;
/** No context is longer than this either; makeAnchor keeps 32 on each side, more only where the same words stand elsewhere. */
const MAX_CONTEXT_LENGTH = 500;
/** How much more than twice its length may lie between the first and the last survivor of a quote. */
const MOST_BETWEEN = 32;

/**
 * Where a passage is, for good: who its characters are in Yjs, the words themselves, and what stood around them. Plain data; it
 * resolves against any later state of the draft. A line border inside the quote or the context is a `\n` and has no identity.
 */
export interface Anchor {
  /** Identities of the quoted characters in reading order, as [client, clock, length]. */
  readonly runs: readonly Run[];
  readonly quote: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Where an anchor's passage stands now. `exact`: the very characters that were quoted, nothing between them. `changed`: what
 * those that are left of them became. `found`: the quoted words, some or all of them written anew. `gone`: nothing that can be
 * shown without guessing. Ranges are text offsets into the index; a highlight covers `ranges`, `from` and `to` span them.
 */
export type AnchorPlace =
  | { readonly place: 'exact' | 'changed' | 'found'; readonly from: number; readonly to: number; readonly ranges: readonly TextRange[] }
  | { readonly place: 'gone' };

/**
 * An anchor for a range of text offsets. White space at its ends is left out. `empty` where no character is left, `tooLong`
 * where the quote would exceed MAX_QUOTE_LENGTH.
 */
export function makeAnchor(index: TextIndex, range: TextRange): Anchor | 'empty' | 'tooLong' {
  const { from, to } = trimmed(index.text, range);
  if (!(from < to)) return 'empty';
  if (to - from > MAX_QUOTE_LENGTH) return 'tooLong';
  const quote = index.text.slice(from, to);
  const runs = index.runsIn(index.solidRange({ from, to }));
  let anchor: Anchor = { runs, quote, before: '', after: '' };
  for (const width of CONTEXT_WIDTHS) {
    const before = index.text.slice(borderOfPair(index.text, Math.max(0, from - width), 1), from);
    const after = index.text.slice(to, borderOfPair(index.text, to + width, -1));
    anchor = { runs, quote, before, after };
    if (isToldApart(index, anchor)) break;
  }
  return anchor;
}

/**
 * The place of an anchor in a draft. Depends on the visible draft and the anchor only, so server and all clients agree; anything
 * may be passed as an anchor that has its shape, nonsense is `gone`.
 *
 * The ladder: all identities alive and side by side are `exact`. Else, if some are alive and the whole quote stands around
 * them, each survivor in its own place, it was split, joined or restored there: `found`. Else, if at least half of the
 * characters are alive, what they became: `changed`. Else the words decide, with their context: `found` where one place proves to be
 * theirs, `gone` where none or several do.
 */
export function resolveAnchor(index: TextIndex, anchor: Anchor): AnchorPlace {
  if (anchor.quote.length > MAX_QUOTE_LENGTH || Math.max(anchor.before.length, anchor.after.length) > MAX_CONTEXT_LENGTH) return gone;
  const quote = withoutBorders(anchor.quote);
  if (quote === '') return gone;
  const pieces = survivingPieces(index, anchor.runs, quote);
  const alive = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const [first] = pieces;
  if (first !== undefined && alive === quote.length && pieces.length === 1) return placed(index, 'exact', first.at, quote.length);
  if (alive < quote.length) {
    const around = placeAroundSurvivors(index, pieces, quote);
    if (around !== null) return placed(index, 'found', around, quote.length);
  }
  if (alive * 2 >= quote.length) return changed(index, pieces, quote);
  const at = placeOfLostQuote(index, anchor);
  return at === null ? gone : placed(index, 'found', at, quote.length);
}

/** ProseMirror positions of a range of text offsets. */
export function rangeToProseMirror(index: TextIndex, from: number, to: number): TextRange {
  return { from: index.positionOf(from), to: index.positionOf(to) };
}

/** Range of text offsets that a range of ProseMirror positions covers; empty (from = to) where it covers no text. */
export function proseMirrorToRange(index: TextIndex, from: number, to: number): TextRange {
  const start = index.offsetOf(from, 'start');
  return { from: start, to: Math.max(start, index.offsetOf(to, 'end')) };
}

const gone: AnchorPlace = { place: 'gone' };

/** Quoted characters that are still there, side by side: `skip` is their place in the quote, `at` their place in the draft. */
interface Piece {
  readonly skip: number;
  readonly at: number;
  length: number;
}

/**
 * The quoted characters that are alive, in reading order. An identity counts only if its character is the quoted one and comes after
 * the ones before it, so an anchor that was made up cannot point at other words.
 */
function survivingPieces(index: TextIndex, runs: readonly Run[], quote: string): Piece[] {
  const pieces: Piece[] = [];
  if (!areRunsOf(runs, quote)) return pieces;
  let skip = 0;
  for (const run of runs) {
    for (const survivors of index.survivorsOf(run)) {
      for (let n = 0; n < survivors.length; n += 1) addSurvivor(pieces, skip + survivors.skip + n, survivors.at + n, index.solid, quote);
    }
    skip += run[2];
  }
  return pieces;
}

function addSurvivor(pieces: Piece[], skip: number, at: number, solid: string, quote: string): void {
  if (solid[at] !== quote[skip]) return;
  const last = pieces[pieces.length - 1];
  if (last !== undefined && at < last.at + last.length) return;
  if (last !== undefined && at === last.at + last.length && skip === last.skip + last.length) last.length += 1;
  else pieces.push({ skip, at, length: 1 });
}

function areRunsOf(runs: readonly Run[], quote: string): boolean {
  let total = 0;
  for (const [client, clock, length] of runs) {
    if (![client, clock, length].every((value) => Number.isSafeInteger(value) && value >= 0) || length === 0) return false;
    total += length;
    if (total > quote.length) return false;
  }
  return total === quote.length;
}

/** Where the whole quote stands with survivors in their own places: the start that most of them agree on, if it is one. */
function placeAroundSurvivors(index: TextIndex, pieces: readonly Piece[], quote: string): number | null {
  const votes = new Map<number, number>();
  for (const { skip, at, length } of pieces) votes.set(at - skip, (votes.get(at - skip) ?? 0) + length);
  let best: number | null = null;
  let most = 0;
  for (const [start, count] of votes) {
    if (count < most || start < 0 || !index.solid.startsWith(quote, start)) continue;
    best = count === most ? null : start;
    most = count;
  }
  return best;
}

/** From the first to the last survivor, unless so much came between them that they would point at other people's words. */
function changed(index: TextIndex, pieces: readonly Piece[], quote: string): AnchorPlace {
  const first = pieces[0];
  const last = pieces[pieces.length - 1];
  if (first === undefined || last === undefined) return gone;
  const length = last.at + last.length - first.at;
  const span = placed(index, 'changed', first.at, length);
  if (length <= 2 * quote.length + MOST_BETWEEN || span.place === 'gone') return span;
  return { ...span, ranges: pieces.map((piece) => index.textRange({ from: piece.at, to: piece.at + piece.length })) };
}

function placed(index: TextIndex, place: 'exact' | 'changed' | 'found', at: number, length: number): AnchorPlace {
  const range = index.textRange({ from: at, to: at + length });
  return { place, ...range, ranges: [range] };
}

function trimmed(text: string, range: TextRange): TextRange {
  let from = borderOfPair(text, Math.min(Math.max(range.from, 0), text.length), -1);
  let to = borderOfPair(text, Math.min(Math.max(range.to, 0), text.length), 1);
  while (from < to && isSpace(text, from)) from += 1;
  while (to > from && isSpace(text, to - 1)) to -= 1;
  return { from, to };
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text[at] ?? '');
}

/** Moves an offset that would cut a surrogate pair in two one step to the given side. */
function borderOfPair(text: string, offset: number, step: 1 | -1): number {
  const cuts = /[\ud800-\udbff]/.test(text[offset - 1] ?? '') && /[\udc00-\udfff]/.test(text[offset] ?? '');
  return cuts ? offset + step : offset;
}
