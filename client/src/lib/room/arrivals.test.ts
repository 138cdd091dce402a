import { describe, expect, test } from 'vitest';
import { letIn } from './arrivals.ts';
import type { Reading } from './arrivals.ts';
import { aComment } from './builders.ts';
import { isMarked, marksThrough } from './marks.ts';

const reading = (change: Partial<Reading>): Reading => ({
  order: [1, 4, 2, 3],
  inSight: new Set([2]),
  watched: true,
  me: 'ben',
  ...change,
});
const shows = (comment: ReturnType<typeof aComment>, change: Partial<Reading> = {}) =>
  isMarked(letIn([comment], marksThrough(3), reading(change)), comment.number);

describe('arrivals', () => {
  test('[ROOM11] one that would push down what is in sight waits', () => {
    expect(shows(aComment(4, 1))).toBe(false);
  });

  test('one below or above what is in sight is shown at once', () => {
    expect(shows(aComment(4), { order: [1, 2, 3, 4], inSight: new Set([1, 2, 3]) })).toBe(true);
    expect(shows(aComment(4, 1), { inSight: new Set([3]) })).toBe(true);
  });

  test("one's own is shown at once, and so is all while nobody looks", () => {
    expect(shows(aComment(4, 1, { authorId: 'ben' }))).toBe(true);
    expect(shows(aComment(4, 1), { watched: false })).toBe(true);
  });

  test('one that a filter leaves out moves nothing', () => {
    expect(shows(aComment(4, 1), { order: [1, 2, 3] })).toBe(true);
  });

  test('a reply never comes before what it answers', () => {
    const waiting = letIn([aComment(4, 1), aComment(5, 4)], marksThrough(3), reading({ order: [1, 4, 5, 2, 3] }));
    expect([4, 5].map((number) => isMarked(waiting, number))).toEqual([false, false]);
    const shown = letIn([aComment(4, 1), aComment(5, 4)], marksThrough(3), reading({ order: [1, 4, 5, 2, 3], inSight: new Set() }));
    expect([4, 5].map((number) => isMarked(shown, number))).toEqual([true, true]);
  });
});
