import { describe, expect, test } from 'vitest';
import { aComment, anAnchor } from './builders.ts';
import type { Comment } from '#shared/domain/state.ts';
import { everything, orderThreads, passes } from './order.ts';
import type { Choice, Filter, Standing } from './order.ts';
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
  const tests = { unread: ({ number }: Comment) => number === 4, ungathered: ({ number }: Comment) => number === 1 };
  const keptBy = (choice: Partial<Choice>, me: string | null = 'ben', list = threads) =>
    roots(list.filter((thread) => passes(thread, { ...everything, ...choice }, me, tests)));
  const kept = (filter: Filter, me: string | null = 'ben') => keptBy({ filter }, me);

  test('all, unread and mine, the last also for who only answered', () => {
    expect(kept('all')).toEqual([1, 2, 3, 4]);
    expect(kept('unread')).toEqual([4]);
    expect(kept('mine')).toEqual([2]);
    expect(kept('mine', null)).toEqual([]);
  });

  test('open: threads whose first comment is not resolved', () => {
    const list = buildThreads([aComment(1), aComment(2, null, { resolved: { by: 'ana', at: 1 } })]);
    expect(keptBy({ filter: 'open' }, null, [...list])).toEqual([1]);
  });

  test('[DIS3] mine: also where one is mentioned', () => {
    const list = buildThreads([aComment(1), aComment(2, 1, { mentions: ['cai'] }), aComment(3)]);
    expect(keptBy({ filter: 'mine' }, 'cai', [...list])).toEqual([1]);
  });

  test('[DIS4] position and person hold of one and the same comment, together with the filter', () => {
    const list = [
      ...buildThreads([
        aComment(1, null, { stance: 'for' }),
        aComment(2, 1, { authorId: 'ben', stance: 'against' }),
        aComment(3, null, { authorId: 'ben' }),
        aComment(4, 3, { stance: 'against' }),
      ]),
    ];
    expect(keptBy({ stance: 'against' }, 'cai', list)).toEqual([1, 3]);
    expect(keptBy({ person: 'ben' }, 'cai', list)).toEqual([1, 3]);
    expect(keptBy({ stance: 'against', person: 'ben' }, 'cai', list)).toEqual([1]);
    expect(keptBy({ stance: 'against', person: 'ben', filter: 'unread' }, 'cai', list)).toEqual([]);
  });
});
