import { expect, test } from 'vitest';
import { fetchedLater } from './fetchedLater.ts';

test('[PAINT4] a part that got lost on the way is asked for again until it is there', async () => {
  let asked = 0;
  const waited: number[] = [];
  const part = (): Promise<string> => {
    asked += 1;
    return asked < 4 ? Promise.reject(new Error('Failed to fetch dynamically imported module')) : Promise.resolve('the part');
  };
  const wait = (ms: number): Promise<void> => {
    waited.push(ms);
    return Promise.resolve();
  };
  expect(await fetchedLater(part, wait)).toBe('the part');
  expect(asked).toBe(4);
  expect(waited).toEqual(waited.toSorted((a, b) => a - b));
});

test('[PAINT4] where it never comes, whoever waits for it is told', async () => {
  const lost = new Error('gone');
  await expect(
    fetchedLater(
      () => Promise.reject(lost),
      () => Promise.resolve(),
    ),
  ).rejects.toBe(lost);
});
