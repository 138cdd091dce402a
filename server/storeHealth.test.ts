import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Store } from './store/ports.ts';
import { StoreUnavailable } from './store/ports.ts';
import type { RecordKinds } from './store/records.ts';
import { StoreHealth } from './storeHealth.ts';

const fault = new StoreUnavailable('out of reach');

describe('[ROOM17] [ST14] whether the store takes writes', () => {
  /** The tries that were not answered yet, oldest first. */
  const asked: PromiseWithResolvers<void>[] = [];
  const told: boolean[] = [];
  let health: StoreHealth;

  beforeEach(() => {
    vi.useFakeTimers();
    asked.length = 0;
    told.length = 0;
    const tried = (): Promise<void> => {
      const answer = Promise.withResolvers<void>();
      asked.push(answer);
      return answer.promise;
    };
    health = new StoreHealth({ health: tried } as unknown as Store<RecordKinds>, pino({ level: 'silent' }), (storing) =>
      told.push(storing),
    );
  });
  afterEach(() => {
    health.close();
    vi.useRealTimers();
  });

  /** How many tries a second brings. */
  async function triesInASecond(): Promise<number> {
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(1_000);
    return asked.length - before;
  }

  async function answer(works: boolean): Promise<void> {
    const next = asked.shift();
    if (works) next?.resolve();
    else next?.reject(fault);
    await vi.advanceTimersByTimeAsync(0);
  }

  test('everybody is told once, it is tried once a second, and everybody is told when it works', async () => {
    health.failed(fault);
    health.failed(fault);
    expect(told).toEqual([false]);
    expect(await triesInASecond()).toBe(1);
    await answer(false);
    expect(await triesInASecond()).toBe(1);
    await answer(true);
    expect(told).toEqual([false, true]);
    expect(await triesInASecond()).toBe(0);
  });

  test('who asks whether it is ready finds out first; the next failure is tried once a second, not twice', async () => {
    health.failed(fault);
    const ready = health.check();
    await answer(true);
    expect(await ready).toBe(true);
    expect(told).toEqual([false, true]);
    health.failed(fault);
    for (const _second of [1, 2, 3]) {
      expect(await triesInASecond()).toBe(1);
      await answer(false);
    }
    expect(told).toEqual([false, true, false]);
  });

  test('a try under way when it was found to work, and to fail again, goes on as the only one', async () => {
    health.failed(fault);
    expect(await triesInASecond()).toBe(1);
    const ready = health.check();
    asked.at(-1)?.resolve();
    expect(await ready).toBe(true);
    asked.pop();
    health.failed(fault);
    expect(await triesInASecond()).toBe(0);
    await answer(false);
    for (const _second of [1, 2, 3]) {
      expect(await triesInASecond()).toBe(1);
      await answer(false);
    }
    expect(told).toEqual([false, true, false]);
  });

  test('once closed nothing is tried any more', async () => {
    health.failed(fault);
    expect(await triesInASecond()).toBe(1);
    health.close();
    await answer(false);
    expect(await triesInASecond()).toBe(0);
  });
});
