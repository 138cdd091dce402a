import type { Rejection } from '#shared/domain/rejections.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { Messages } from '../i18n/catalogue.ts';

/** The sentence about a pause, with who paused and, where it is known, why; null where the room is not paused. */
export function pauseWords(state: RoomState, m: Messages, nameOf: (id: string) => string): string | null {
  if (state.paused === null) return null;
  const { by, note } = state.paused;
  const words = m.room.moderation;
  // The sentence ends by itself, whatever the note ends with.
  const why = note?.text?.replace(/[.。!！\s]+$/u, '') ?? '';
  return why === '' ? words.pausedBy(nameOf(by)) : words.pausedWhy(nameOf(by), why);
}

/** The sentence about a room that is over, which is so for everybody, whatever his seat; null for any other. */
export function overWords(state: RoomState, i18n: { readonly m: Messages; sentence(why: Rejection): string }): string | null {
  if (state.deletedUntil !== null) return null;
  if (state.status === 'closed') return i18n.sentence({ code: 'roomClosed' });
  return state.archived ? i18n.m.room.preparing.standing.archived : null;
}

/** The sentence about why one may not write: of a pause it says by whom and why, of anything else what it always says. */
export function whyNotWords(
  why: Rejection,
  state: RoomState,
  i18n: { readonly m: Messages; sentence(why: Rejection): string },
  nameOf: (id: string) => string,
): string {
  if (why.code === 'roomClosed') return overWords(state, i18n) ?? i18n.sentence(why);
  return (why.code === 'roomPaused' ? pauseWords(state, i18n.m, nameOf) : null) ?? i18n.sentence(why);
}
