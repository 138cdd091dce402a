import type { Comment } from '#shared/domain/state.ts';
import { isMarked } from './marks.ts';
import type { Marks } from './marks.ts';
import type { Ordered, Standing } from './order.ts';

export const nothingInSight: ReadonlySet<number> = new Set();
export const noStandings: ReadonlyMap<number, Standing> = new Map();

/** The comments that are marked, or, with `others`, those that are not. */
export function shownOf(comments: Iterable<Comment>, shown: Marks, others = false): readonly Comment[] {
  return [...comments].filter((comment) => isMarked(shown, comment.number) !== others);
}

/** How many readable comments by others are not marked as read. */
export function unreadOf(comments: Iterable<Comment>, seen: Marks, me: string | null): number {
  let count = 0;
  for (const { number, status, authorId } of comments) {
    if (status === 'published' && authorId !== me && !isMarked(seen, number)) count += 1;
  }
  return count;
}

/** The comments in the order they are drawn. */
export function numbersOf({ threads, gone }: Ordered): readonly number[] {
  return [...threads, ...gone].flatMap(({ rows }) => rows.map(({ comment }) => comment.number));
}
