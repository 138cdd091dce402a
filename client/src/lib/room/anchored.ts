import type { CommentAnchor } from '#shared/domain/comments/events.ts';
import type { Comment } from '#shared/domain/state.ts';

/** A comment on a passage, as the editor wants it. */
export interface Anchored {
  readonly number: number;
  readonly resolved: boolean;
  readonly anchor: {
    readonly runs: CommentAnchor['runs'];
    readonly quote: string;
    readonly before?: string;
    readonly after?: string;
  };
}

const made = new WeakMap<Comment, Anchored | null>();

function anchoredOf(comment: Comment, draftId: string): Anchored | null {
  return comment.anchor?.draftId === draftId ? entryOf(comment) : null;
}

function entryOf(comment: Comment): Anchored | null {
  const known = made.get(comment);
  if (known !== undefined) return known;
  const { anchor, number, status } = comment;
  const quote = anchor?.quote.text;
  // Words that may not be read are not looked for in the text either.
  if (anchor === null || quote === undefined || status !== 'published') {
    made.set(comment, null);
    return null;
  }
  const { before, after } = anchor;
  const entry: Anchored = {
    number,
    resolved: comment.resolved !== null,
    anchor: {
      runs: anchor.runs,
      quote,
      ...(before.text === undefined ? {} : { before: before.text }),
      ...(after.text === undefined ? {} : { after: after.text }),
    },
  };
  made.set(comment, entry);
  return entry;
}

/**
 * The comments on passages of a draft. Gives `before` back where nothing about them changed, since looking passages up in the
 * text is work.
 */
export function anchoredIn(comments: Iterable<Comment>, draftId: string, before: readonly Anchored[]): readonly Anchored[] {
  const list: Anchored[] = [];
  for (const comment of comments) {
    const entry = anchoredOf(comment, draftId);
    if (entry !== null) list.push(entry);
  }
  return list.length === before.length && list.every((entry, index) => sameEntry(entry, before[index])) ? before : list;
}

function sameEntry(one: Anchored, other: Anchored | undefined): boolean {
  return one === other || (one.number === other?.number && one.resolved === other.resolved && one.anchor.runs === other.anchor.runs);
}
