import type { Commit } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { Answer } from '#shared/protocol/messages.ts';

/** One durable commit, told to everybody who listens. `state` is the room after it. */
export interface Publication {
  readonly commit: Commit;
  readonly events: readonly RoomEvent[];
  readonly before: RoomState;
  readonly state: RoomState;
}

export type RoomAnswer = Answer<{ readonly seq: number }>;
