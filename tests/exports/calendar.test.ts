import { describe, expect, test } from 'vitest';
import { calendarFile } from '#server/exports/calendar.ts';
import type { CalendarEntry } from '#server/exports/calendar.ts';

const entry: CalendarEntry = {
  roomId: 'abc_1-2',
  title: '公园入口怎么改？',
  description: '第一行; 第二, 部分\\\r\n第三行',
  url: 'https://hall.example/rooms/abc_1-2',
  startsAt: Date.UTC(2026, 10, 26, 6, 30),
  setAt: Date.UTC(2026, 10, 24, 1, 2, 3, 999),
  sequence: 2,
};

/** The lines of content as a reader sees them: what was folded is whole again. */
function unfolded(file: string): string[] {
  return file.replace(/\r\n[ \t]/g, '').split('\r\n');
}

describe('[START2] a room as an entry of a calendar', () => {
  test('says what, where and when, in UTC, under a name that stays', () => {
    expect(unfolded(calendarFile(entry))).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Shangliang//Shangliang//EN',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
      'BEGIN:VEVENT',
      'UID:room-abc_1-2@shangliang',
      'DTSTAMP:20261124T010203Z',
      'LAST-MODIFIED:20261124T010203Z',
      'SEQUENCE:2',
      'DTSTART:20261126T063000Z',
      'DURATION:PT1H',
      'SUMMARY:公园入口怎么改？',
      'DESCRIPTION:第一行\\; 第二\\, 部分\\\\\\n第三行',
      'URL:https://hall.example/rooms/abc_1-2',
      'LOCATION:https://hall.example/rooms/abc_1-2',
      'STATUS:CONFIRMED',
      'TRANSP:OPAQUE',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  test.each([
    ['Chinese', '商'.repeat(200)],
    ['characters of four octets', '😀'.repeat(100)],
    ['Latin', 'a'.repeat(300)],
    ['escapes at the border', ','.repeat(200)],
  ])('lines are at most 75 octets, and no character is torn: %s', (_name, title) => {
    const file = calendarFile({ ...entry, title });
    for (const line of file.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line.isWellFormed()).toBe(true);
      expect(Buffer.from(line).toString('utf8')).toBe(line);
    }
    expect(unfolded(file)).toContain(`SUMMARY:${title.replaceAll(',', '\\,')}`);
  });

  test.each([
    ['beyond all years', 2 ** 53 - 1, '22000101T000000Z'],
    ['before all years', -(2 ** 53), '19000101T000000Z'],
  ])('[TIME2] a time %s is written as the nearest that people live in', (_name, startsAt, written) => {
    expect(unfolded(calendarFile({ ...entry, startsAt, setAt: startsAt }))).toContain(`DTSTART:${written}`);
  });

  test('nothing in a title becomes a line of its own', () => {
    const file = calendarFile({ ...entry, title: 'a\r\nATTENDEE:x\u2028b\u0000\u0007c', description: '' });
    expect(unfolded(file)).toContain('SUMMARY:a\\nATTENDEE:x\\nbc');
    expect(file).not.toContain('DESCRIPTION');
    expect(file.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
  });
});
