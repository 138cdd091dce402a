import type { Context, Decision } from '../decision.ts';
import { accepted, reasonProblem, refused, sealReason } from '../decision.ts';
import type { RoomState } from '../state.ts';
import type { ErasedAs, ErasingCommand } from './events.ts';
import { lookUp } from './things.ts';

/** Decides what is erased. Whether the person may at all has been asked before, by the rule of the command. */
export function decideErasing(state: RoomState, command: ErasingCommand, context: Context): Decision {
  const { reason } = command;
  const problem = reason === undefined ? null : reasonProblem(reason, context.limits);
  if (problem !== null) return refused(problem);
  const sealed = reason === undefined ? null : sealReason(reason, context);
  if (command.type === 'eraseParticipant') {
    const { participantId, as, texts } = command;
    const person = state.participants.get(participantId);
    if (person === undefined) return refused({ code: 'unknownParticipant' });
    if (person.erased !== undefined && (person.erased.texts || !texts)) return refused({ code: 'alreadySo' });
    return accepted({ type: 'participant.erased', v: 1, participantId, as, texts, reason: sealed });
  }
  const found = lookUp(state, command.of);
  if ('code' in found) return refused(found);
  if (found.erased) return refused({ code: 'alreadySo' });
  const { actor } = context;
  const own = actor.kind === 'participant' && found.authors.includes(actor.id);
  const as: ErasedAs = own ? 'author' : actor.kind === 'system' ? 'administrator' : 'moderator';
  // Who erases what others wrote says why.
  if (!own && sealed === null) return refused({ code: 'malformed', field: 'reason' });
  return accepted({ type: 'text.erased', v: 1, of: command.of, as, reason: sealed });
}
