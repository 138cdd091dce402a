import type { RoomEvent } from '../facts.ts';
import type { RoomState } from '../state.ts';
import { commentOf, suggestionOf } from '../state.ts';
import type { Source } from '../suggestions/events.ts';
import { mapWords, withoutText } from '../words.ts';
import { withoutWords } from './passages.ts';

/**
 * An event without the words that were erased by now, whoever reads it; `actorId` is who is named by its commit. What is left out
 * here of what a room shows is the same that is taken out of its log: there is one answer to what was erased.
 */
export function withoutErased(event: RoomEvent, actorId: string, state: RoomState): RoomEvent {
  return withoutErasedPassages(withoutErasedTexts(event, actorId, state), state);
}

function withoutErasedPassages(event: RoomEvent, state: RoomState): RoomEvent {
  switch (event.type) {
    case 'comment.posted':
    case 'suggestion.gathered':
    case 'suggestion.sourced': {
      let left: RoomEvent = event;
      for (const { erased } of state.drafts.values())
        for (const { quotes } of erased) if (quotes.length > 0) left = withoutWords(left, new Set(quotes));
      return left;
    }
    case 'draft.revisionSealed': {
      const { draftId, revision } = event;
      const version = state.drafts.get(draftId)?.versions.find(({ number }) => number === revision);
      return version?.contentHash === null ? mapWords(event, withoutText) : event;
    }
    default:
      return event;
  }
}

function withoutErasedTexts(event: RoomEvent, actorId: string, state: RoomState): RoomEvent {
  switch (event.type) {
    case 'comment.posted':
    case 'comment.edited':
      return commentOf(state, event.comment)?.erased === undefined ? event : mapWords(event, withoutText);
    case 'suggestion.gathered':
    case 'suggestion.reworded':
    case 'suggestion.sourced':
    case 'suggestion.disputed':
      if (suggestionOf(state, event.suggestion)?.erased !== undefined) return mapWords(event, withoutText);
      if (event.type === 'suggestion.gathered')
        return { ...event, sources: event.sources.map((source) => withoutErasedQuote(source, state)) };
      if (event.type === 'suggestion.sourced') return { ...event, source: withoutErasedQuote(event.source, state) };
      return event.type === 'suggestion.disputed' && erasedWithTexts(state, actorId) ? mapWords(event, withoutText) : event;
    case 'file.added': {
      const file = state.files.find(({ id }) => id === event.fileId);
      // One that was removed before its adder was erased is in no list any more.
      const gone = file?.erased !== undefined || erasedWithTexts(state, actorId);
      return gone ? mapWords(event, withoutText) : event;
    }
    default:
      return event;
  }
}

/** The digests of the texts that are still in an event and were erased by now. */
export function digestsToErase(event: RoomEvent, actorId: string, state: RoomState): readonly string[] {
  const texts = (of: RoomEvent): ReadonlySet<string> => {
    const digests = new Set<string>();
    mapWords(of, (words) => {
      if (words.text !== undefined) digests.add(words.digest);
      return words;
    });
    return digests;
  };
  const left = texts(withoutErased(event, actorId, state));
  return [...texts(event)].filter((digest) => !left.has(digest));
}

/** Whether an event is followed by taking texts out of the store. */
export function isErasing(event: { readonly type: string }): boolean {
  return event.type === 'text.erased' || event.type === 'participant.erased';
}

function withoutErasedQuote(source: Source, state: RoomState): Source {
  const gone = source.kind === 'comment' && commentOf(state, source.comment)?.erased !== undefined;
  return gone ? mapWords(source, withoutText) : source;
}

function erasedWithTexts(state: RoomState, participantId: string): boolean {
  return state.participants.get(participantId)?.erased?.texts === true;
}
