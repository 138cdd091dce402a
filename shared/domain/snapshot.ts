import { Vector } from '../lib/vector.ts';
import type { Comment, DraftState, Participant, RoomFacts, RoomState, SteeringEntry, Suggestion } from './state.ts';
import { withheldAmong } from './state.ts';
import type { Audience } from './visibility.ts';
import { redactComment, redactSuggestion } from './visibility.ts';
import type { Words } from './words.ts';

/** A suggestion as plain JSON. */
interface SuggestionSnapshot extends Omit<Suggestion, 'confirmations'> {
  readonly confirmations: readonly (readonly [string, { readonly meant: boolean; readonly note: Words | null; readonly at: number }])[];
}

/** A room's state as plain JSON: for a joining client (redacted for its class), and as a cache of the fold. */
export interface RoomSnapshot extends Omit<RoomFacts, 'participants' | 'drafts' | 'comments' | 'steering' | 'suggestions' | 'commented'> {
  readonly participants: readonly Participant[];
  readonly drafts: readonly DraftState[];
  readonly comments: readonly Comment[];
  readonly steering: readonly SteeringEntry[];
  readonly suggestions: readonly SuggestionSnapshot[];
  readonly commented: readonly (readonly [string, { readonly lastAt: number; readonly count: number }])[];
}

type WithoutComments = Omit<RoomSnapshot, 'comments'>;

function withoutComments({ withheld: _follows, comments: _apart, ...state }: RoomState): WithoutComments {
  return {
    ...state,
    participants: [...state.participants.values()],
    drafts: [...state.drafts.values()],
    steering: state.steering.toArray(),
    suggestions: state.suggestions.toArray().map(plain),
    commented: [...state.commented],
  };
}

/** The whole state as plain JSON, nothing withheld. */
export function wholeSnapshot(state: RoomState): RoomSnapshot {
  return { ...withoutComments(state), comments: state.comments.toArray() };
}

/** The state as a class of viewers may see it. */
export function snapshotFor(state: RoomState, viewer: Audience): RoomSnapshot {
  return { ...snapshotWithoutComments(state, viewer), comments: commentsFor(state, viewer, 0, state.comments.length) };
}

/** All but the comments of a state, as a class of viewers may see it. */
export function snapshotWithoutComments(state: RoomState, viewer: Audience): WithoutComments {
  const suggestions = state.suggestions.toArray().map((suggestion) => plain(redactSuggestion(suggestion, state, viewer)));
  return { ...withoutComments(state), suggestions };
}

/** The comments of a state at these indexes, without the last, as a class of viewers may see them. */
export function commentsFor(state: RoomState, viewer: Audience, from: number, to: number): readonly Comment[] {
  return state.comments.slice(from, to).map((comment) => redactComment(comment, viewer));
}

/** The state a snapshot stands for. */
export function fromSnapshot(snapshot: RoomSnapshot): RoomState {
  return {
    ...snapshot,
    participants: new Map(snapshot.participants.map((person) => [person.id, person])),
    drafts: new Map(snapshot.drafts.map((draft) => [draft.id, draft])),
    comments: Vector.of(snapshot.comments),
    withheld: withheldAmong(snapshot.comments),
    steering: Vector.of(snapshot.steering),
    suggestions: Vector.of(snapshot.suggestions.map((suggestion) => ({ ...suggestion, confirmations: new Map(suggestion.confirmations) }))),
    commented: new Map(snapshot.commented),
  };
}

function plain(suggestion: Suggestion): SuggestionSnapshot {
  return { ...suggestion, confirmations: [...suggestion.confirmations] };
}
