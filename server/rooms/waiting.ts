import type { Commit } from '#shared/domain/commit.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { RoomCommand, RoomEvent } from '#shared/domain/facts.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { RoomAnswer } from './publication.ts';

/** A command in a room's lane that was not answered yet. */
export interface Waiting {
  readonly actor: Actor;
  readonly command: RoomCommand;
  readonly commandId: string;
  readonly mac: string;
  readonly answer: (answer: RoomAnswer) => void;
  readonly answered: Promise<RoomAnswer>;
  decided:
    { kind: 'commit'; commit: Commit; events: readonly RoomEvent[]; after: RoomState } | { kind: 'refused'; rejection: Rejection } | null;
}

/** The answer to a command id that was used before: the first one's where the command is the same. */
export function sameOrReused(same: boolean, answer: RoomAnswer): RoomAnswer {
  return same ? answer : { ok: false, rejection: { code: 'commandIdReused' } };
}
