import type { Comment } from '#shared/domain/state.ts';
import { isBy } from './arrivals.ts';
import { isMarked } from './marks.ts';
import type { Marks } from './marks.ts';
import type { Ordered, Standing } from './order.ts';

export const nothingInSight: ReadonlySet<number> = new Set();
export const noStandings: ReadonlyMap<number, Standing> = new Map();

/** The comments that are marked, or, with `others`, those that are not. */
export function shownOf(comments: Iterable<Comment>, shown: Marks, others = false): readonly Comment[] {
  return [...comments].filter((comment) => isMarked(shown, comment.number) !== others);
}

/** Comments that wait for a moderator are there for him and for their author alone; for everybody else there is nothing of them. */
export function isVisible(comment: Comment, viewer: { readonly me: string | null; readonly moderates: boolean }): boolean {
  return comment.status !== 'held' || viewer.moderates || (viewer.me !== null && comment.authorId === viewer.me);
}

/** Whether a comment can be unread at all for this person: published, and not by himself. */
export function canBeUnread(comment: Comment, me: string | null): boolean {
  return comment.status === 'published' && !isBy(comment, me);
}

/** How many readable comments by others are not marked as read. */
export function unreadOf(comments: Iterable<Comment>, seen: Marks, me: string | null): number {
  let count = 0;
  for (const comment of comments) {
    if (canBeUnread(comment, me) && !isMarked(seen, comment.number)) count += 1;
  }
  return count;
}

/** The comments in the order they are drawn. */
export function numbersOf({ threads, gone }: Ordered): readonly number[] {
  return [...threads, ...gone].flatMap(({ rows }) => rows.map(({ comment }) => comment.number));
}
