import { EventEmitter } from 'node:events';
import type { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tellWhenOutOfReach } from './reach.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const driver = new EventEmitter();
  let told = 0;
  const end = tellWhenOutOfReach(driver as unknown as MongoClient, () => (told += 1));
  const are = (...types: string[]): void => {
    const servers = new Map(types.map((type, index) => [`host${index}`, { type }]));
    driver.emit('topologyDescriptionChanged', { newDescription: { servers } });
  };
  return { driver, are, end, told: () => told };
}

test('[ST14] a database none of whose servers answers is told once, within a second; and again the next time', () => {
  const { are, told } = watched();
  are('Unknown', 'Unknown');
  are('Unknown', 'Unknown');
  expect(told()).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(told()).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect(told()).toBe(1);
  are('RSPrimary', 'Unknown');
  are('Unknown', 'Unknown');
  vi.advanceTimersByTime(1_000);
  expect(told()).toBe(2);
});

test('[ST14] a connection that broke and is there again, and an election, are not told', () => {
  const { are, told } = watched();
  are('Standalone');
  are('Unknown');
  vi.advanceTimersByTime(500);
  are('Standalone');
  vi.advanceTimersByTime(10_000);
  are('RSSecondary', 'RSSecondary', 'Unknown');
  vi.advanceTimersByTime(10_000);
  expect(told()).toBe(0);
});

test('[ST14] who closes the store hears nothing more', () => {
  const { driver, are, end, told } = watched();
  are('Unknown');
  end();
  are('Unknown');
  vi.advanceTimersByTime(10_000);
  expect([told(), driver.listenerCount('topologyDescriptionChanged')]).toEqual([0, 0]);
});
