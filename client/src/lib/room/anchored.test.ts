import { expect, test } from 'vitest';
import type { Comment } from '#shared/domain/state.ts';
import { anchoredIn } from './anchored.ts';

const words = (text: string) => ({ digest: '', salt: '', text });

function comment(number: number, draftId: string | null): Comment {
  const anchor = draftId === null ? null : { draftId, runs: [[1, number, 2]], quote: words('入口'), before: words(''), after: words('') };
  return { number, status: 'published', resolved: null, anchor } as unknown as Comment;
}

test('[ED21] each draft has the comments on its own passages, whichever was shown first', () => {
  const comments = [comment(1, 'a'), comment(2, 'b'), comment(3, null), comment(4, 'a')];
  const numbers = (draftId: string) => anchoredIn(comments, draftId, []).map(({ number }) => number);
  expect(numbers('a')).toEqual([1, 4]);
  expect(numbers('b')).toEqual([2]);
  expect(numbers('a')).toEqual([1, 4]);
  const before = anchoredIn(comments, 'a', []);
  expect(anchoredIn(comments, 'a', before)).toBe(before);
});
