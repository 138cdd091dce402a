import { expect, test } from 'vitest';
import { isMarked, mark, marksFromText, marksThrough, marksToText, MOST_BEYOND, union } from './marks.ts';

test('single numbers close up to a run', () => {
  const marks = mark(mark(marksThrough(3), [6, 5]), [4]);
  expect(marks).toEqual({ through: 6, beyond: new Set() });
});

test('what is between is not marked', () => {
  const marks = mark(marksThrough(1), [3]);
  expect([1, 2, 3, 4].map((number) => isMarked(marks, number))).toEqual([true, false, true, false]);
});

test('nothing new gives the same object', () => {
  const marks = mark(marksThrough(2), [9]);
  expect(mark(marks, [1, 9])).toBe(marks);
});

test('it survives storage, and anything else in storage counts as nothing', () => {
  const marks = mark(marksThrough(2), [9, 4]);
  expect(marksFromText(marksToText(marks))).toEqual(marks);
  for (const text of [null, '', '{}', '[]', '["1"]', '[-1]', '[1.5]', '[null]']) expect(marksFromText(text)).toBe(null);
});

test('what two tabs have read is read in both', () => {
  const one = mark(marksThrough(3), [7]);
  const other = mark(marksThrough(5), [9]);
  expect(union(one, other)).toEqual({ through: 5, beyond: new Set([7, 9]) });
  expect(union(other, one)).toEqual(union(one, other));
  expect(union(one, marksThrough(2))).toBe(one);
});

test('it does not grow without bound', () => {
  const marks = mark(
    marksThrough(0),
    Array.from({ length: MOST_BEYOND + 1 }, (_, index) => 2 * index + 2),
  );
  expect(marks).toEqual({ through: 2 * MOST_BEYOND + 2, beyond: new Set() });
});
