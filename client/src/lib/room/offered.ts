import type { Rejection } from '#shared/domain/rejections.ts';

/** Why one may not, where waiting changes nothing: by one's role, or since the room is over. */
const lasting: ReadonlySet<Rejection['code']> = new Set(['notAllowed', 'removed', 'signInNeeded', 'roomClosed', 'roomDeleted']);

/**
 * Whether an act is spoken of at all to who is refused it, or may do it. What is refused for good is not offered: it would be a
 * list of refusals. What is refused for a while (paused, muted, locked, full) is left out too, or stands there with its reason.
 */
export function isOffered(why: Rejection | null): boolean {
  return why === null || !lasting.has(why.code);
}
