import { unreachable } from '../../lib/unreachable.ts';
import type { Context, Decision } from '../decision.ts';
import { accepted, reasonProblem, refused, sealReason } from '../decision.ts';
import type { EventMeta } from '../facts.ts';
import type { Participant, RoomState } from '../state.ts';
import type { ParticipantCommand, ParticipantEvent } from './events.ts';

/** Whether the room would be without an active moderator if this person stopped being one. */
function isLastModerator(state: RoomState, person: Participant): boolean {
  if (person.role !== 'moderator' || person.standing === 'removed') return false;
  for (const other of state.participants.values()) {
    if (other.id !== person.id && other.role === 'moderator' && other.standing === 'active' && other.suspended !== true) return false;
  }
  return true;
}

/** Decides who is in the room, as what, and who may not speak in it. A room always keeps one active moderator. */
export function decideParticipant(state: RoomState, command: ParticipantCommand, context: Context): Decision {
  const person = state.participants.get(command.participantId);
  if (command.type === 'admitParticipant') {
    if (person !== undefined) return refused({ code: 'alreadySo' });
    if (state.deletedUntil !== null) return refused({ code: 'roomDeleted' });
    if (state.status === 'closed' || state.archived) return refused({ code: 'roomClosed' });
    if (state.participants.size >= context.limits.participantsPerRoom) {
      return refused({ code: 'tooMany', most: context.limits.participantsPerRoom });
    }
    return accepted({ type: 'participant.joined', v: 1, participantId: command.participantId, role: command.role, via: command.via });
  }
  if (person === undefined) return refused({ code: 'unknownParticipant' });
  const participantId = person.id;
  switch (command.type) {
    case 'changeRole':
      if (person.role === command.role) return refused({ code: 'alreadySo' });
      if (isLastModerator(state, person)) return refused({ code: 'lastModerator' });
      return accepted({ type: 'participant.roleChanged', v: 1, participantId, role: command.role, was: person.role });
    case 'muteParticipant': {
      const problem = reasonProblem(command.reason, context.limits);
      if (problem !== null) return refused(problem);
      if (person.standing !== 'active') return refused({ code: 'alreadySo' });
      if (isLastModerator(state, person)) return refused({ code: 'lastModerator' });
      return accepted({ type: 'participant.muted', v: 1, participantId, reason: sealReason(command.reason, context) });
    }
    case 'unmuteParticipant':
      return person.standing === 'muted' ? accepted({ type: 'participant.unmuted', v: 1, participantId }) : refused({ code: 'alreadySo' });
    case 'removeParticipant': {
      const problem = reasonProblem(command.reason, context.limits);
      if (problem !== null) return refused(problem);
      if (person.standing === 'removed') return refused({ code: 'alreadySo' });
      if (isLastModerator(state, person)) return refused({ code: 'lastModerator' });
      return accepted({ type: 'participant.removed', v: 1, participantId, reason: sealReason(command.reason, context) });
    }
    case 'readmitParticipant':
      return person.standing === 'removed'
        ? accepted({ type: 'participant.readmitted', v: 1, participantId })
        : refused({ code: 'alreadySo' });
    case 'suspendParticipant':
      return person.suspended === true ? refused({ code: 'alreadySo' }) : accepted({ type: 'participant.suspended', v: 1, participantId });
    case 'resumeParticipant':
      return person.suspended === true ? accepted({ type: 'participant.resumed', v: 1, participantId }) : refused({ code: 'alreadySo' });
    default:
      return unreachable(command, refused({ code: 'malformed', field: 'type' }));
  }
}

function withPerson(state: RoomState, id: string, change: Partial<Participant>): RoomState {
  const person = state.participants.get(id);
  if (person === undefined) return state;
  return { ...state, participants: new Map(state.participants).set(id, { ...person, ...change }) };
}

/** Whoever is not suspended has no word of it in his entry, as before there were suspensions: folds of old and new logs are alike. */
function withoutSuspension(state: RoomState, id: string): RoomState {
  const person = state.participants.get(id);
  if (person === undefined) return state;
  const { suspended: _over, ...others } = person;
  return { ...state, participants: new Map(state.participants).set(id, others) };
}

export function evolveParticipant(state: RoomState, event: ParticipantEvent, meta: EventMeta): RoomState {
  switch (event.type) {
    case 'participant.joined':
      return {
        ...state,
        participants: new Map(state.participants).set(event.participantId, {
          id: event.participantId,
          role: event.role,
          standing: 'active',
          joinedAt: meta.at,
        }),
      };
    case 'participant.roleChanged':
      return withPerson(state, event.participantId, { role: event.role });
    case 'participant.muted':
      return withPerson(state, event.participantId, { standing: 'muted' });
    case 'participant.removed':
      return withPerson(state, event.participantId, { standing: 'removed' });
    case 'participant.unmuted':
    case 'participant.readmitted':
      return withPerson(state, event.participantId, { standing: 'active' });
    case 'participant.suspended':
      return withPerson(state, event.participantId, { suspended: true });
    case 'participant.resumed':
      return withoutSuspension(state, event.participantId);
    default:
      return unreachable(event, state);
  }
}
