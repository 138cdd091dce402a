import { randomUUID } from 'node:crypto';
import { closeSync, constants, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/*
 * Files that the house makes for itself. A file is durable once it is synced and the folder that names it is: without the second a power
 * cut just after the first start takes a key away that acknowledged things rest on.
 */

/** Syncs a folder: names given, changed and taken away in it are durable from then on. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes a folder with all that lead to it, where they are not there, and syncs the names of those it made. */
export function makeFolder(folder: string): void {
  const whole = path.resolve(folder);
  const first = mkdirSync(whole, { recursive: true });
  if (first === undefined) return;
  for (let made = whole; made.length >= first.length; made = path.dirname(made)) syncFolder(path.dirname(made));
}

/**
 * Writes a new file so that it is there whole and durable, or not at all: beside its place, synced, then under its name, and the folder
 * synced. Throws EEXIST where there is one of that name. `mode`: its permissions.
 */
export function makeFile(file: string, content: string, mode: number): void {
  const folder = path.dirname(path.resolve(file));
  const beside = path.join(folder, `.${path.basename(file)}.${randomUUID()}`);
  const handle = openSync(beside, 'wx', mode);
  try {
    try {
      writeSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    nameOnce(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
  syncFolder(folder);
}

/** Gives a file its name without taking it from another one, as renaming would. */
function nameOnce(beside: string, file: string): void {
  try {
    linkSync(beside, file);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // A file system without links: the name is reserved first.
    closeSync(openSync(file, 'wx'));
    renameSync(beside, file);
  }
}
