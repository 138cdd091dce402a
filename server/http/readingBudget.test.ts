import { expect, test } from 'vitest';
import { ReadingBudget } from './readingBudget.ts';
import type { Lease, Leased } from './readingBudget.ts';

function leaseOf(leased: Leased): Lease {
  if (!('lease' in leased)) throw new Error('came again');
  return leased.lease;
}

test('[DOOR23] what does not fit waits, and goes on when something is given back', async () => {
  const budget = new ReadingBudget({ answerBytesHeld: 100 });
  const first = leaseOf(await budget.take('a', 40));
  leaseOf(await budget.take('b', 50));
  const waits = budget.take('c', 20);
  expect(budget.levels).toEqual({ held: 90, waiting: 1 });
  first.resize(10);
  leaseOf(await waits).release();
  first.release();
  first.release();
  expect(budget.levels).toEqual({ held: 50, waiting: 0 });
});

test('[DOOR23] one address has half at most, and those behind it pass', async () => {
  const budget = new ReadingBudget({ answerBytesHeld: 100 });
  const own = leaseOf(await budget.take('a', 30));
  const more = budget.take('a', 30);
  const other = leaseOf(await budget.take('b', 30));
  expect(budget.levels).toEqual({ held: 60, waiting: 1 });
  own.release();
  leaseOf(await more).release();
  other.release();
  expect(budget.levels).toEqual({ held: 0, waiting: 0 });
});

test('[DOOR23] the queue has an end, and who meets it is told when to come again', async () => {
  const budget = new ReadingBudget({ answerBytesHeld: 100 }, () => 0.5);
  const held = leaseOf(await budget.take('a', 1_000));
  const waiting = Array.from({ length: 256 }, () => budget.take('a', 1));
  expect(await budget.take('a', 1)).toEqual({ retryAfterMs: 2_000 });
  expect(budget.levels.waiting).toBe(256);
  held.release();
  for (const one of waiting) leaseOf(await one).release();
  expect(budget.levels).toEqual({ held: 0, waiting: 0 });
});
