import type { RoomEvent } from './facts.ts';
import type { Comment } from './state.ts';
import type { Words } from './words.ts';
import { mapWords } from './words.ts';

/*
 * The lean form: what folding a room needs, without what only a verifier does. Salts are left out, and the digests of words that nothing
 * ever looks for; the digests of quotes stay, since an erased passage names quotes by them.
 */

function unsalted({ digest, text }: Words): Words {
  return text === undefined ? { digest } : { digest, text };
}

function bare({ text }: Words): Words {
  return text === undefined ? { digest: '' } : { digest: '', text };
}

/** A comment in the lean form. */
export function leanComment(comment: Comment): Comment {
  const { body, versions, anchor } = comment;
  return { ...comment, body: bare(body), versions: mapWords(versions, bare), anchor: mapWords(anchor, unsalted) };
}

/** An event in the lean form. */
export function leanEvent(event: RoomEvent): RoomEvent {
  const left = mapWords(event, unsalted);
  return left.type === 'comment.posted' || left.type === 'comment.edited' ? { ...left, body: bare(left.body) } : left;
}

/** Any other data with words in it, in the lean form. */
export function lean<T>(data: T): T {
  return mapWords(data, unsalted);
}
