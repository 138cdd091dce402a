import type { RoomState } from '#shared/domain/state.ts';

/** How fast and how often a person may comment in this room. */
export interface Pace {
  /** From when on the next comment is taken, in the server's time; null without slow mode. */
  readonly readyAt: number | null;
  readonly written: number;
  /** Comments one person may write; null where there is no limit. */
  readonly most: number | null;
}

const unhurried: Pace = { readyAt: null, written: 0, most: null };

/** The pace of one person. Moderators and recorders are not slowed down. */
export function paceOf(state: RoomState, me: string | null): Pace {
  const role = me === null ? undefined : state.participants.get(me)?.role;
  if (me === null || role === undefined || role === 'moderator' || role === 'recorder') return unhurried;
  const { slowModeMs = 0, commentsPerPerson = 0 } = state.settings;
  const before = state.commented.get(me);
  return {
    readyAt: slowModeMs > 0 && before !== undefined ? before.lastAt + slowModeMs : null,
    written: before?.count ?? 0,
    most: commentsPerPerson > 0 ? commentsPerPerson : null,
  };
}
