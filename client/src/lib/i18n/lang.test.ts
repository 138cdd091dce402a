import { expect, test } from 'vitest';
import { Formats, isoTime, noTime } from './formats.ts';
import { chooseLang } from './lang.ts';

test.each([
  ['en', 'zh-CN,zh;q=0.9', 'en'],
  [undefined, 'zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  [undefined, 'en-GB,en;q=0.9', 'en'],
  [undefined, 'en;q=0.3, zh-TW;q=0.7', 'zh'],
  [undefined, 'fr-FR, de;q=0.8, en;q=0.5', 'en'],
  [undefined, 'zh;q=0, en', 'en'],
  [undefined, 'fr', 'zh'],
  [undefined, null, 'zh'],
  ['klingon', 'en', 'en'],
] as const)('[UI4] remembered %s, browser %s: %s', (remembered, accepted, lang) => {
  expect(chooseLang(remembered, accepted)).toBe(lang);
});

const at = Date.UTC(2026, 10, 24, 14, 3);
const zh = new Formats('zh', 'UTC');
const en = new Formats('en', 'UTC');

test.each([2 ** 53 - 1, -(2 ** 53), 8.64e15, Number.NaN, Infinity])('[TIME2] %d is shown as no time, and nothing throws', (bad) => {
  for (const formats of [zh, en]) {
    expect([formats.time(bad), formats.date(bad), formats.moment(bad, at), formats.relative(bad, at)]).toEqual(Array(4).fill(noTime));
    expect(formats.moment(at, bad)).not.toBe('');
  }
  expect(isoTime(bad)).toBeNull();
});

test('times and dates are those of the language', () => {
  expect([zh.time(at), en.time(at)]).toEqual(['14:03', '14:03']);
  expect(zh.time(Date.UTC(2026, 10, 24, 0, 5))).toBe('00:05');
  expect(zh.date(at)).toBe('2026年11月24日');
  expect(en.date(at)).toBe('24 November 2026');
  expect(zh.moment(at, at + 60_000)).toBe('14:03');
  expect(en.moment(at, at + 3 * 86_400_000)).toMatch(/24 November.*14:03/);
  expect([zh.number(1286), en.number(1286)]).toEqual(['1,286', '1,286']);
});

test('what is near is told by its distance, what is far by its date', () => {
  expect([zh.relative(at, at + 30_000), en.relative(at, at + 30_000)]).toEqual(['刚刚', 'just now']);
  expect([zh.relative(at, at + 180_000), en.relative(at, at + 180_000)]).toEqual(['3分钟前', '3 minutes ago']);
  expect(en.relative(at + 5 * 86_400_000, at)).toBe('in 5 days');
  expect(en.relative(at, at + 40 * 86_400_000)).toBe('24 November 2026');
});
