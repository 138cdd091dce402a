import type { Comment, RoomState, Suggestion } from '#shared/domain/state.ts';
import type { Vector } from '#shared/lib/vector.ts';

const known = new WeakMap<Vector<Suggestion>, ReadonlyMap<number, number>>();

/**
 * The comments that went into a suggestion which still stands, each with the number of the one it counts with today: of a merged
 * suggestion the one it was merged into. Dropped suggestions give their comments back. The answer is kept for as long as the list
 * of suggestions is the same, since every comment on the screen asks for it.
 */
export function gatheredComments({ suggestions }: Pick<RoomState, 'suggestions'>): ReadonlyMap<number, number> {
  const before = known.get(suggestions);
  if (before !== undefined) return before;
  const all = suggestions.toArray();
  const found = new Map<number, number>();
  for (const suggestion of all) {
    const root = rootOf(suggestion, all);
    if (root === null) continue;
    for (const source of suggestion.sources) if (source.kind === 'comment' && !found.has(source.comment)) found.set(source.comment, root);
  }
  known.set(suggestions, found);
  return found;
}

/** The listed suggestion that this one counts with, or null. A merge leads to one that was listed then, so there is no circle. */
function rootOf(suggestion: Suggestion, all: readonly Suggestion[]): number | null {
  let at: Suggestion | undefined = suggestion;
  for (let steps = 0; at?.status === 'merged' && steps < all.length; steps += 1) at = all[(at.mergedInto ?? 0) - 1];
  return at?.status === 'listed' ? at.number : null;
}

/** Whether somebody who gathers still has to look at this comment: it begins a thread, is published, is not settled and in no suggestion. */
export function isUngathered(comment: Comment, gathered: ReadonlyMap<number, number>): boolean {
  return (
    comment.parent === null &&
    comment.status === 'published' &&
    comment.erased === undefined &&
    comment.resolved === null &&
    !gathered.has(comment.number)
  );
}

/** How many comments are not gathered yet. */
export function countUngathered(state: RoomState): number {
  const gathered = gatheredComments(state);
  let count = 0;
  for (const comment of state.comments) if (isUngathered(comment, gathered)) count += 1;
  return count;
}
