import { unreachable } from '../../lib/unreachable.ts';
import type { EventMeta } from '../facts.ts';
import type { Comment, DraftState, RoomState, SteeringEntry, Suggestion } from '../state.ts';
import { authorsOf, commentOf, suggestionOf, withComment } from '../state.ts';
import { mapWords, withoutText } from '../words.ts';
import { stoodAt, withoutWords } from './passages.ts';
import type { Erased, ErasedPassage, ErasingEvent } from './events.ts';

/** The room without the words of a comment, wherever they are quoted. What it is, and when it was said, stays. */
function eraseComment(state: RoomState, number: number, erased: Erased): RoomState {
  const comment = commentOf(state, number);
  if (comment === undefined) return state;
  const { body, anchor, versions } = mapWords({ body: comment.body, anchor: comment.anchor, versions: comment.versions }, withoutText);
  let { suggestions } = state;
  for (const suggestion of state.suggestions as Iterable<Suggestion>) {
    if (!suggestion.sources.some((source) => source.kind === 'comment' && source.comment === number)) continue;
    const sources = suggestion.sources.map((source) =>
      source.kind === 'comment' && source.comment === number ? mapWords(source, withoutText) : source,
    );
    suggestions = suggestions.set(suggestion.number - 1, { ...suggestion, sources });
  }
  return withComment({ ...state, suggestions }, { ...comment, body, anchor, versions, erased });
}

function eraseSuggestion(state: RoomState, number: number, erased: Erased): RoomState {
  const suggestion = suggestionOf(state, number);
  if (suggestion === undefined) return state;
  const { ask, problem, reason, sources } = suggestion;
  const confirmations = new Map([...suggestion.confirmations].map(([id, said]) => [id, mapWords(said, withoutText)]));
  const words = mapWords({ ask, problem, reason, sources }, withoutText);
  return { ...state, suggestions: state.suggestions.set(number - 1, { ...suggestion, ...words, confirmations, erased }) };
}

function eraseFile(state: RoomState, fileId: string, erased: Erased): RoomState {
  const files = state.files.map((file) => (file.id === fileId ? { ...file, name: withoutText(file.name), erased } : file));
  return forgetWords({ ...state, files }, ({ event }) => event.type === 'file.added' && event.fileId === fileId);
}

/** The room without the words of a passage, where anchors quote it, and without the hashes of versions it stood in. */
function erasePassage(state: RoomState, passage: ErasedPassage, erased: Erased): RoomState {
  const draft = state.drafts.get(passage.draftId);
  if (draft === undefined) return state;
  const gone = new Set(passage.quotes);
  let { comments, suggestions } = state;
  for (const comment of state.comments as Iterable<Comment>) {
    const anchor = withoutWords(comment.anchor, gone);
    if (anchor !== comment.anchor) comments = comments.set(comment.number - 1, { ...comment, anchor });
  }
  for (const suggestion of state.suggestions as Iterable<Suggestion>) {
    const sources = suggestion.sources.map((source) => withoutWords(source, gone));
    if (sources.some((source, index) => source !== suggestion.sources[index]))
      suggestions = suggestions.set(suggestion.number - 1, { ...suggestion, sources });
  }
  const unsealed = <V extends { readonly ordinal: number }>(version: V): V =>
    stoodAt(passage, version.ordinal) ? { ...version, contentHash: null } : version;
  const left: DraftState = {
    ...draft,
    revision: draft.revision === null ? null : unsealed(draft.revision),
    versions: draft.versions.map(unsealed),
    erased: [...draft.erased, { ...erased, runs: passage.runs, quotes: passage.quotes }],
  };
  const next = { ...state, comments, suggestions, drafts: new Map(state.drafts).set(draft.id, left) };
  return forgetWords(
    next,
    ({ event }) => event.type === 'draft.revisionSealed' && event.draftId === draft.id && stoodAt(passage, event.ordinal),
  );
}

/** The log of steering without the words of these acts. */
function forgetWords(state: RoomState, wanted: (entry: SteeringEntry) => boolean): RoomState {
  let { steering } = state;
  for (const [index, entry] of steering.toArray().entries()) {
    if (wanted(entry)) steering = steering.set(index, { ...entry, event: mapWords(entry.event, withoutText) });
  }
  return { ...state, steering };
}

/**
 * All that a person said of himself: his comments and what was recorded of him, suggestions made of nobody else's words, his
 * remarks on suggestions, his files. What he gathered of others, and what he did as a moderator, is the room's and stays.
 */
function eraseTextsOf(state: RoomState, id: string, erased: Erased): RoomState {
  let next = state;
  for (const { number, authorId, erased: done } of state.comments as Iterable<Comment>)
    if (authorId === id && done === undefined) next = eraseComment(next, number, erased);
  for (const suggestion of state.suggestions as Iterable<Suggestion>) {
    const { number, by, erased: done } = suggestion;
    if (by === id && done === undefined && authorsOf(state, suggestion).every((author) => author === id))
      next = eraseSuggestion(next, number, erased);
    const said = suggestionOf(next, number)?.confirmations.get(id);
    const now = suggestionOf(next, number);
    if (said === undefined || said.note === null || now === undefined) continue;
    const confirmations = new Map(now.confirmations).set(id, { ...said, note: withoutText(said.note) });
    next = { ...next, suggestions: next.suggestions.set(number - 1, { ...now, confirmations }) };
  }
  for (const { id: fileId, by, erased: done } of state.files) if (by === id && done === undefined) next = eraseFile(next, fileId, erased);
  // Those that were removed before are named there alone.
  return forgetWords(next, ({ event, actorId }) => event.type === 'file.added' && actorId === id);
}

export function evolveErasing(state: RoomState, event: ErasingEvent, meta: EventMeta): RoomState {
  const erased: Erased = { by: meta.actorId, as: event.as, at: meta.at, reason: event.reason };
  switch (event.type) {
    case 'text.erased':
      switch (event.of.kind) {
        case 'comment':
          return eraseComment(state, event.of.comment, erased);
        case 'suggestion':
          return eraseSuggestion(state, event.of.suggestion, erased);
        case 'file':
          return eraseFile(state, event.of.fileId, erased);
        case 'passage':
          return erasePassage(state, event.of, erased);
        default:
          return unreachable(event.of, state);
      }
    case 'participant.erased': {
      const { participantId, as, texts } = event;
      const person = state.participants.get(participantId);
      if (person === undefined) return state;
      const gone = { ...person, erased: { as, at: meta.at, texts: texts || person.erased?.texts === true } };
      const left = { ...state, participants: new Map(state.participants).set(participantId, gone) };
      return texts ? eraseTextsOf(left, participantId, erased) : left;
    }
    default:
      return unreachable(event, state);
  }
}
