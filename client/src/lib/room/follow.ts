import { firstBreak } from '#shared/domain/commit.ts';
import type { LeanCommit, WireCommit } from '#shared/domain/commit.ts';
import { evolve } from '#shared/domain/room.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import { commentOf } from '#shared/domain/state.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { mayReadComment, withholdComment } from '#shared/domain/visibility.ts';
import type { Audience } from '#shared/domain/visibility.ts';
import type { Words } from '#shared/domain/words.ts';
import type { Head } from '#shared/protocol/messages.ts';

/** The room as this viewer holds it, and the commit it reaches to. */
export interface Held {
  readonly state: RoomState;
  readonly head: Head;
}

export interface Viewer {
  readonly participantId: string | null;
  readonly audience: Audience;
}

/** A commit as it comes to a page: with the chain, so that it can be verified, or lean. */
export type ToldCommit = WireCommit | LeanCommit;

/** An event that was folded just now, with what its commit says about it. */
export interface Happened {
  readonly seq: number;
  readonly at: number;
  readonly actorId: string;
  readonly commandId: string;
  readonly event: RoomEvent;
}

export interface Followed {
  readonly held: Held;
  readonly happened: readonly Happened[];
  /** Own comments that became hidden: their words, which leave the state but not their author. */
  readonly ownHidden: readonly { readonly comment: number; readonly body: Words }[];
  /**
   * What is left to do. `none`; `gap`: commits are missing behind `held.head`; `reload`: the chain does not hold, or words
   * that may be read again were never received, so that only a snapshot helps.
   */
  readonly next: 'none' | 'gap' | 'reload';
  /** True where the chain itself did not hold. */
  readonly broken: boolean;
}

/**
 * Folds commits into what is held, in order, each that comes with the chain checked against the one before. Commits held already are passed over; at
 * the first missing one folding stops. Words that the viewer may no longer read are dropped from the state at once.
 */
export function follow(start: Held, commits: readonly ToldCommit[], viewer: Viewer): Followed {
  let held = start;
  const happened: Happened[] = [];
  const ownHidden: { comment: number; body: Words }[] = [];
  let wordsMissing = false;
  for (const commit of commits.toSorted((one, other) => one.seq - other.seq)) {
    if (commit.seq <= held.head.seq) continue;
    const done = { held, happened, ownHidden };
    if (commit.seq > held.head.seq + 1) return { ...done, next: wordsMissing ? 'reload' : 'gap', broken: false };
    if ('prevHash' in commit && firstBreak([commit], held.head) !== null) return { ...done, next: 'reload', broken: true };
    let { state } = held;
    const { seq, at, actorId, commandId } = commit;
    for (const event of 'prevHash' in commit ? commit.events.map((one) => one.event) : commit.events) {
      if (event === undefined || event === null) continue;
      state = evolve(state, event, { seq, at, actorId });
      happened.push({ seq, at, actorId, commandId, event });
      const withheld = withholdWords(state, event, viewer);
      state = withheld.state;
      if (withheld.own !== null) ownHidden.push(withheld.own);
      const isShown = event.type === 'comment.restored' || event.type === 'comment.published';
      const shown = isShown ? commentOf(state, event.comment) : undefined;
      if (isShown && shown?.erased === undefined && shown?.body.text === undefined) wordsMissing = true;
    }
    held = { state, head: { seq, hash: commit.hash ?? '' } };
  }
  return { held, happened, ownHidden, next: wordsMissing ? 'reload' : 'none', broken: false };
}

function withholdWords(
  state: RoomState,
  event: RoomEvent,
  viewer: Viewer,
): { readonly state: RoomState; readonly own: { readonly comment: number; readonly body: Words } | null } {
  if (event.type !== 'comment.hidden' && event.type !== 'comment.withdrawn' && event.type !== 'comment.edited') return { state, own: null };
  const comment = commentOf(state, event.comment);
  if (comment === undefined || mayReadComment(comment, viewer.audience)) return { state, own: null };
  // What is held after an edit comes apart from the server, in its new wording.
  const own = event.type === 'comment.hidden' && comment.authorId === viewer.participantId && comment.body.text !== undefined;
  return {
    state: withholdComment(state, event.comment, viewer.audience),
    own: own ? { comment: event.comment, body: comment.body } : null,
  };
}
