import { anonymousActor } from '#shared/domain/decision.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { Capability } from '#shared/domain/participants/roles.ts';
import { can } from '#shared/domain/rules.ts';
import type { RoomState } from '#shared/domain/state.ts';

/** What sensibly comes next in a room, for the one button that stands out. `lock` names the drafts still open. */
export type NextStep =
  | { readonly kind: 'invite' | 'start' | 'resume' | 'closeCommenting' | 'close' | 'outcome' }
  | { readonly kind: 'lock'; readonly draftIds: readonly string[] };

const needed: Readonly<Record<NextStep['kind'], Capability>> = {
  invite: 'room:invite',
  start: 'room:configure',
  resume: 'room:pause',
  closeCommenting: 'commenting:steer',
  lock: 'draft:lock',
  close: 'room:close',
  outcome: 'room:read',
};

/**
 * The step this person can take next in the course of a room, or null where it is not his to take: people are invited, the room
 * begins, is discussed, takes no more comments, has its text locked, is closed, and is read. `me` is a participant's id, or null
 * for who only watches; `now` is the server's time in ms.
 */
export function nextStep(state: RoomState, me: string | null, now: number): NextStep | null {
  const step = stepOf(state, now);
  const actor: Actor = me === null ? anonymousActor : { kind: 'participant', id: me };
  return step !== null && can(state, actor, needed[step.kind]) ? step : null;
}

function stepOf(state: RoomState, now: number): NextStep | null {
  if (state.status === 'absent' || state.deletedUntil !== null) return null;
  if (state.status === 'closed') return { kind: 'outcome' };
  // Put away without being closed: nothing remains of it yet.
  if (state.archived) return null;
  if (state.paused !== null) return { kind: 'resume' };
  const present = [...state.participants.values()].filter(({ standing }) => standing !== 'removed');
  if (present.length < 2) return { kind: 'invite' };
  if (state.startsAt !== null && state.startsAt > now) return { kind: 'start' };
  const draftIds = [...state.drafts.values()].filter(({ locked }) => !locked).map(({ id }) => id);
  // Where nobody has commented, the text is what people talk through: it is locked first.
  const talked = state.comments.length > 0 || draftIds.length === 0;
  if (state.commenting === 'open' && talked) return { kind: 'closeCommenting' };
  return draftIds.length > 0 ? { kind: 'lock', draftIds } : { kind: 'close' };
}
