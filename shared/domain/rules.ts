import type { Actor, Context } from './decision.ts';
import type { Capability } from './participants/roles.ts';
import { capabilitiesOf } from './participants/roles.ts';
import type { Rejection } from './rejections.ts';
import type { RoomCommand } from './facts.ts';
import type { Participant, RoomState } from './state.ts';
import { authorsOf, commentOf, suggestionOf } from './state.ts';
import { authorsOfThing } from './erasing/things.ts';
import type { ErasedText } from './erasing/events.ts';
import type { GivenSource } from './suggestions/events.ts';

/** What a muted person keeps: he reads, and may take back his own. */
const keptWhenMuted: ReadonlySet<Capability> = new Set(['room:read', 'comment:withdraw']);
/** What a pause stops: everything that adds words to the room. Steering goes on. */
const stoppedByPause: ReadonlySet<Capability> = new Set([
  'draft:write',
  'comment:write',
  'comment:support',
  'comment:resolve',
  'speech:record',
  'suggestion:gather',
  'suggestion:confirm',
  'suggestion:support',
]);
/** What observers may do only where the room lets participants comment. */
const withCommenting: ReadonlySet<Capability> = new Set(['comment:write', 'comment:support', 'suggestion:support']);
/** What a closed room still allows: reading, its reopening, and taking out what should never have stood in it. */
const keptWhenClosed: ReadonlySet<Capability> = new Set(['room:read', 'room:close', 'text:erase']);

/**
 * Why this actor may not use this capability in this room now, or null if he may. Asked by the server on every command and
 * every frame, and by the client to explain before anybody tries; only the server's answer counts.
 */
export function whyNot(state: RoomState, actor: Actor, capability: Capability, draftId?: string): Rejection | null {
  if (state.status === 'absent') return { code: 'notFound' };
  if (actor.kind === 'system') return null;
  const { visibility } = state.settings;
  // Who may not read the room is not told that it was deleted.
  const gone = state.deletedUntil === null ? null : ({ code: 'roomDeleted' } as const);
  if (actor.kind === 'anonymous') return capability === 'room:read' && visibility !== 'private' ? gone : { code: 'signInNeeded' };
  const person = state.participants.get(actor.id);
  if (person === undefined) return capability === 'room:read' && visibility !== 'private' ? gone : { code: 'notAllowed' };
  if (person.standing === 'removed') return capability === 'room:read' && visibility === 'public' ? gone : { code: 'removed' };
  if (person.suspended === true) return capability === 'room:read' && visibility === 'public' ? gone : { code: 'accountSuspended' };
  if (gone !== null && !mayUndoDeletion(person)) return gone;
  if (!capabilitiesOf[person.role].includes(capability)) return { code: 'notAllowed' };
  if (gone !== null && !keptWhenClosed.has(capability)) return gone;
  if (person.role === 'observer' && state.settings.whoComments === 'members' && withCommenting.has(capability))
    return { code: 'notAllowed' };
  if ((state.status === 'closed' || state.archived) && !keptWhenClosed.has(capability)) return { code: 'roomClosed' };
  if (person.standing === 'muted' && !keptWhenMuted.has(capability)) return { code: 'muted' };
  if (state.paused !== null && stoppedByPause.has(capability)) return { code: 'roomPaused' };
  if (state.commenting === 'closed' && (capability === 'comment:write' || capability === 'comment:support')) {
    return { code: 'commentingClosed' };
  }
  if (capability === 'draft:write' && draftId !== undefined) {
    const draft = state.drafts.get(draftId);
    if (draft === undefined) return { code: 'unknownDraft' };
    if (draft.locked) return { code: 'draftLocked' };
  }
  return null;
}

/** Who may bring a deleted room back still sees it. */
function mayUndoDeletion(person: Participant): boolean {
  return person.standing !== 'muted' && capabilitiesOf[person.role].includes('room:close');
}

/** Whether the actor may; see `whyNot`. */
export function can(state: RoomState, actor: Actor, capability: Capability, draftId?: string): boolean {
  return whyNot(state, actor, capability, draftId) === null;
}

type Rule<C> = (state: RoomState, command: C, context: Pick<Context, 'actor'>) => Rejection | null;
type RuleBook = { readonly [T in RoomCommand['type']]: Rule<Extract<RoomCommand, { type: T }>> };

function needs(capability: Capability): Rule<unknown> {
  return (state, _command, { actor }) => whyNot(state, actor, capability);
}

function ownComment(capability: Capability): Rule<{ readonly comment: number }> {
  return (state, command, { actor }) => {
    const rejection = whyNot(state, actor, capability);
    if (rejection !== null) return rejection;
    const comment = commentOf(state, command.comment);
    if (comment === undefined) return { code: 'unknownComment' };
    const own = actor.kind === 'participant' && (comment.authorId === actor.id || comment.enteredBy === actor.id);
    return own ? null : { code: 'notYours' };
  };
}

const systemOnly: Rule<unknown> = (state, _command, { actor }) => {
  if (actor.kind !== 'system') return { code: 'notAllowed' };
  return state.status === 'absent' ? { code: 'notFound' } : null;
};

/** Whoever gathers for the room gathers from everybody; a member makes a suggestion of what he himself said or marked in a draft. */
function gathers(state: RoomState, sources: readonly GivenSource[], actor: Actor): Rejection | null {
  const rejection = whyNot(state, actor, 'suggestion:gather');
  if (rejection !== null || whyNot(state, actor, 'speech:record') === null || actor.kind !== 'participant') return rejection;
  const foreign = sources.some((source) => source.kind === 'comment' && commentOf(state, source.comment)?.authorId !== actor.id);
  return foreign || sources.length === 0 ? { code: 'notYours' } : null;
}

