import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Store } from './store/ports.ts';
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

test('[ST14] after a failure nothing is answered from memory', async () => {
  const place = new Place();
  const told: boolean[] = [];
  const health = new StoreHealth(place.store, log, (storing) => told.push(storing));
  expect(await health.check()).toBe(true);
  place.fails = true;
  health.failed(new Error('full'));
  expect([await health.check(), await health.check()]).toEqual([false, false]);
  expect(place.writes).toBe(3);
  place.fails = false;
  expect(await health.check()).toBe(true);
  expect(told).toEqual([false, true]);
  health.close();
});
