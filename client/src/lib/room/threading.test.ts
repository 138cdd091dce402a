import { describe, expect, test } from 'vitest';
import { aComment } from './builders.ts';
import { buildThreads, indentOf, INDENT_PHONE, INDENT_WIDE, needsAddressee } from './threading.ts';

const shape = (comments: ReturnType<typeof aComment>[]) =>
  buildThreads(comments).map(({ rows }) => rows.map(({ comment, depth }) => [comment.number, depth]));

describe('threads', () => {
  test('a reply stands directly below what it answers, siblings in the order they were accepted', () => {
    const comments = [aComment(1), aComment(2), aComment(3, 1), aComment(4, 2), aComment(5, 3), aComment(6, 1)];
    expect(shape(comments)).toEqual([
      [
        [1, 0],
        [3, 1],
        [5, 2],
        [6, 1],
      ],
      [
        [2, 0],
        [4, 1],
      ],
    ]);
  });

  test('the order they come in does not matter', () => {
    const comments = [aComment(1), aComment(2, 1), aComment(3, 2), aComment(4)];
    expect(shape(comments.toReversed())).toEqual(shape(comments));
  });

  test('a reply to something absent begins a thread of its own and keeps its replies', () => {
    expect(shape([aComment(5, 3), aComment(6, 5), aComment(7, 7)])).toEqual([
      [
        [5, 0],
        [6, 1],
      ],
      [[7, 0]],
    ]);
  });

  test('ten thousand replies in one line neither overflow nor get lost', () => {
    const comments = Array.from({ length: 10_000 }, (_, index) => aComment(index + 1, index === 0 ? null : index));
    const [thread] = buildThreads(comments);
    expect(thread?.rows.length).toBe(10_000);
    expect(thread?.rows.at(-1)?.depth).toBe(9_999);
  });

  test('[ROOM14] depth is drawn with three steps at most, two on a phone; what is deeper says whom it answers', () => {
    expect([0, 1, 2, 3, 4, 16].map((depth) => indentOf(depth, INDENT_WIDE))).toEqual([0, 1, 2, 3, 3, 3]);
    expect([0, 1, 2, 3].map((depth) => indentOf(depth, INDENT_PHONE))).toEqual([0, 1, 2, 2]);
    expect([3, 4].map((depth) => needsAddressee(depth, INDENT_WIDE))).toEqual([false, true]);
    expect([2, 3].map((depth) => needsAddressee(depth, INDENT_PHONE))).toEqual([false, true]);
  });

  test('a thread in which nothing changed is the same object as before', () => {
    const one = aComment(1);
    const two = aComment(2);
    const before = buildThreads([one, two]);
    const after = buildThreads([one, two, aComment(3, 2)], before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});
