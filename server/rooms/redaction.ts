import type { Commit, LeanCommit, WireCommit, WireEvent } from '#shared/domain/commit.ts';
import { eventDigest, upcast } from '#shared/domain/commit.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { commentOf } from '#shared/domain/state.ts';
import { leanEvent } from '#shared/domain/lean.ts';
import { withoutErased } from '#shared/domain/erasing/erasedWords.ts';
import type { Audience } from '#shared/domain/visibility.ts';
import { mayReadComment, redactEvent } from '#shared/domain/visibility.ts';
import type { Words } from '#shared/domain/words.ts';
import type { Publication } from './publication.ts';

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

/** Commits as a class of viewers may see them who verify nothing as it comes, given the room as it is today. */
export function leanCommits(publications: readonly Publication[], state: RoomState, audience: Audience): readonly LeanCommit[] {
  return publications.map(({ commit, events }, index): LeanCommit => {
    const { seq, at, actorId, commandId, hash } = commit;
    const seen = events.map((event) => redactEvent(withoutErased(event, actorId, state), state, audience));
    const left = { seq, at, actorId, commandId, events: seen.map((event) => (event === null ? null : leanEvent(event))) };
    return index === publications.length - 1 ? { ...left, hash } : left;
  });
}

/** The words of a person's own comments that his class may not read at the moment. No other comment is looked at. */
export function ownHidden(state: RoomState, participantId: string | null, audience: Audience): readonly { comment: number; body: Words }[] {
  const numbers = participantId === null ? [] : (state.withheld.get(participantId) ?? []);
  return numbers.flatMap((number) => {
    const comment = commentOf(state, number);
    return comment === undefined || mayReadComment(comment, audience) ? [] : [{ comment: number, body: comment.body }];
  });
}
