import { describe, expect, test } from 'vitest';
import { aShelf, anAnchor } from './builders.ts';
import { backoffMs } from './backoff.ts';
import { keptKey, nothingKept, readKept, writeKept } from './kept.ts';
import { newCommandId, outboxKey, readOutbox, retryAfter, writeOutbox } from './outbox.ts';
import type { Pending } from './outbox.ts';

const pending = (commandId: string): Pending => ({
  commandId,
  command: { type: 'postComment', body: 'words' },
  madeAt: 1,
  status: { name: 'waiting' },
});
const key = outboxKey('r1', 'ana');

describe('the outbox', () => {
  test('keeps, replaces and forgets one entry and leaves those of other pages alone', () => {
    const shelf = aShelf();
    writeOutbox(shelf, key, 'a', pending('a'));
    writeOutbox(shelf, key, 'b', pending('b'));
    const refused: Pending = { ...pending('a'), status: { name: 'refused', rejection: { code: 'muted' } } };
    writeOutbox(shelf, key, 'a', refused);
    expect(readOutbox(shelf, key)).toEqual([pending('b'), refused]);
    writeOutbox(shelf, key, 'a', null);
    writeOutbox(shelf, key, 'b', null);
    expect(shelf.held.size).toBe(0);
  });

  test('says so where the browser keeps nothing', () => {
    expect(writeOutbox(aShelf(true), key, 'a', pending('a'))).toBe(false);
  });

  test('anything unreadable counts as nothing', () => {
    const shelf = aShelf();
    for (const text of ['', '{', '{}', '[1,null,{"commandId":1}]']) {
      shelf.held.set(key, text);
      expect(readOutbox(shelf, key)).toEqual([]);
    }
  });

  test('command ids are 128 random bits', () => {
    const ids = Array.from({ length: 50 }, newCommandId);
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('only what passes by itself is tried again by itself', () => {
    expect(retryAfter({ code: 'tooFast', retryAfterMs: 700 })).toBe(700);
    expect(retryAfter({ code: 'storeUnavailable' })).toBe(2_000);
    expect(retryAfter({ code: 'muted' })).toBe(null);
  });
});

describe('half-written words', () => {
  test('[ROOM10] survive with stance and passage, and leave nothing behind when emptied', () => {
    const shelf = aShelf();
    const anchor = { draftId: 'd1', runs: [[1, 2, 3]] as const, quote: 'q', before: '', after: '' };
    const kept = { body: 'half', stance: 'against', anchor, mentions: [{ id: 'ben', name: 'Ben' }], speakerId: 'cai' } as const;
    writeKept(shelf, keptKey('r1', 'ana', 'reply:3'), kept);
    expect(readKept(shelf, keptKey('r1', 'ana', 'reply:3'))).toEqual(kept);
    expect(readKept(shelf, keptKey('r1', 'ben', 'reply:3'))).toEqual(nothingKept);
    writeKept(shelf, keptKey('r1', 'ana', 'reply:3'), nothingKept);
    expect(shelf.held.size).toBe(0);
  });

  test('anything unreadable counts as nothing', () => {
    const shelf = aShelf();
    shelf.held.set('k', JSON.stringify({ body: 1, stance: 'maybe', anchor: anAnchor('x') }));
    expect(readKept(shelf, 'k')).toEqual(nothingKept);
  });
});

test('pauses before connecting again are spread over all of a growing range, up to 30 s', () => {
  expect(backoffMs(0, 0)).toBe(0);
  expect(backoffMs(0, 0.999)).toBe(499);
  expect(backoffMs(3, 0.5)).toBe(2_000);
  expect(backoffMs(99, 0.999)).toBe(29_970);
});
