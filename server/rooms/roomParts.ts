import type { Commit } from '#shared/domain/commit.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { Answer } from '#shared/protocol/messages.ts';
import type { Journal, JournalOutcome, JournalWrite } from '../store/ports.ts';
import type { LiveRoom } from './liveRoom.ts';

/** What a live room needs from outside; all of it injected. */
export interface RoomParts {
  readonly journal: Journal;
  readonly commits: { write(write: JournalWrite): Promise<JournalOutcome> };
  readonly mac: (payload: string) => string;
  readonly now: () => number;
  readonly newId: () => string;
  readonly newSalt: () => string;
  readonly limits: Limits;
  /** Called when a commit is durable and published; the command is acknowledged when it resolves. */
  readonly afterCommit: (room: LiveRoom, events: readonly RoomEvent[]) => Promise<void>;
  /** Writes what marks the end of a right, where these events end one, behind all that the drafts have accepted; resolves once it is durable. */
  readonly markEnds: (room: LiveRoom, events: readonly RoomEvent[]) => Promise<void>;
  readonly onStoreFailed: (error: unknown) => void;
}

/** One durable commit, told to everybody who listens. `state` is the room after it. */
export interface Publication {
  readonly commit: Commit;
  readonly events: readonly RoomEvent[];
  readonly before: RoomState;
  readonly state: RoomState;
}

export type RoomAnswer = Answer<{ readonly seq: number }>;
