import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { makeFolder } from '../durableFile.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { Files, StoredContent } from './ports.ts';

const hash = /^[0-9a-f]{64}$/;

/**
 * Contents as files of a folder, in subfolders by the first two digits. A content is written beside its place, synced, and only
 * then given its name, so that whatever has a name is whole.
 */
export async function openDiskFiles(folder: string): Promise<Files> {
  makeFolder(folder);
  const placeOf = (sha256: string): string => {
    if (!hash.test(sha256)) throw new TypeError('A content is named by its SHA-256.');
    return path.join(folder, sha256.slice(0, 2), sha256);
  };

  async function put(sha256: string, content: () => Readable): Promise<void> {
    const place = placeOf(sha256);
    if (await renewed(place)) return;
    const parent = path.dirname(place);
    makeFolder(parent);
    const beside = path.join(folder, `.${randomUUID()}`);
    try {
      await pipeline(content(), createWriteStream(beside, { flags: 'wx', flush: true }));
      await rename(beside, place);
      await folderSynced(parent);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  }

  async function list(after: string, limit: number): Promise<readonly StoredContent[]> {
    const found: StoredContent[] = [];
    for (const shelf of (await readdir(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
      if (shelf < after.slice(0, 2)) continue;
      for (const sha256 of (await readdir(path.join(folder, shelf))).sort()) {
        if (!hash.test(sha256) || sha256 <= after) continue;
        if (found.length >= limit) return found;
        const { mtimeMs } = await stat(path.join(folder, shelf, sha256));
        found.push({ sha256, storedAt: Math.floor(mtimeMs) });
      }
    }
    return found;
  }

  return {
    description: folder,
    put: (sha256, content) => guarded(() => put(sha256, content)),
    get: (sha256) =>
      guarded(async () => {
        const place = placeOf(sha256);
        // What cannot be read is one content; the folder takes and gives the others.
        const found = await stat(place).catch((error: unknown) => {
          if (absentOrBroken(error)) return null;
          throw error;
        });
        return found === null ? null : { bytes: found.size, content: createReadStream(place) };
      }),
    remove: (sha256) => guarded(() => rm(placeOf(sha256), { force: true })),
    list: (after, limit) => guarded(() => list(after, limit)),
    close: () => Promise.resolve(),
  };
}

/** Whether the content is there; it then counts as stored now. */
async function renewed(place: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(place, now, now);
    return true;
  } catch (error) {
    absent(error);
    return false;
  }
}

function absentOrBroken(error: unknown): boolean {
  return ['ENOENT', 'EIO', 'EBADMSG', 'EUCLEAN', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

/** A new name in a folder is durable once the folder is. */
async function folderSynced(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new StoreUnavailable(`The folder of files failed: ${error.message}`, { cause: error });
    throw error;
  }
}
