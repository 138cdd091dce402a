/**
 * The years people live in. A time outside them, in milliseconds since 1970, is no time anybody means: a door refuses it, and a
 * fold of an older log takes it for none. Every time between them can be written as a date in every language and format.
 */
export const earliestTime = Date.UTC(1900, 0, 1);
export const latestTime = Date.UTC(2200, 0, 1);

/** Whether a number is a time within the years people live in. */
export function isTime(at: number): boolean {
  return Number.isInteger(at) && at >= earliestTime && at <= latestTime;
}

/** The time, or null where it is none. */
export function timeOrNull(at: number | null): number | null {
  return at !== null && isTime(at) ? at : null;
}
