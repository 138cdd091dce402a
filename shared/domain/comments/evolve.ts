import { unreachable } from '../../lib/unreachable.ts';
import type { EventMeta } from '../facts.ts';
import type { Comment, RoomState } from '../state.ts';
import { commentOf, withComment } from '../state.ts';
import type { CommentEvent } from './events.ts';

function changed(state: RoomState, number: number, change: (comment: Comment) => Comment): RoomState {
  const comment = commentOf(state, number);
  return comment === undefined ? state : withComment(state, change(comment));
}

export function evolveComment(state: RoomState, event: CommentEvent, meta: EventMeta): RoomState {
  switch (event.type) {
    case 'comment.posted': {
      const comment: Comment = {
        number: event.comment,
        parent: event.parent,
        authorId: event.spokenBy ?? meta.actorId,
        enteredBy: event.spokenBy === undefined ? null : meta.actorId,
        mentions: event.mentions ?? [],
        at: meta.at,
        stance: event.stance,
        body: event.body,
        anchor: event.anchor,
        versions: [],
        editedAt: null,
        status: event.held === true ? 'held' : 'published',
        hidden: null,
        resolved: null,
        supporters: [],
      };
      const posted = withComment(state, comment);
      // What was said in the hall neither slows its speaker down nor uses up what he may write.
      if (comment.enteredBy !== null) return posted;
      const count = (state.commented.get(comment.authorId)?.count ?? 0) + 1;
      return { ...posted, commented: new Map(state.commented).set(comment.authorId, { lastAt: meta.at, count }) };
    }
    case 'comment.published':
      return changed(state, event.comment, (comment) => ({ ...comment, status: 'published' }));
    case 'comment.edited':
      return changed(state, event.comment, (comment) => ({
        ...comment,
        body: event.body,
        stance: event.stance,
        status: event.held === true ? 'held' : comment.status,
        editedAt: meta.at,
        versions: [...comment.versions, { body: comment.body, stance: comment.stance, at: comment.editedAt ?? comment.at }],
      }));
    case 'comment.withdrawn':
      return changed(state, event.comment, (comment) => ({ ...comment, status: 'withdrawn' }));
    case 'comment.supported':
      return changed(state, event.comment, (comment) => ({ ...comment, supporters: [...comment.supporters, meta.actorId] }));
    case 'comment.supportEnded':
      return changed(state, event.comment, (comment) => ({
        ...comment,
        supporters: comment.supporters.filter((id) => id !== meta.actorId),
      }));
    case 'comment.resolved':
      return changed(state, event.comment, (comment) => ({ ...comment, resolved: { by: meta.actorId, at: meta.at } }));
    case 'comment.reopened':
      return changed(state, event.comment, (comment) => ({ ...comment, resolved: null }));
    case 'comment.hidden':
      return changed(state, event.comment, (comment) => ({
        ...comment,
        status: 'hidden',
        hidden: { by: meta.actorId, at: meta.at, reason: event.reason },
      }));
    case 'comment.restored':
      return changed(state, event.comment, (comment) => ({ ...comment, status: 'published', hidden: null }));
    default:
      return unreachable(event, state);
  }
}
