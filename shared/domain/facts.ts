import type { CommentCommand, CommentEvent } from './comments/events.ts';
import type { DraftCommand, DraftEvent } from './drafts/events.ts';
import type { ErasingCommand, ErasingEvent } from './erasing/events.ts';
import type { ParticipantCommand, ParticipantEvent } from './participants/events.ts';
import type { RoomLifeCommand, RoomLifeEvent } from './room/events.ts';
import type { SuggestionCommand, SuggestionEvent } from './suggestions/events.ts';

/** Everything that can have happened in a room. */
export type RoomEvent = RoomLifeEvent | ParticipantEvent | DraftEvent | CommentEvent | SuggestionEvent | ErasingEvent;

/** Everything that can be asked of a room. */
export type RoomCommand = RoomLifeCommand | ParticipantCommand | DraftCommand | CommentCommand | SuggestionCommand | ErasingCommand;

/** What a commit says about its events besides the events themselves. */
export interface EventMeta {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actorId: string;
}
