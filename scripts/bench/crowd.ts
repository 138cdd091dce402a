/* Listeners in a process of their own, so that what they cost is not taken for what the server costs. Told what to do over IPC. */
import process from 'node:process';
import { listen } from './listener.ts';
import type { Door, Heard, Place } from './listener.ts';

export type Order = { readonly is: 'open'; readonly place: Place; readonly count: number } | { readonly is: 'heard' };
export type Report = Readonly<Record<Door, Heard>>;

const heard: Record<Door, Heard> = {
  draft: { changes: 0, bytes: 0 },
  room: { changes: 0, bytes: 0 },
  relay: { changes: 0, bytes: 0 },
};

process.on('message', (order: Order) => {
  if (order.is === 'heard') process.send?.(heard);
  else
    open(order.place, order.count).then(
      () => process.send?.(heard),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
});
process.on('disconnect', () => process.exit(0));

async function open(place: Place, count: number): Promise<void> {
  for (let n = 0; n < count; n += 20) {
    const doors = (['draft', 'room', 'relay'] as const).flatMap((door) => Array.from({ length: Math.min(20, count - n) }, () => door));
    await Promise.all(doors.map((door) => listen(door, place, heard[door])));
  }
}
