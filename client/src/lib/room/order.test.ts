import { describe, expect, test } from 'vitest';
import { aComment, anAnchor } from './builders.ts';
import { orderThreads, passes } from './order.ts';
import type { Standing } from './order.ts';
import { buildThreads } from './threading.ts';

const anchor = anAnchor('words');
const threads = buildThreads([
  aComment(1),
  aComment(2, null, { anchor }),
  aComment(3, null, { anchor }),
  aComment(4, null, { anchor }),
  aComment(5, 2, { authorId: 'ben' }),
]);
const standing = new Map<number, Standing>([
  [2, { place: 'exact', from: 90 }],
  [3, { place: 'gone' }],
  [4, { place: 'changed', from: 10 }],
]);
const roots = (list: readonly { root: number }[]) => list.map(({ root }) => root);

describe('order', () => {
  test('by time: as they began', () => {
    const { threads: shown, gone } = orderThreads(threads.toReversed(), 'time', standing);
    expect(roots(shown)).toEqual([1, 2, 3, 4]);
    expect(gone).toEqual([]);
  });

  test('[ROOM13] by place: along the text, then those on the room, and those whose passage is gone apart', () => {
    const { threads: shown, gone } = orderThreads(threads, 'place', standing);
    expect(roots(shown)).toEqual([4, 2, 1]);
    expect(roots(gone)).toEqual([3]);
  });

  test('before places are known nothing counts as gone', () => {
    const { threads: shown, gone } = orderThreads(threads, 'place', new Map());
    expect(roots(shown)).toEqual([1, 2, 3, 4]);
    expect(gone).toEqual([]);
  });
});

describe('filters', () => {
  const kept = (filter: Parameters<typeof passes>[1], me: string | null = 'ben') =>
    roots(threads.filter((thread) => passes(thread, filter, me, ({ number }) => number === 4)));

  test('all, unread and mine, the last also for who only answered', () => {
    expect(kept('all')).toEqual([1, 2, 3, 4]);
    expect(kept('unread')).toEqual([4]);
    expect(kept('mine')).toEqual([2]);
    expect(kept('mine', null)).toEqual([]);
  });

  test('open: threads whose first comment is not resolved', () => {
    const [open, done] = buildThreads([aComment(1), aComment(2, null, { resolved: { by: 'ana', at: 1 } })]);
    expect([open, done].map((thread) => thread && passes(thread, 'open', null, () => false))).toEqual([true, false]);
  });
});
