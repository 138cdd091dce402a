import { wholeSnapshot } from '#shared/domain/snapshot.ts';
import type { Erased } from '#shared/domain/erasing/events.ts';
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
      comment.body.text ?? null,
      comment.status,
      comment.supporters,
      comment.versions.length,
      comment.resolved !== null,
      comment.anchor?.quote.text ?? null,
    ]),
    steering: steering.map(({ event, actorId }) => [event.type, actorId]),
  };
}

/** What the log of a whole sitting says besides: suggestions, files, pause, clauses, held and recorded comments, the room's end. */
export function sittingMeaningOf(state: RoomState): unknown {
  const { paused, startsAt, archived, deletedUntil, drafts, comments, suggestions, files, commented } = wholeSnapshot(state);
  return {
    room: meaningOf(state),
    paused: paused === null ? null : [paused.by, paused.note?.text ?? null],
    startsAt,
    archived,
    deletedUntil,
    drafts: drafts.map(({ title, numbered }) => [title?.text ?? null, numbered?.map(({ id, label }) => [...id, label]) ?? null]),
    comments: comments.map(({ number, status, mentions, enteredBy }) => [number, status, mentions, enteredBy]),
    suggestions: suggestions.map((suggestion) => [
      suggestion.number,
      suggestion.by,
      suggestion.status,
      suggestion.mergedInto,
      [suggestion.ask, suggestion.problem, suggestion.reason].map((words) => words?.text ?? null),
      suggestion.sources.map((source) =>
        source.kind === 'comment'
          ? [source.comment, source.quote?.text ?? null]
          : [source.anchor.draftId, source.anchor.quote.text ?? null],
      ),
      suggestion.confirmations.map(([id, { meant, note }]) => [id, meant, note?.text ?? null]),
      suggestion.supporters,
    ]),
    files: files.map(({ id, name, contentType, bytes, sha256, by }) => [id, name.text ?? null, contentType, bytes, sha256, by]),
    commented: commented.map(([id, { count }]) => [id, count]),
  };
}

/** The same with the versions of each draft: what led to them, and their names. */
export function versionsMeaningOf(state: RoomState): unknown {
  return {
    sitting: sittingMeaningOf(state),
    versions: wholeSnapshot(state).drafts.map(({ versions, naming }) => [
      versions.map(({ number, ordinal, contentHash, cause, name }) => [
        number,
        ordinal,
        contentHash,
        cause,
        name?.label.text ?? null,
        name?.by ?? null,
      ]),
      naming.map(({ label, by }) => [label.text, by]),
    ]),
  };
}

/** The same with what was erased: what stays in its place. */
export function erasedMeaningOf(state: RoomState): unknown {
  const { participants, comments, suggestions, files } = wholeSnapshot(state);
  const left = ({ erased }: { readonly erased?: Erased }) =>
    erased === undefined ? null : [erased.as, erased.by, erased.at, erased.reason?.code ?? null, erased.reason?.note?.text ?? null];
  return {
    versions: versionsMeaningOf(state),
    people: participants.map(({ id, erased }) => [id, erased === undefined ? null : [erased.as, erased.texts]]),
    comments: comments.map(left),
    suggestions: suggestions.map(left),
    files: files.map(left),
  };
}

/** The same with whose account is suspended. */
export function suspendedMeaningOf(state: RoomState): unknown {
  const suspended = wholeSnapshot(state).participants.filter((person) => person.suspended === true);
  return { erased: erasedMeaningOf(state), suspended: suspended.map(({ id }) => id) };
}

/** And of passages of drafts that were erased. */
export function passagesMeaningOf(state: RoomState): unknown {
  const { drafts, comments } = wholeSnapshot(state);
  return {
    erased: erasedMeaningOf(state),
    passages: drafts.map(({ erased }) => erased.map(({ as, by, at, runs, quotes }) => [as, by, at, runs, quotes.length])),
    quotes: comments.map(({ anchor }) => [anchor?.quote.text ?? null, anchor?.before.text ?? null]),
  };
}
