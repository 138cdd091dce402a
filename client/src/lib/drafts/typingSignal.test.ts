import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TypingSignal as RoomTyping } from '../room/typing.ts';
import type { Typing } from '../room/typing.ts';
import { TypingSignal } from './typingSignal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('[ED30] who goes on typing is typing for the others, and is not any more a few seconds after the last key', () => {
  const told: Typing[] = [];
  const later = (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  };
  const room = new RoomTyping((typing) => told.push(typing), later);
  const typing = new TypingSignal((active) => (active ? room.note('draft') : room.end()));
  for (let second = 0; second < 20; second += 1) {
    typing.typed();
    vi.advanceTimersByTime(1_000);
  }
  expect(told).not.toContain(null);
  expect(told.length).toBeGreaterThanOrEqual(6);
  vi.advanceTimersByTime(10_000);
  expect(told.at(-1)).toBeNull();
  expect(told.filter((typing) => typing === null)).toHaveLength(1);
});
