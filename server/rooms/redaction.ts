import type { Commit, WireCommit, WireEvent } from '#shared/domain/commit.ts';
import { eventDigest, upcast } from '#shared/domain/commit.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { commentOf } from '#shared/domain/state.ts';
import { withoutErased } from '#shared/domain/erasing/erasedWords.ts';
import type { Audience } from '#shared/domain/visibility.ts';
import { mayReadComment, redactEvent } from '#shared/domain/visibility.ts';
import type { Words } from '#shared/domain/words.ts';

/** A commit as a class of viewers may see it, given the room as it is today. The chain can be checked whatever was withheld. */
export function wireCommit(commit: Commit, state: RoomState, audience: Audience): WireCommit {
  const events = commit.events.map((stored): WireEvent => {
    const event = upcast(stored);
    const digest = eventDigest(event, stored.salt);
    const seen = redactEvent(withoutErased(event, commit.actorId, state), state, audience);
    return seen === null ? { digest } : { digest, salt: stored.salt, event: seen };
  });
  return { ...commit, events };
}

/** The words of a person's own comments that his class may not read at the moment. No other comment is looked at. */
export function ownHidden(state: RoomState, participantId: string | null, audience: Audience): readonly { comment: number; body: Words }[] {
  const numbers = participantId === null ? [] : (state.withheld.get(participantId) ?? []);
  return numbers.flatMap((number) => {
    const comment = commentOf(state, number);
    return comment === undefined || mayReadComment(comment, audience) ? [] : [{ comment: number, body: comment.body }];
  });
}
