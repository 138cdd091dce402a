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

/**
 * Watches the event loop of this process from now on; `stop` gives the longest time it stood still and the most processor time one turn of
 * it used, in milliseconds. The first holds also what a busy machine took for others, the second does not.
 */
export function watchStalls(): { readonly stop: () => { readonly wallMs: number; readonly ranMs: number } } {
  let wallMs = 0;
  let ranMs = 0;
  let last = performance.now();
  let used = process.threadCpuUsage();
  const timer = setInterval(() => {
    const now = performance.now();
    const { user, system } = process.threadCpuUsage(used);
    wallMs = Math.max(wallMs, now - last - everyMs);
    ranMs = Math.max(ranMs, (user + system) / 1_000);
    last = now;
    used = process.threadCpuUsage();
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return { wallMs: Math.round(wallMs), ranMs: Math.round(ranMs) };
    },
  };
}

const everyMs = 10;