/** Rewording, merging, splitting and dropping: whoever gathers for the room, and for his own suggestion its maker. */
const keepsSuggestion: Rule<{ readonly suggestion: number }> = (state, command, { actor }) => {
  const rejection = whyNot(state, actor, 'suggestion:gather');
  if (rejection !== null || whyNot(state, actor, 'speech:record') === null) return rejection;
  const suggestion = suggestionOf(state, command.suggestion);
  if (suggestion === undefined) return { code: 'unknownSuggestion' };
  return actor.kind === 'participant' && suggestion.by === actor.id ? null : { code: 'notYours' };
};

/** Only those whose words a suggestion was made of say whether it is what they meant. */
const confirmsOwnWords: Rule<{ readonly suggestion: number }> = (state, command, { actor }) => {
  const rejection = whyNot(state, actor, 'suggestion:confirm');
  if (rejection !== null) return rejection;
  const suggestion = suggestionOf(state, command.suggestion);
  if (suggestion === undefined) return { code: 'unknownSuggestion' };
  return actor.kind === 'participant' && authorsOf(state, suggestion).includes(actor.id) ? null : { code: 'notYours' };
};

const ownThing: Readonly<Record<ErasedText['kind'], { readonly needs: Capability; readonly unknown: Rejection }>> = {
  comment: { needs: 'comment:withdraw', unknown: { code: 'unknownComment' } },
  suggestion: { needs: 'suggestion:gather', unknown: { code: 'unknownSuggestion' } },
  file: { needs: 'file:manage', unknown: { code: 'unknownFile' } },
};

/** Whoever may erase for the room erases anything in it; everybody else what he wrote himself, as long as he may take it back. */
const erases: Rule<{ readonly of: ErasedText }> = (state, { of }, { actor }) => {
  const rejection = whyNot(state, actor, 'text:erase');
  if (rejection === null) return null;
  const { needs: capability, unknown } = ownThing[of.kind];
  const own = whyNot(state, actor, capability);
  if (own !== null) return own;
  const authors = authorsOfThing(state, of);
  if (authors === null) return unknown;
  return actor.kind === 'participant' && authors.includes(actor.id) ? null : { code: 'notYours' };
};

/** One line per command. A command without a line does not compile. */
export const rules = {
  createRoom: (state, command, { actor }) => {
    if (state.status !== 'absent') return { code: 'roomExists' };
    return actor.kind === 'participant' && actor.id === command.creatorId ? null : { code: 'notAllowed' };
  },
  describeRoom: needs('room:configure'),
  changeSettings: needs('room:configure'),
  openCommenting: needs('commenting:steer'),
  closeCommenting: needs('commenting:steer'),
  closeRoom: needs('room:close'),
  reopenRoom: needs('room:close'),
  admitParticipant: systemOnly,
  changeRole: needs('participant:steer'),
  muteParticipant: needs('participant:steer'),
  unmuteParticipant: needs('participant:steer'),
  removeParticipant: needs('participant:steer'),
  readmitParticipant: needs('participant:steer'),
  suspendParticipant: systemOnly,
  resumeParticipant: systemOnly,
  pauseRoom: needs('room:pause'),
  resumeRoom: needs('room:pause'),
  scheduleRoom: needs('room:configure'),
  archiveRoom: needs('room:close'),
  unarchiveRoom: needs('room:close'),
  deleteRoom: needs('room:close'),
  undoDeletion: needs('room:close'),
  addFile: needs('file:manage'),
  removeFile: needs('file:manage'),
  createDraft: needs('draft:manage'),
  renameDraft: needs('draft:manage'),
  numberClauses: needs('draft:lock'),
  lockDraft: needs('draft:lock'),
  unlockDraft: needs('draft:lock'),
  nameVersion: needs('version:name'),
  sealRevision: systemOnly,
  postComment: needs('comment:write'),
  recordSpeech: needs('speech:record'),
  publishComment: needs('comment:moderate'),
  editComment: ownComment('comment:write'),
  withdrawComment: ownComment('comment:withdraw'),
  supportComment: needs('comment:support'),
  endSupport: needs('comment:support'),
  resolveComment: needs('comment:resolve'),
  reopenComment: needs('comment:resolve'),
  hideComment: needs('comment:moderate'),
  restoreComment: needs('comment:moderate'),
  makeSuggestion: (state, _command, { actor }) => whyNot(state, actor, 'suggestion:gather') ?? whyNot(state, actor, 'comment:write'),
  gatherSuggestion: (state, command, { actor }) => gathers(state, command.sources, actor),
  rewordSuggestion: keepsSuggestion,
  addSource: (state, command, context) => keepsSuggestion(state, command, context) ?? gathers(state, [command.source], context.actor),
  confirmSuggestion: confirmsOwnWords,
  disputeSuggestion: confirmsOwnWords,
  mergeSuggestion: needs('speech:record'),
  undoMerge: needs('speech:record'),
  splitSuggestion: keepsSuggestion,
  dropSuggestion: keepsSuggestion,
  relistSuggestion: keepsSuggestion,
  supportSuggestion: needs('suggestion:support'),
  endSuggestionSupport: needs('suggestion:support'),
  eraseText: erases,
  erasePassage: needs('text:erase'),
  eraseParticipant: systemOnly,
} satisfies RuleBook;
