import { anonymousActor } from '#shared/domain/decision.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { Capability } from '#shared/domain/participants/roles.ts';
import { can } from '#shared/domain/rules.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { unconfirmedOf } from '../suggestions/board.ts';
import { countUngathered } from '../suggestions/gatheredComments.ts';

/** What sensibly comes next in a room, for the one button that stands out. `count` is how much of it there is to do. */
export type NextStep =
  { readonly kind: 'invite' | 'start' | 'resume' | 'close' | 'outcome' } | { readonly kind: 'gather' | 'confirm'; readonly count: number };

const needed: Readonly<Record<NextStep['kind'], Capability>> = {
  invite: 'room:invite',
  start: 'room:configure',
  resume: 'room:pause',
  gather: 'suggestion:gather',
  confirm: 'speech:record',
  close: 'room:close',
  outcome: 'room:read',
};

/**
 * The step this person can take next in the course of a room, or null where it is not theirs to take: people are invited, the room
 * begins, what was said is gathered, its authors confirm it, the room is closed, and is read. No step ends the talk without a
 * question: what stops people from writing stands beside the pause, and closing asks first. `me` is a participant's id, or null
 * for somebody who only watches; `now` is the server's time in ms.
 */
export function nextStep(state: RoomState, me: string | null, now: number): NextStep | null {
  const step = stepOf(state, now);
  const actor: Actor = me === null ? anonymousActor : { kind: 'participant', id: me };
  if (step === null || !can(state, actor, needed[step.kind])) return null;
  // A member gathers their own words only: what is left of others' is no step of theirs.
  return step.kind === 'gather' && !can(state, actor, 'speech:record') ? null : step;
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
  const ungathered = countUngathered(state);
  if (ungathered > 0) return { kind: 'gather', count: ungathered };
  const unconfirmed = unconfirmedOf(state).length;
  if (unconfirmed > 0) return { kind: 'confirm', count: unconfirmed };
  // Where nobody has said anything yet and people still can, more of them are asked.
  const silent = state.comments.length === 0 && state.commenting === 'open' && [...state.drafts.values()].some(({ locked }) => !locked);
  return { kind: silent ? 'invite' : 'close' };
}
