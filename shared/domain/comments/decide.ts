import { unreachable } from '../../lib/unreachable.ts';
import type { Actor, Context, Decision } from '../decision.ts';
import { accepted, reasonProblem, refused, seal, sealReason } from '../decision.ts';
import type { Rejection } from '../rejections.ts';
import type { RoomState } from '../state.ts';
import { commentOf } from '../state.ts';
import type { CommentAnchor, CommentCommand, GivenAnchor } from './events.ts';

/** Bytes of a text in UTF-8, counted without an encoder: the limit is the same on every side. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function bodyProblem(body: string, { limits }: Context): Rejection | null {
  if (body.trim() === '') return { code: 'emptyText' };
  const got = utf8Length(body);
  return got > limits.commentBytes ? { code: 'textTooLong', most: limits.commentBytes, got } : null;
}

export function anchorProblem(state: RoomState, anchor: GivenAnchor, { limits }: Context): Rejection | null {
  if (!state.drafts.has(anchor.draftId)) return { code: 'unknownDraft' };
  if (anchor.quote.trim() === '') return { code: 'emptyText' };
  for (const text of [anchor.quote, anchor.before, anchor.after]) {
    if (text.length > limits.quoteLength) return { code: 'textTooLong', most: limits.quoteLength, got: text.length };
  }
  if (anchor.runs.length > limits.anchorRuns) return { code: 'tooMany', most: limits.anchorRuns };
  return null;
}

export function sealAnchor(anchor: GivenAnchor, context: Context): CommentAnchor {
  return {
    draftId: anchor.draftId,
    runs: anchor.runs,
    quote: seal(anchor.quote, context),
    before: seal(anchor.before, context),
    after: seal(anchor.after, context),
  };
}

/** Why this person has to wait, or may not write any more, or null. Moderators and recorders are not slowed down. */
function paceProblem(state: RoomState, { actor, now }: Context): Rejection | null {
  if (actor.kind !== 'participant') return null;
  const role = state.participants.get(actor.id)?.role;
  const before = state.commented.get(actor.id);
  if (before === undefined || role === 'moderator' || role === 'recorder') return null;
  const { slowModeMs = 0, commentsPerPerson = 0 } = state.settings;
  if (commentsPerPerson > 0 && before.count >= commentsPerPerson) return { code: 'commentLimit', most: commentsPerPerson };
  const retryAfterMs = before.lastAt + slowModeMs - now;
  return retryAfterMs > 0 ? { code: 'slowMode', retryAfterMs } : null;
}

/** Whether a moderator looks at this person's words before everybody sees them. */
function isReviewed(state: RoomState, actor: Actor): boolean {
  const role = actor.kind === 'participant' ? state.participants.get(actor.id)?.role : undefined;
  return role === 'observer' && state.settings.review === 'observers';
}

/** Decides on a new comment, one's own or a speech that is recorded; refuses what is empty, too long, too fast or rests on something unknown. */
export function decidePosting(state: RoomState, command: Posting, context: Context): Decision {
  const { limits, actor } = context;
  const parent = command.parent ?? null;
  const anchor = command.anchor ?? null;
  const problem = bodyProblem(command.body, context) ?? (anchor === null ? null : anchorProblem(state, anchor, context));
  if (problem !== null) return refused(problem);
  if (parent !== null && commentOf(state, parent) === undefined) return refused({ code: 'unknownComment' });
  if (state.comments.length >= limits.commentsPerRoom) return refused({ code: 'tooMany', most: limits.commentsPerRoom });
  const pace = command.type === 'postComment' ? paceProblem(state, context) : null;
  if (pace !== null) return refused(pace);
  const mentions = command.type === 'postComment' ? [...new Set(command.mentions ?? [])] : [];
  if (mentions.length > limits.mentionsPerComment) return refused({ code: 'tooMany', most: limits.mentionsPerComment });
  if (mentions.some((id) => !state.participants.has(id))) return refused({ code: 'unknownParticipant' });
  const speaker = command.type === 'recordSpeech' ? state.participants.get(command.speakerId) : null;
  if (speaker === undefined || speaker?.standing === 'removed') return refused({ code: 'unknownParticipant' });
  return accepted({
    type: 'comment.posted',
    v: 1,
    comment: state.comments.length + 1,
    parent,
    stance: command.stance ?? null,
    body: seal(command.body, context),
    anchor: anchor === null ? null : sealAnchor(anchor, context),
    ...(mentions.length === 0 ? {} : { mentions }),
    ...(speaker === null ? {} : { spokenBy: speaker.id }),
    ...(isReviewed(state, actor) ? ({ held: true } as const) : {}),
  });
}

