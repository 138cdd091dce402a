import { describe, expect, test } from 'vitest';
import * as shell from '../i18n/shell.ts';
import { fromLocalField, startMoment, timeLeft, toLocalField, untilNextMinute } from './startWords.ts';

const zone = 'Asia/Shanghai';
/** Tuesday, 24 November 2026, 11:00 in Shanghai. */
const now = Date.UTC(2026, 10, 24, 3);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('[START1] when a room begins', () => {
  test('within six days the day of the week is enough', () => {
    const thursday = Date.UTC(2026, 10, 26, 6, 30);
    expect(startMoment(thursday, now, 'zh', zone)).toBe('周四 14:30');
    expect(startMoment(thursday, now, 'en', zone)).toBe('Thu 14:30');
    expect(startMoment(Date.UTC(2026, 11, 24, 6, 5), now, 'zh', zone)).toBe('12月24日周四 14:05');
    expect(startMoment(Date.UTC(2027, 0, 7, 6), now, 'en', zone)).toMatch(/2027/);
  });

  test.each([
    [2 * day + 3 * hour + 59 * minute, '2 天 3 小时', '2 days 3 hours'],
    [day, '1 天', '1 day'],
    [hour + 1, '1 小时 1 分钟', '1 hour 1 minute'],
    [hour, '1 小时', '1 hour'],
    [61_000, '2 分钟', '2 minutes'],
    [1, '1 分钟', '1 minute'],
    [0, null, null],
    [-day, null, null],
  ] as const)('%d ms before it', (ms, zh, en) => {
    expect(timeLeft(now + ms, now, shell.zh.start)).toBe(zh);
    expect(timeLeft(now + ms, now, shell.en.start)).toBe(en);
  });

  test('what is said changes with the minute, counted from the start', () => {
    expect(untilNextMinute(now + 90_000, now)).toBe(30_000);
    expect(untilNextMinute(now + 60_000, now)).toBe(60_000);
  });

  test('a field of a form and a time are the same', () => {
    const at = new Date(2026, 10, 26, 14, 30).getTime();
    expect(toLocalField(at)).toBe('2026-11-26T14:30');
    expect(fromLocalField('2026-11-26T14:30')).toBe(at);
    for (const none of ['', 'x', '2026-13-40T99:99', '2026-11-26']) expect(fromLocalField(none)).toBeNull();
  });
});
