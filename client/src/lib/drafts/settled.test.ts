import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { settled } from './settled.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('[ED9] what follows from typing is worked out when it is quiet, and now and then while it is not', () => {
  let runs = 0;
  const each = settled(() => (runs += 1), 200, 1_000);
  each.stir();
  vi.advanceTimersByTime(199);
  expect(runs).toBe(0);
  vi.advanceTimersByTime(1);
  expect(runs).toBe(1);

  for (let n = 0; n < 20; n += 1) {
    each.stir();
    vi.advanceTimersByTime(100);
  }
  // Two seconds of typing: once a second.
  expect(runs).toBe(3);

  each.stir();
  each.flush();
  each.flush();
  expect(runs).toBe(4);
  each.stir();
  each.stop();
  vi.advanceTimersByTime(5_000);
  expect(runs).toBe(4);
});
