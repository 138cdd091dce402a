import type { Stance } from '#shared/domain/comments/events.ts';
import type { Comment } from '#shared/domain/state.ts';
import type { Thread } from './threading.ts';

export const sorts = ['place', 'time'] as const;
export type Sort = (typeof sorts)[number];

export const filters = ['all', 'unread', 'open', 'mine', 'ungathered', 'held'] as const;
export type Filter = (typeof filters)[number];

/** Which threads somebody wants to see. All of it has to hold; position and person of one and the same comment. */
export interface Choice {
  readonly filter: Filter;
  readonly stance: Stance | null;
  readonly person: string | null;
}

export const everything: Choice = { filter: 'all', stance: null, person: null };

/** Where the passage of a comment is now. `from` orders passages in the text; absent where the passage is gone. */
export interface Standing {
  readonly place: 'exact' | 'changed' | 'found' | 'gone';
  readonly from?: number;
}

export interface Ordered {
  readonly threads: readonly Thread[];
  /** Threads whose passage is gone, apart; empty where the order is by time. */
  readonly gone: readonly Thread[];
}

function rootOf(thread: Thread): Comment | undefined {
  return thread.rows[0]?.comment;
}

/**
 * Threads in the order they are shown in. By time: as they began. By place: along the text, then those on the room as a
 * whole as they began, with those whose passage is gone set apart.
 */
export function orderThreads(threads: readonly Thread[], sort: Sort, standingOf: ReadonlyMap<number, Standing>): Ordered {
  const byTime = threads.toSorted((one, other) => one.root - other.root);
  if (sort === 'time') return { threads: byTime, gone: [] };
  const placed: { readonly thread: Thread; readonly from: number }[] = [];
  const general: Thread[] = [];
  const gone: Thread[] = [];
  for (const thread of byTime) {
    const standing = rootOf(thread)?.anchor == null ? undefined : standingOf.get(thread.root);
    if (standing?.place === 'gone') gone.push(thread);
    else if (standing?.from == null) general.push(thread);
    else placed.push({ thread, from: standing.from });
  }
  placed.sort((one, other) => one.from - other.from || one.thread.root - other.thread.root);
  return { threads: [...placed.map(({ thread }) => thread), ...general], gone };
}

/** What is asked of a single comment beyond what it says of itself. */
export interface CommentTests {
  unread(comment: Comment): boolean;
  ungathered(comment: Comment): boolean;
}

/** Whether a thread passes: what was chosen holds of the thread, and position and person of one of its comments. */
export function passes(thread: Thread, choice: Choice, me: string | null, is: CommentTests): boolean {
  const { stance, person } = choice;
  if (stance !== null || person !== null) {
    const fits = ({ comment }: { readonly comment: Comment }) =>
      (stance === null || comment.stance === stance) && (person === null || comment.authorId === person);
    if (!thread.rows.some(fits)) return false;
  }
  return passesFilter(thread, choice.filter, me, is);
}

/** One of its comments is unread, its question is open, the person wrote in it or is named in it, or a moderator or recorder has yet to look. */
function passesFilter(thread: Thread, filter: Filter, me: string | null, is: CommentTests): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'unread':
      return thread.rows.some(({ comment }) => is.unread(comment));
    case 'open':
      return rootOf(thread)?.resolved === null;
    case 'mine':
      return me !== null && thread.rows.some(({ comment }) => comment.authorId === me || comment.mentions.includes(me));
    case 'ungathered':
      return thread.rows.some(({ comment }) => is.ungathered(comment));
    case 'held':
      return thread.rows.some(({ comment }) => comment.status === 'held');
  }
}
