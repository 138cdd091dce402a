import type { Context, Decision } from '../decision.ts';
import { accepted, reasonProblem, refused, sealReason } from '../decision.ts';
import type { RoomState } from '../state.ts';
import type { ErasedAs, ErasingCommand } from './events.ts';
import { quotesOf } from './quotes.ts';
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
  if (command.type === 'erasePassage') {
    const { draftId, runs, since, until } = command;
    if (!state.drafts.has(draftId)) return refused({ code: 'unknownDraft' });
    if (sealed === null) return refused({ code: 'malformed', field: 'reason' });
    if (runs.length > context.limits.erasedRuns) return refused({ code: 'tooMany', most: context.limits.erasedRuns });
    const as = context.actor.kind === 'system' ? 'administrator' : 'moderator';
    const of = { kind: 'passage', draftId, runs, since, until, quotes: quotesOf(state, command) } as const;
    return accepted({ type: 'text.erased', v: 1, of, as, reason: sealed });
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
