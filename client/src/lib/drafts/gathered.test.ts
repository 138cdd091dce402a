import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Gathered } from './gathered.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('[ED8] the first of what others do is shown at once, a flood of it together, in its order', () => {
  const handed: number[][] = [];
  const gathered = new Gathered<number>((items) => handed.push([...items]), Date.now);
  gathered.add(1);
  expect(handed).toEqual([[1]]);
  gathered.add(2);
  gathered.add(3);
  expect(handed).toHaveLength(1);
  vi.advanceTimersByTime(40);
  expect(handed).toEqual([[1], [2, 3]]);
  vi.advanceTimersByTime(40);
  gathered.add(4);
  expect(handed[2]).toEqual([4]);

  gathered.add(5);
  gathered.flush();
  gathered.flush();
  expect(handed[3]).toEqual([5]);
  gathered.add(6);
  gathered.stop();
  vi.advanceTimersByTime(1_000);
  expect(handed).toHaveLength(4);
});
