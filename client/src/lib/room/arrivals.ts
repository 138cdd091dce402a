import type { Comment } from '#shared/domain/state.ts';
import { isMarked, mark } from './marks.ts';
import type { Marks } from './marks.ts';

/** What the discussion shows at the moment, as far as arrivals are concerned. */
export interface Reading {
  /** Numbers in the order they are drawn, arrivals among them where they would stand. */
  readonly order: readonly number[];
  /** Which of them a person can see now. */
  readonly inSight: ReadonlySet<number>;
  /** False while nobody looks: the pane is closed, or the page in the background. */
  readonly watched: boolean;
  readonly me: string | null;
}

/** Whether a person wrote it, or wrote it down for somebody else. */
export function isBy({ authorId, enteredBy }: Comment, me: string | null): boolean {
  return me !== null && (authorId === me || enteredBy === me);
}

/**
 * Which of the comments may be shown, given what is shown already. A comment is let in where that moves nothing a person can
 * see: where what would stand directly below it is not in sight. One's own comments are always let in, a reply never before
 * what it answers. The rest waits until the person asks for it.
 */
export function letIn(comments: Iterable<Comment>, shown: Marks, reading: Reading): Marks {
  let next = shown;
  const positions = new Map(reading.order.map((number, index) => [number, index]));
  for (const comment of comments) {
    if (isMarked(next, comment.number)) continue;
    if (comment.parent !== null && !isMarked(next, comment.parent)) continue;
    if (!reading.watched || isBy(comment, reading.me) || !movesSomething(comment.number, next, reading, positions)) {
      next = mark(next, [comment.number]);
    }
  }
  return next;
}

function movesSomething(number: number, shown: Marks, { order, inSight }: Reading, positions: ReadonlyMap<number, number>): boolean {
  const at = positions.get(number);
  // Not drawn at all, by a filter: nothing moves.
  if (at === undefined) return false;
  const below = order.slice(at + 1).find((other) => isMarked(shown, other));
  return below !== undefined && inSight.has(below);
}
