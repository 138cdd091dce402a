import { expect, test } from 'vitest';
import type { RoomCard } from '#shared/protocol/messages.ts';
import { roomLists, roomsWith } from './roomLists.ts';

const card = (id: string, given: Partial<RoomCard> = {}): RoomCard => ({
  id,
  title: id,
  question: '',
  visibility: 'public',
  status: 'open',
  comments: 0,
  participants: 1,
  lastAt: 0,
  startsAt: null,
  archived: false,
  deletedUntil: null,
  here: 0,
  watching: 0,
  yourRole: null,
  sample: false,
  ...given,
});

const ids = (rooms: readonly RoomCard[]) => rooms.map(({ id }) => id);

test('[UI8] open rooms, closed rooms and the sample of the language stand apart', () => {
  const rooms = [card('a'), card('sample-zh', { sample: true }), card('b', { status: 'closed' }), card('sample-en', { sample: true })];
  const lists = roomLists(rooms, 'en');
  expect([ids(lists.open), ids(lists.closed), lists.sample?.id]).toEqual([['a'], ['b'], 'sample-en']);
  expect(roomLists(rooms, 'zh').sample?.id).toBe('sample-zh');
  expect(roomLists([], 'zh')).toEqual({ open: [], closed: [], archived: [], deleted: [], sample: null });
});

test('[UI8] a room one has seen keeps its place when the list is renewed, a new one comes behind', () => {
  expect(ids(roomLists([card('new'), card('b'), card('a')], 'zh', ['a', 'b']).open)).toEqual(['a', 'b', 'new']);
});

test('rooms are found by words of title and question', () => {
  const rooms = [card('1', { title: '开放公园的出入口怎么设' }), card('2', { title: 'Lifts', question: 'Where do the Parks end?' })];
  expect(ids(roomsWith(rooms, '出入口 公园'))).toEqual(['1']);
  expect(ids(roomsWith(rooms, 'parks  LIFTS'))).toEqual(['2']);
  expect(ids(roomsWith(rooms, ' '))).toEqual(['1', '2']);
});

test('[LIFE2] archived ones and deleted ones stand apart, whether they were closed or not', () => {
  const lists = roomLists(
    [
      card('a'),
      card('b', { archived: true }),
      card('c', { archived: true, status: 'closed' }),
      card('d', { archived: true, deletedUntil: 1 }),
      card('e', { status: 'closed' }),
    ],
    'zh',
  );
  expect([lists.open, lists.closed, lists.archived, lists.deleted].map(ids)).toEqual([['a'], ['e'], ['b', 'c'], ['d']]);
});
