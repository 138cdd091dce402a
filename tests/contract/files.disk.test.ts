import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDiskFiles } from '#server/files/diskFiles.ts';
import { filesContract } from './filesContract.ts';

async function newFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'shangliang-files-'));
}

filesContract('a folder', async () => {
  const folder = await newFolder();
  return {
    files: await openDiskFiles(folder),
    again: () => openDiskFiles(folder),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
});

test('[FIL4] only a hash names a content: no path leads out of the folder', async () => {
  const folder = await newFolder();
  const files = await openDiskFiles(folder);
  for (const name of ['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`]) {
    await expect(files.get(name)).rejects.toThrow(TypeError);
  }
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});
