import { expect, test } from 'vitest';
import { aComment } from './builders.ts';
import { lastRows } from './drawnRows.ts';
import { buildThreads } from './threading.ts';

const threads = buildThreads([aComment(1), aComment(2, 1), aComment(3, 1), aComment(4), aComment(5, 4)]);
const shape = (most: number) => {
  const { drawn, earlier } = lastRows(threads, most);
  return [drawn.map(({ thread, from }) => [thread.root, from]), earlier];
};

test('[DIS12] the newest rows are drawn first, a long thread from its end', () => {
  expect(shape(0)).toEqual([[], 5]);
  expect(shape(1)).toEqual([[[4, 1]], 4]);
  expect(shape(3)).toEqual([
    [
      [1, 2],
      [4, 0],
    ],
    2,
  ]);
  expect(shape(99)).toEqual([
    [
      [1, 0],
      [4, 0],
    ],
    0,
  ]);
});
