import { expect, test } from 'vitest';
import { aComment } from './builders.ts';
import { GROUP, groupsOf, lastRows } from './drawnRows.ts';
import { buildThreads } from './threading.ts';

const long = Array.from({ length: 50 }, (_, index) => aComment(index + 1, index === 0 ? null : 1));
const comments = [...long, aComment(51), aComment(52, 51)];
const threads = buildThreads(comments);
const shape = (most: number) => {
  const { drawn, earlier } = lastRows(threads, most);
  return [drawn.map(({ thread, from }) => [thread.root, from]), earlier];
};

test('[DIS12] the newest rows are drawn first, a long thread from its end by whole groups', () => {
  expect(shape(0)).toEqual([[], 52]);
  expect(shape(1)).toEqual([[[51, 0]], 50]);
  expect(shape(3)).toEqual([
    [
      [1, 40],
      [51, 0],
    ],
    40,
  ]);
  expect(shape(99)).toEqual([
    [
      [1, 0],
      [51, 0],
    ],
    0,
  ]);
});

test('[DIS12] what did not change stays the same object when a comment arrives', () => {
  const before = lastRows(threads, 99).drawn;
  const groups = groupsOf(threads[0]?.rows ?? [], 0, []);
  expect(groups.map(({ at, rows }) => [at, rows.length])).toEqual([
    [0, GROUP],
    [GROUP, GROUP],
    [2 * GROUP, 10],
  ]);
  const later = buildThreads([...comments, aComment(53, 1)], threads);
  const after = lastRows(later, 99).drawn;
  expect(after[1]).toBe(before[1]);
  expect(after[0]).not.toBe(before[0]);
  const grown = groupsOf(later[0]?.rows ?? [], 0, groups);
  expect(grown.map((group, index) => group === groups[index])).toEqual([true, true, false]);
  expect(grown[2]?.rows[0]).toBe(groups[2]?.rows[0]);
});
