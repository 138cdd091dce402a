import { rangeToProseMirror, resolveAnchor } from '#shared/document/anchors.ts';
import type { TextIndex } from '#shared/document/text-index.ts';
import type { CommentMark } from './commentMarks.ts';

/** A comment with an anchor in this draft. Its words are missing where this viewer may not read them. */
export interface AnchoredComment {
  readonly number: number;
  readonly resolved: boolean;
  readonly anchor: {
    readonly runs: readonly (readonly [number, number, number])[];
    readonly quote?: string | undefined;
    readonly before?: string | undefined;
    readonly after?: string | undefined;
  };
}

/** Where a comment's words stand: `from` and `to` are offsets into the draft's text (TextIndex.text), for sorting and for GET drafts. */
export interface CommentPlace {
  readonly place: 'exact' | 'changed' | 'found' | 'gone';
  readonly from?: number;
  readonly to?: number;
}

export type CommentPlaces = ReadonlyMap<number, CommentPlace>;

/** Where comments are now, and what is to be drawn for them. */
export function placeComments(
  index: TextIndex,
  comments: readonly AnchoredComment[],
): { places: Map<number, CommentPlace>; marks: CommentMark[] } {
  const places = new Map<number, CommentPlace>();
  const marks: CommentMark[] = [];
  for (const { number, resolved, anchor } of comments) {
    const { runs, quote, before = '', after = '' } = anchor;
    const at = quote === undefined ? ({ place: 'gone' } as const) : resolveAnchor(index, { runs, quote, before, after });
    if (at.place === 'gone') {
      places.set(number, { place: 'gone' });
      continue;
    }
    places.set(number, { place: at.place, from: at.from, to: at.to });
    marks.push({ number, resolved, ranges: at.ranges.map(({ from, to }) => rangeToProseMirror(index, from, to)) });
  }
  return { places, marks };
}

/** Whether two answers say the same, so that nothing need be told. */
export function arePlacesEqual(some: CommentPlaces, others: CommentPlaces): boolean {
  if (some.size !== others.size) return false;
  for (const [number, one] of some) {
    const other = others.get(number);
    if (other === undefined || other.place !== one.place || other.from !== one.from || other.to !== one.to) return false;
  }
  return true;
}
