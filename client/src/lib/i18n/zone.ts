/** Remembers the reader's time zone where the server can read it before it draws a page. */
export const zoneCookie = 'zone';

/** A time zone that `Intl` knows, or null. */
export function zoneOf(given: string | undefined): string | null {
  if (given === undefined || !/^[\w+/-]{1,60}$/.test(given)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** The time zone of this device. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
