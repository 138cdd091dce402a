import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aboutToRemove } from '../../support/leftBehind.ts';

/**
 * A folder for databases of tests that are about order and not about disks: in memory where there is such a place, so that
 * thousands of short histories do not wait for a disk each time. Run `remove` at the end.
 */
export async function quickFolder(name: string): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `${name}-`));
  return { folder, remove: () => aboutToRemove(folder).finally(() => rm(folder, { recursive: true, force: true })) };
}

/** Longest time the event loop of this process stands still from now on, in milliseconds; `stop` gives it. */
export function watchStalls(): { readonly stop: () => number } {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - everyMs);
    last = now;
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.round(longest);
    },
  };
}

const everyMs = 10;
