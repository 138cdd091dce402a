import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Store } from './store/ports.ts';
import { Damaged } from './store/damaged.ts';
import { StoreUnavailable } from './store/ports.ts';
import type { RecordKinds } from './store/records.ts';
import { StoreHealth } from './storeHealth.ts';

/** A store that takes small writes, and counts them, until it is told to fail. */
class Place {
  writes = 0;
  fails = false;
  readonly store = {
    health: () => {
      this.writes += 1;
      return this.fails ? Promise.reject(new Error('full')) : Promise.resolve();
    },
  } as Store<RecordKinds>;
}

const log = pino({ level: 'silent' });

test('[DOOR12] however many ask at once whether it can be stored, one small write is tried', async () => {
  const place = new Place();
  const health = new StoreHealth(place.store, log, () => undefined);
  const answers = await Promise.all(Array.from({ length: 500 }, () => health.check()));
  expect([new Set(answers), place.writes]).toEqual([new Set([true]), 1]);
  health.close();
});

test('[ST14] [ROOM17] what the store notices by itself is told before anything failed that waits for it', async () => {
  const place = new Place();
  const told: boolean[] = [];
  let tell: (reason: StoreUnavailable) => void = () => undefined;
  const store = { ...place.store, whenOutOfReach: (given: typeof tell) => (tell = given) } as Store<RecordKinds>;
  const health = new StoreHealth(store, log, (storing) => told.push(storing));
  tell(new StoreUnavailable('out of reach'));
  expect([health.storing, await health.check()]).toEqual([false, true]);
  expect(told).toEqual([false, true]);
  health.close();
});

test('[ST14] after a failure nothing is answered from memory', async () => {
  const place = new Place();
  const told: boolean[] = [];
  const health = new StoreHealth(place.store, log, (storing) => told.push(storing));
  expect(await health.check()).toBe(true);
  place.fails = true;
  health.failed(new StoreUnavailable('full'));
  expect([await health.check(), await health.check()]).toEqual([false, false]);
  expect(place.writes).toBe(3);
  place.fails = false;
  expect(await health.check()).toBe(true);
  expect(told).toEqual([false, true]);
  health.close();
});

test('[ST25] a damaged thing, or a mistake of ours, is told to the operator and takes writing from nobody', () => {
  const place = new Place();
  const told: boolean[] = [];
  const health = new StoreHealth(place.store, log, (storing) => told.push(storing));
  health.failed(new Damaged('draft', 'd', 'entry 2 was changed'));
  health.failed(new TypeError('a mistake'));
  expect([health.storing, told]).toEqual([true, []]);
  health.close();
});

describe('[ROOM17] [ST14] whether the store takes writes', () => {
  const fault = (): StoreUnavailable => new StoreUnavailable('out of reach');
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
    health = new StoreHealth({ health: tried } as unknown as Store<RecordKinds>, log, (storing) => told.push(storing));
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
    else next?.reject(fault());
    await vi.advanceTimersByTimeAsync(0);
  }

  test('everybody is told once, it is tried once a second, and everybody is told when it works', async () => {
    health.failed(fault());
    health.failed(fault());
    expect(told).toEqual([false]);
    expect(await triesInASecond()).toBe(1);
    await answer(false);
    expect(await triesInASecond()).toBe(1);
    await answer(true);
    expect(told).toEqual([false, true]);
    expect(await triesInASecond()).toBe(0);
  });

  test('who asks whether it is ready finds out first; the next failure is tried once a second, not twice', async () => {
    health.failed(fault());
    const ready = health.check();
    await answer(true);
    expect(await ready).toBe(true);
    expect(told).toEqual([false, true]);
    health.failed(fault());
    for (const _second of [1, 2, 3]) {
      expect(await triesInASecond()).toBe(1);
      await answer(false);
    }
    expect(told).toEqual([false, true, false]);
  });

  test('a try under way when it was found to work, and to fail again, goes on as the only one', async () => {
    health.failed(fault());
    expect(await triesInASecond()).toBe(1);
    const ready = health.check();
    asked.at(-1)?.resolve();
    expect(await ready).toBe(true);
    asked.pop();
    health.failed(fault());
    expect(await triesInASecond()).toBe(0);
    await answer(false);
    for (const _second of [1, 2, 3]) {
      expect(await triesInASecond()).toBe(1);
      await answer(false);
    }
    expect(told).toEqual([false, true, false]);
  });

  test('what was begun while it was away and fails when it is back is no new failure; what is begun then is one', async () => {
    const [first, late] = [fault(), fault()];
    health.failed(first);
    const ready = health.check();
    await vi.advanceTimersByTimeAsync(100);
    await answer(true);
    expect(await ready).toBe(true);
    health.failed(late);
    expect(told).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(100);
    health.failed(fault());
    expect(told).toEqual([false, true, false]);
  });

  test('once closed nothing is tried any more', async () => {
    health.failed(fault());
    expect(await triesInASecond()).toBe(1);
    health.close();
    await answer(false);
    expect(await triesInASecond()).toBe(0);
  });
});
