import type { CommentAnchor } from '#shared/domain/comments/events.ts';
import type { Comment } from '#shared/domain/state.ts';
import { makeWords } from '#shared/domain/words.ts';

/** A comment for tests: number and parent first, whatever else matters as an override. */
export function aComment(number: number, parent: number | null = null, change: Partial<Comment> = {}): Comment {
  return {
    number,
    parent,
    authorId: 'ana',
    at: 1_000 * number,
    stance: null,
    body: makeWords(`comment ${number}`, 'salt'),
    anchor: null,
    versions: [],
    editedAt: null,
    status: 'published',
    mentions: [],
    enteredBy: null,
    hidden: null,
    resolved: null,
    supporters: [],
    ...change,
  };
}

/** An anchor for tests. */
export function anAnchor(quote: string): CommentAnchor {
  const words = (text: string) => makeWords(text, 'salt');
  return { draftId: 'd1', runs: [[1, 0, quote.length]], quote: words(quote), before: words(''), after: words('') };
}

/** What is used of the browser's storage, in memory; `full` makes every write fail. */
export function aShelf(full = false) {
  const held = new Map<string, string>();
  return {
    held,
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (full) throw new Error('QuotaExceededError');
      held.set(key, value);
    },
    removeItem: (key: string) => void held.delete(key),
  };
}
