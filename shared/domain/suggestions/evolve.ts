import { unreachable } from '../../lib/unreachable.ts';
import type { EventMeta } from '../facts.ts';
import type { RoomState, Suggestion } from '../state.ts';
import type { SuggestionEvent } from './events.ts';

function withSuggestion(state: RoomState, number: number, change: (suggestion: Suggestion) => Suggestion): RoomState {
  const suggestion = state.suggestions.get(number - 1);
  return suggestion === undefined ? state : { ...state, suggestions: state.suggestions.set(number - 1, change(suggestion)) };
}

export function evolveSuggestion(state: RoomState, event: SuggestionEvent, meta: EventMeta): RoomState {
  switch (event.type) {
    case 'suggestion.gathered': {
      const { ask, problem, reason, sources } = event;
      const suggestion: Suggestion = {
        number: event.suggestion,
        by: meta.actorId,
        at: meta.at,
        ask,
        problem,
        reason,
        sources,
        status: 'listed',
        mergedInto: null,
        confirmations: new Map(),
        rewordedAt: null,
        supporters: [],
      };
      return { ...state, suggestions: state.suggestions.push(suggestion) };
    }
    case 'suggestion.reworded': {
      const { ask, problem, reason } = event;
      const change = { ask, problem, reason, rewordedAt: meta.at, confirmations: new Map() };
      return withSuggestion(state, event.suggestion, (suggestion) => ({ ...suggestion, ...change }));
    }
    case 'suggestion.sourced':
      return withSuggestion(state, event.suggestion, (suggestion) => ({ ...suggestion, sources: [...suggestion.sources, event.source] }));
    case 'suggestion.confirmed':
    case 'suggestion.disputed': {
      const note = event.type === 'suggestion.disputed' ? event.note : null;
      const said = { meant: event.type === 'suggestion.confirmed', note, at: meta.at };
      return withSuggestion(state, event.suggestion, (suggestion) => ({
        ...suggestion,
        confirmations: new Map(suggestion.confirmations).set(meta.actorId, said),
      }));
    }
    case 'suggestion.merged':
      return withSuggestion(state, event.suggestion, (suggestion) => ({ ...suggestion, status: 'merged', mergedInto: event.into }));
    case 'suggestion.dropped':
      return withSuggestion(state, event.suggestion, (suggestion) => ({ ...suggestion, status: 'dropped' }));
    case 'suggestion.mergeUndone':
    case 'suggestion.relisted':
      return withSuggestion(state, event.suggestion, (suggestion) => ({ ...suggestion, status: 'listed', mergedInto: null }));
    case 'suggestion.supported':
      return withSuggestion(state, event.suggestion, (suggestion) => ({
        ...suggestion,
        supporters: [...suggestion.supporters, meta.actorId],
      }));
    case 'suggestion.supportEnded':
      return withSuggestion(state, event.suggestion, (suggestion) => ({
        ...suggestion,
        supporters: suggestion.supporters.filter((id) => id !== meta.actorId),
      }));
    default:
      return unreachable(event, state);
  }
}
