import { earliestTime, latestTime } from '#shared/domain/times.ts';

/** A room as an entry of a calendar. Times are milliseconds since 1970. */
export interface CalendarEntry {
  readonly roomId: string;
  readonly title: string;
  readonly description: string;
  /** Where the room is opened. */
  readonly url: string;
  readonly startsAt: number;
  /** When this start was set, and how many had been set before it: a calendar replaces an older entry by a newer one. */
  readonly setAt: number;
  readonly sequence: number;
}

/**
 * An iCalendar file (RFC 5545) with one event. Its UID is the room's own, so that a later file moves the event instead of adding
 * another. The end is not known; an hour stands in for it.
 */
export function calendarFile(entry: CalendarEntry): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Shangliang//Shangliang//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:room-${entry.roomId}@shangliang`,
    `DTSTAMP:${utc(entry.setAt)}`,
    `LAST-MODIFIED:${utc(entry.setAt)}`,
    `SEQUENCE:${entry.sequence}`,
    `DTSTART:${utc(entry.startsAt)}`,
    'DURATION:PT1H',
    `SUMMARY:${escaped(entry.title)}`,
    ...(entry.description === '' ? [] : [`DESCRIPTION:${escaped(entry.description)}`]),
    `URL:${entry.url.replace(/[\r\n]/g, '')}`,
    `LOCATION:${escaped(entry.url)}`,
    'STATUS:CONFIRMED',
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** 20261126T063000Z. A time beyond the years people live in is written as the nearest one within them: RFC 5545 has four digits. */
function utc(at: number): string {
  const within = Math.min(latestTime, Math.max(earliestTime, Math.trunc(at)));
  return `${new Date(within).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** A value of type TEXT: backslash, semicolon and comma are escaped, line ends written as `\n`; control characters go. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      .replace(/[\\;,]/g, '\\$&')
      .replace(/\n/g, '\\n')
  );
}

/** No line is longer than 75 octets; what goes on in the next one begins with a space. Characters are not torn apart. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    // The space in front counts as well.
    if (octets + size > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      part = '';
      octets = 0;
    }
    part += character;
    octets += size;
  }
  parts.push(part);
  return parts.join('\r\n ');
}
