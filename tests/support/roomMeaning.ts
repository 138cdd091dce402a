import { wholeSnapshot } from '#shared/domain/snapshot.ts';
import type { RoomState } from '#shared/domain/state.ts';

/** What a room's state says, apart from how it is built: golden logs keep it, so that a refactoring cannot change it unseen. */
export function meaningOf(state: RoomState): unknown {
  const { title, settings, status, commenting, participants, drafts, comments, steering } = wholeSnapshot(state);
  return {
    title: title.text,
    settings,
    status,
    commenting,
    participants: participants.map(({ id, role, standing }) => [id, role, standing]),
    drafts: drafts.map(({ id, locked, revision }) => [id, locked, revision?.number ?? null]),
    comments: comments.map((comment) => [
      comment.number,
      comment.parent,
      comment.authorId,
      comment.stance,
      comment.body.text,
      comment.status,
      comment.supporters,
      comment.versions.length,
      comment.resolved !== null,
      comment.anchor?.quote.text ?? null,
    ]),
    steering: steering.map(({ event, actorId }) => [event.type, actorId]),
  };
}
