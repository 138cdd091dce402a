import { unreachable } from '../lib/unreachable.ts';
import { decideComment } from './comments/decide.ts';
import { evolveComment } from './comments/evolve.ts';
import type { Context, Decision } from './decision.ts';
import { refused } from './decision.ts';
import { decideDraft, evolveDraft } from './drafts/drafts.ts';
import type { EventMeta, RoomCommand, RoomEvent } from './facts.ts';
import { decideErasing } from './erasing/decide.ts';
import { evolveErasing } from './erasing/evolve.ts';
import { decideParticipant, evolveParticipant } from './participants/participants.ts';
import { decideRoomLife, evolveRoomLife } from './room/life.ts';
import { whyTooFull } from './roomSize.ts';
import { rules } from './rules.ts';
import type { RoomState } from './state.ts';
import { decideSuggestion } from './suggestions/decide.ts';
import { evolveSuggestion } from './suggestions/evolve.ts';
import { isSteering } from './visibility.ts';

/**
 * Decides one command on a state: the events that follow, or why not. Pure: the time, new ids and salts come in with the
 * context. The rule of the command is asked first, so that whoever may not act learns nothing else.
 */
export function decide(state: RoomState, command: RoomCommand, context: Context): Decision {
  const rule = rules[command.type] as (state: RoomState, command: RoomCommand, context: Context) => ReturnType<(typeof rules)['lockDraft']>;
  const rejection = rule(state, command, context);
  if (rejection !== null) return refused(rejection);
  const full = context.size === undefined ? null : whyTooFull(context.size, command, context.limits);
  if (full !== null) return refused(full);
  switch (command.type) {
    case 'createRoom':
    case 'pauseRoom':
    case 'resumeRoom':
    case 'scheduleRoom':
    case 'archiveRoom':
    case 'unarchiveRoom':
    case 'deleteRoom':
    case 'undoDeletion':
    case 'addFile':
    case 'removeFile':
    case 'describeRoom':
    case 'changeSettings':
    case 'openCommenting':
    case 'closeCommenting':
    case 'closeRoom':
    case 'reopenRoom':
      return decideRoomLife(state, command, context);
    case 'admitParticipant':
    case 'changeRole':
    case 'muteParticipant':
    case 'unmuteParticipant':
    case 'removeParticipant':
    case 'readmitParticipant':
    case 'suspendParticipant':
    case 'resumeParticipant':
      return decideParticipant(state, command, context);
    case 'createDraft':
    case 'renameDraft':
    case 'numberClauses':
    case 'lockDraft':
    case 'unlockDraft':
    case 'nameVersion':
    case 'sealRevision':
      return decideDraft(state, command, context);
    case 'postComment':
    case 'recordSpeech':
    case 'publishComment':
    case 'editComment':
    case 'withdrawComment':
    case 'supportComment':
    case 'endSupport':
    case 'resolveComment':
    case 'reopenComment':
    case 'hideComment':
    case 'restoreComment':
      return decideComment(state, command, context);
    case 'makeSuggestion':
    case 'gatherSuggestion':
    case 'rewordSuggestion':
    case 'addSource':
    case 'confirmSuggestion':
    case 'disputeSuggestion':
    case 'mergeSuggestion':
    case 'undoMerge':
    case 'splitSuggestion':
    case 'dropSuggestion':
    case 'relistSuggestion':
    case 'supportSuggestion':
    case 'endSuggestionSupport':
      return decideSuggestion(state, command, context);
    case 'eraseText':
    case 'erasePassage':
    case 'eraseParticipant':
      return decideErasing(state, command, context);
    default:
      return unreachable(command, refused({ code: 'malformed', field: 'type' }));
  }
}

/** Folds one event into the state. Total: it never refuses and never throws; what it does not know changes nothing. */
export function evolve(state: RoomState, event: RoomEvent, meta: EventMeta): RoomState {
  const next = evolveConcept(state, event, meta);
  // Named one by one: what is handed in as `meta` is often a whole commit.
  const { seq, at, actorId } = meta;
  const steered = isSteering(event) ? next.steering.push({ seq, at, actorId, event }) : next.steering;
  return { ...next, steering: steered, lastAt: meta.at };
}

function evolveConcept(state: RoomState, event: RoomEvent, meta: EventMeta): RoomState {
  switch (event.type) {
    case 'room.created':
    case 'room.paused':
    case 'room.resumed':
    case 'room.scheduled':
    case 'room.archived':
    case 'room.unarchived':
    case 'room.deleted':
    case 'room.deletionUndone':
    case 'file.added':
    case 'file.removed':
    case 'room.described':
    case 'room.settingsChanged':
    case 'room.commentingOpened':
    case 'room.commentingClosed':
    case 'room.closed':
    case 'room.reopened':
      return evolveRoomLife(state, event, meta);
    case 'participant.joined':
    case 'participant.roleChanged':
    case 'participant.muted':
    case 'participant.unmuted':
    case 'participant.removed':
    case 'participant.readmitted':
    case 'participant.suspended':
    case 'participant.resumed':
      return evolveParticipant(state, event, meta);
    case 'draft.created':
    case 'draft.renamed':
    case 'draft.clausesNumbered':
    case 'draft.locked':
    case 'draft.unlocked':
    case 'draft.versionNamed':
    case 'draft.revisionSealed':
      return evolveDraft(state, event, meta);
    case 'comment.posted':
    case 'comment.published':
    case 'comment.edited':
    case 'comment.withdrawn':
    case 'comment.supported':
    case 'comment.supportEnded':
    case 'comment.resolved':
    case 'comment.reopened':
    case 'comment.hidden':
    case 'comment.restored':
      return evolveComment(state, event, meta);
    case 'suggestion.gathered':
    case 'suggestion.reworded':
    case 'suggestion.sourced':
    case 'suggestion.confirmed':
    case 'suggestion.disputed':
    case 'suggestion.merged':
    case 'suggestion.mergeUndone':
    case 'suggestion.dropped':
    case 'suggestion.relisted':
    case 'suggestion.supported':
    case 'suggestion.supportEnded':
      return evolveSuggestion(state, event, meta);
    case 'text.erased':
    case 'participant.erased':
      return evolveErasing(state, event, meta);
    default:
      return unreachable(event, state);
  }
}
