/*
 * The floor under a durable acknowledgement on this machine at this moment, in a process of its own: so many appends a second by the
 * clock; what has gathered while the disk was busy goes into one write and one fdatasync. Nothing is checked, indexed or sent.
 */
import { open, rm } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

export interface AppendOrder {
  readonly file: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly bytes: number;
}

process.on('message', (order: AppendOrder) => {
  append(order).then(
    (waited) => process.send?.(waited),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));

async function append({ file, perSecond, seconds, bytes }: AppendOrder): Promise<readonly number[]> {
  const handle = await open(file, 'w');
  const line = Buffer.alloc(bytes, 'a');
  const waited: number[] = [];
  let gathered: number[] = [];
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    while (gathered.length > 0) {
      const turn = gathered;
      gathered = [];
      await handle.write(Buffer.concat(turn.map(() => line)));
      await handle.datasync();
      const now = performance.now();
      for (const at of turn) waited.push(now - at);
    }
    writing = null;
  };
  const begun = performance.now();
  try {
    for (let n = 0; n < perSecond * seconds; n += 1) {
      const due = begun + (n * 1_000) / perSecond - performance.now();
      if (due > 1) await pause(due);
      gathered.push(performance.now());
      writing ??= write();
    }
    await writing;
    return waited;
  } finally {
    await handle.close();
    await rm(file);
  }
}
