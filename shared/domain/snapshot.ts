import { Vector } from '../lib/vector.ts';
import type { Comment, DraftState, Participant, RoomState, SteeringEntry } from './state.ts';
import type { Audience } from './visibility.ts';
import { redactComment } from './visibility.ts';

/** A room's state as plain JSON: for a joining client (redacted for its class), and as a cache of the fold. */
export interface RoomSnapshot extends Omit<RoomState, 'participants' | 'drafts' | 'comments' | 'steering'> {
  readonly participants: readonly Participant[];
  readonly drafts: readonly DraftState[];
  readonly comments: readonly Comment[];
  readonly steering: readonly SteeringEntry[];
}

/** The whole state as plain JSON, nothing withheld. */
export function wholeSnapshot(state: RoomState): RoomSnapshot {
  return {
    ...state,
    participants: [...state.participants.values()],
    drafts: [...state.drafts.values()],
    comments: state.comments.toArray(),
    steering: state.steering.toArray(),
  };
}

/** The state as a class of viewers may see it. */
export function snapshotFor(state: RoomState, viewer: Audience): RoomSnapshot {
  const whole = wholeSnapshot(state);
  return { ...whole, comments: whole.comments.map((comment) => redactComment(comment, viewer)) };
}

/** The state a snapshot stands for. */
export function fromSnapshot(snapshot: RoomSnapshot): RoomState {
  return {
    ...snapshot,
    participants: new Map(snapshot.participants.map((person) => [person.id, person])),
    drafts: new Map(snapshot.drafts.map((draft) => [draft.id, draft])),
    comments: Vector.of(snapshot.comments),
    steering: Vector.of(snapshot.steering),
  };
}
