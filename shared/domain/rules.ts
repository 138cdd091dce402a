import type { Actor, Context } from './decision.ts';
import type { Capability } from './participants/roles.ts';
import { capabilitiesOf } from './participants/roles.ts';
import type { Rejection } from './rejections.ts';
import type { RoomCommand } from './facts.ts';
import type { RoomState } from './state.ts';
import { commentOf } from './state.ts';

/** What a muted person keeps: he reads, and may take back his own. */
const keptWhenMuted: ReadonlySet<Capability> = new Set(['room:read', 'comment:withdraw']);
/** What a closed room still allows: reading, and its reopening. */
const keptWhenClosed: ReadonlySet<Capability> = new Set(['room:read', 'room:close']);

/**
 * Why this actor may not use this capability in this room now, or null if he may. Asked by the server on every command and
 * every frame, and by the client to explain before anybody tries; only the server's answer counts.
 */
export function whyNot(state: RoomState, actor: Actor, capability: Capability, draftId?: string): Rejection | null {
  if (state.status === 'absent') return { code: 'notFound' };
  if (actor.kind === 'system') return null;
  if (actor.kind === 'anonymous') {
    return capability === 'room:read' && state.settings.visibility !== 'private' ? null : { code: 'signInNeeded' };
  }
  const person = state.participants.get(actor.id);
  if (person === undefined) return capability === 'room:read' && state.settings.visibility !== 'private' ? null : { code: 'notAllowed' };
  if (person.standing === 'removed') {
    return capability === 'room:read' && state.settings.visibility === 'public' ? null : { code: 'removed' };
  }
  if (!capabilitiesOf[person.role].includes(capability)) return { code: 'notAllowed' };
  if (capability === 'comment:write' && person.role === 'observer' && state.settings.whoComments === 'members')
    return { code: 'notAllowed' };
  if (capability === 'comment:support' && person.role === 'observer' && state.settings.whoComments === 'members') {
    return { code: 'notAllowed' };
  }
  if (state.status === 'closed' && !keptWhenClosed.has(capability)) return { code: 'roomClosed' };
  if (person.standing === 'muted' && !keptWhenMuted.has(capability)) return { code: 'muted' };
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
    return actor.kind === 'participant' && comment.authorId === actor.id ? null : { code: 'notYours' };
  };
}

const systemOnly: Rule<unknown> = (state, _command, { actor }) => {
  if (actor.kind !== 'system') return { code: 'notAllowed' };
  return state.status === 'absent' ? { code: 'notFound' } : null;
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
  lockDraft: needs('draft:lock'),
  unlockDraft: needs('draft:lock'),
  sealRevision: systemOnly,
  postComment: needs('comment:write'),
  editComment: ownComment('comment:write'),
  withdrawComment: ownComment('comment:withdraw'),
  supportComment: needs('comment:support'),
  endSupport: needs('comment:support'),
  resolveComment: needs('comment:resolve'),
  reopenComment: needs('comment:resolve'),
  hideComment: needs('comment:moderate'),
  restoreComment: needs('comment:moderate'),
} satisfies RuleBook;
