import type { Comment } from '#shared/domain/state.ts';
import type { Thread } from './threading.ts';

/** Where a search hit stands, in code units of the text it was found in. */
export interface Hit {
  readonly from: number;
  readonly to: number;
}

/** What somebody looks for: the words, folded; all of them must be there, in any order. */
export interface Query {
  readonly words: readonly string[];
}

const accents = /[\u0300-\u036f]/g;

/** A text without what a search does not tell apart: case, width (ＡＢＣ, ｶﾅ), Latin accents. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(accents, '').toLowerCase();
}

/** The words of a search as typed, or null where there is nothing to look for. Chinese needs no spaces: a word is found inside others. */
export function queryOf(typed: string): Query | null {
  const words = [...new Set(fold(typed).split(/\s+/u))].filter((word) => word !== '');
  return words.length === 0 ? null : { words };
}

/** Where the words of a search stand in a text, in reading order; overlapping hits are one. */
export function hitsIn(text: string, { words }: Query): readonly Hit[] {
  const { folded, places } = foldedWithPlaces(text);
  const found: Hit[] = [];
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      found.push({ from: places[at]?.from ?? 0, to: places[at + word.length - 1]?.to ?? text.length });
    }
  }
  found.sort((one, other) => one.from - other.from || one.to - other.to);
  const apart: Hit[] = [];
  for (const hit of found) {
    const last = apart.at(-1);
    if (last !== undefined && hit.from < last.to) apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, hit.to) };
    else apart.push(hit);
  }
  return apart;
}

/** The folded text, and for each of its code units the character of the text that it came from. */
function foldedWithPlaces(text: string): { readonly folded: string; readonly places: readonly Hit[] } {
  let folded = '';
  const places: Hit[] = [];
  let from = 0;
  for (const character of text) {
    const piece = fold(character);
    const place = { from, to: from + character.length };
    for (let unit = 0; unit < piece.length; unit += 1) places.push(place);
    folded += piece;
    from = place.to;
  }
  return { folded, places };
}

const foldedBodies = new WeakMap<object, string>();

/** The folded words of a comment that this viewer may read; folding thousands of comments is done once. */
function foldedBody({ body }: Comment): string {
  const known = foldedBodies.get(body);
  if (known !== undefined) return known;
  const folded = fold(body.text ?? '');
  foldedBodies.set(body, folded);
  return folded;
}

/** Whether a comment is found: each word stands in its text or in its author's name. Only published words are looked through. */
export function isFound(comment: Comment, { words }: Query, foldedNameOf: (id: string) => string): boolean {
  if (comment.status !== 'published') return false;
  const body = foldedBody(comment);
  return words.every((word) => body.includes(word) || foldedNameOf(comment.authorId).includes(word));
}

/** A function that gives folded names, each folded once. */
export function foldedNames(nameOf: (id: string) => string): (id: string) => string {
  const known = new Map<string, string>();
  return (id) => {
    const name = known.get(id) ?? fold(nameOf(id));
    known.set(id, name);
    return name;
  };
}

/** The found comments of the threads, in the order they are drawn. */
export function foundIn(threads: readonly Thread[], query: Query, nameOf: (id: string) => string): readonly number[] {
  const names = foldedNames(nameOf);
  return threads.flatMap(({ rows }) => rows.filter(({ comment }) => isFound(comment, query, names)).map(({ comment }) => comment.number));
}
