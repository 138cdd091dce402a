import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { ServerProcess } from './serverProcess.ts';

/** Whether this machine can make the disk of a running process fail. */
export const canFailDisk = spawnSync('prlimit', ['--version']).status === 0;

/**
 * From now on no file of the process may grow beyond what the log of its database has now: whatever it appends fails as on a disk that
 * is full or broken, and all it reads still answers. Gives the undo.
 */
export function failDisk(server: ServerProcess): () => void {
  const file = path.join(server.dataDir, 'shangliang.db');
  const sizes = [file, `${file}-wal`].map((name) => statSync(name, { throwIfNoEntry: false })?.size ?? 0);
  // Zero would be the end of the process's own output as well, where that goes to a file.
  limit(server, String(Math.max(1, Math.min(...sizes.filter((size) => size > 0)))));
  return () => limit(server, 'unlimited');
}

function limit({ pid }: ServerProcess, bytes: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  if (status !== 0) throw new Error(`prlimit: ${stderr.toString()}`);
}
