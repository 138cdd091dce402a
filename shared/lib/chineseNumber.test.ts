import { expect, test } from 'vitest';
import { chineseClause, chineseNumber } from './chineseNumber.ts';

test('[ED10] clauses are counted as Chinese counts them', () => {
  const spoken = Object.entries({
    1: '一',
    10: '十',
    12: '十二',
    20: '二十',
    99: '九十九',
    100: '一百',
    105: '一百零五',
    110: '一百一十',
    112: '一百一十二',
    1001: '一千零一',
    1010: '一千零一十',
    2026: '二千零二十六',
    9999: '九千九百九十九',
  });
  expect(spoken.map(([number]) => chineseNumber(Number(number)))).toEqual(spoken.map(([, words]) => words));
  expect([0, -1, 1.5, 10_000].map(chineseNumber)).toEqual(['0', '-1', '1.5', '10000']);
});

test('[ED10] a clause put in behind another is counted as statutes count it', () => {
  expect(chineseClause('5')).toBe('第五条');
  expect(chineseClause('5-1')).toBe('第五条\u200b之一');
  expect(chineseClause('12-3-2')).toBe('第十二条\u200b之三之二');
});