type Posting = Extract<CommentCommand, { readonly type: 'postComment' | 'recordSpeech' }>;

/** Decides on comments. Whether the person may at all has been asked before, by the rule of the command. */
export function decideComment(state: RoomState, command: CommentCommand, context: Context): Decision {
  if (command.type === 'postComment' || command.type === 'recordSpeech') return decidePosting(state, command, context);
  const comment = commentOf(state, command.comment);
  if (comment === undefined) return refused({ code: 'unknownComment' });
  if (comment.status === 'withdrawn') return refused({ code: 'commentWithdrawn' });
  const number = comment.number;
  const needsWords = command.type === 'editComment' || command.type === 'withdrawComment' || command.type === 'supportComment';
  if (comment.erased !== undefined && needsWords) return refused({ code: 'textErased' });
  switch (command.type) {
    case 'editComment': {
      const problem = bodyProblem(command.body, context);
      if (problem !== null) return refused(problem);
      if (comment.status === 'hidden') return refused({ code: 'commentHidden' });
      const stance = command.stance === undefined ? comment.stance : command.stance;
      if (comment.body.text === command.body && comment.stance === stance) return refused({ code: 'alreadySo' });
      const edited = { type: 'comment.edited', v: 1, comment: number, body: seal(command.body, context), stance } as const;
      return accepted(isReviewed(state, context.actor) ? { ...edited, held: true } : edited);
    }
    case 'publishComment':
      return comment.status === 'held' ? accepted({ type: 'comment.published', v: 1, comment: number }) : refused({ code: 'alreadySo' });
    case 'withdrawComment':
      return accepted({ type: 'comment.withdrawn', v: 1, comment: number });
    case 'supportComment':
    case 'endSupport': {
      const actor = context.actor.kind === 'participant' ? context.actor.id : '';
      if (comment.status !== 'published') return refused({ code: 'commentHidden' });
      if (comment.authorId === actor) return refused({ code: 'notAllowed' });
      const supports = comment.supporters.includes(actor);
      if (supports === (command.type === 'supportComment')) return refused({ code: 'alreadySo' });
      return accepted({ type: supports ? 'comment.supportEnded' : 'comment.supported', v: 1, comment: number });
    }
    case 'resolveComment':
      return comment.resolved === null ? accepted({ type: 'comment.resolved', v: 1, comment: number }) : refused({ code: 'alreadySo' });
    case 'reopenComment':
      return comment.resolved === null ? refused({ code: 'alreadySo' }) : accepted({ type: 'comment.reopened', v: 1, comment: number });
    case 'hideComment': {
      const problem = reasonProblem(command.reason, context.limits);
      if (problem !== null) return refused(problem);
      if (comment.status === 'hidden') return refused({ code: 'alreadySo' });
      return accepted({ type: 'comment.hidden', v: 1, comment: number, reason: sealReason(command.reason, context) });
    }
    case 'restoreComment':
      return comment.status === 'hidden' ? accepted({ type: 'comment.restored', v: 1, comment: number }) : refused({ code: 'alreadySo' });
    default:
      return unreachable(command, refused({ code: 'malformed', field: 'type' }));
  }
}
