import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEnding } from './ending.ts';
import type { Ending } from './ending.ts';

describe('[OP10] how the process ends', () => {
  const happened: string[] = [];
  let closed: PromiseWithResolvers<void>;
  let ending: Ending;

  beforeEach(() => {
    vi.useFakeTimers();
    happened.length = 0;
    closed = Promise.withResolvers();
    ending = createEnding({ fatal: (_fields: unknown, words?: string) => happened.push(`said: ${words ?? ''}`) }, (code) =>
      happened.push(`exit ${code}`),
    );
  });
  afterEach(() => vi.useRealTimers());

  function begins(): void {
    ending.begins({
      stopAccepting: () => happened.push('nobody comes in'),
      close: () => {
        happened.push('closing');
        return closed.promise;
      },
    });
  }

  test('asked to, it finishes what is under way however long that takes, once, and ends with 0', async () => {
    begins();
    expect([ending.asked(), ending.asked()]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(happened).toEqual(['closing']);
    closed.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(happened).toEqual(['closing', 'exit 0']);
  });

  test('after an error nobody caught it says so, lets nobody in, finishes, and ends with 1', async () => {
    begins();
    ending.broken(new Error('planned'), 'an error nobody caught');
    expect(happened).toEqual(['said: an error nobody caught', 'nobody comes in', 'closing']);
    closed.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(happened.at(-1)).toBe('exit 1');
  });

  test('what cannot be finished in five seconds then is left, and a second error does not prolong it', async () => {
    begins();
    ending.broken(new Error('planned'), 'one');
    await vi.advanceTimersByTimeAsync(4_000);
    ending.broken(new Error('planned'), 'two');
    await vi.advanceTimersByTimeAsync(999);
    expect(happened.filter((what) => what.startsWith('exit'))).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(happened.filter((what) => what.startsWith('exit') || what === 'closing')).toEqual(['closing', 'exit 1']);
  });

  test('an error while it ends as it was asked to makes it end with 1', async () => {
    begins();
    ending.asked();
    ending.broken(new Error('planned'), 'late');
    closed.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(happened.at(-1)).toBe('exit 1');
  });

  test('an error before there is anything to end ends it at once', () => {
    ending.broken(new Error('planned'), 'early');
    expect(happened).toEqual(['said: early', 'exit 1']);
  });
});
