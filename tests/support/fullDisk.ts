import { spawnSync } from 'node:child_process';
import type { ServerProcess } from './serverProcess.ts';

/** Whether this machine can make the disk of a running process fail. */
export const canFailDisk = spawnSync('prlimit', ['--version']).status === 0;

/**
 * From now on no file of the process takes anything behind its first byte: whatever it writes fails as on a disk that is full or broken,
 * and all it reads still answers. Gives the undo. A larger limit would leave room in a write-ahead log that begins again in front: small
 * writes then go through and larger ones do not, for as long as that lasts.
 */
export function failDisk(server: ServerProcess): () => void {
  // Zero would be the end of the process's own output as well, where that goes to a file.
  limit(server, '1');
  return () => limit(server, 'unlimited');
}

function limit({ pid }: ServerProcess, bytes: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  if (status !== 0) throw new Error(`prlimit: ${stderr.toString()}`);
}
