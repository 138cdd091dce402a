/* Listeners in a process of their own, so that what they cost is not taken for what the server costs. Told what to do over IPC. */
import process from 'node:process';
import type { WebSocket } from 'ws';
import { listen, nothingHeard, sayTyping } from './listener.ts';
import type { Door, Heard, Place } from './listener.ts';

export type Order =
  /** So many listeners at each of the doors; where there are cookies, one for each of them. */
  | {
      readonly is: 'open';
      readonly place: Place;
      readonly count: number;
      readonly doors?: readonly Door[];
      readonly cookies?: readonly string[];
    }
  /** Those at the room begin to type and stop again, each of them once in so many milliseconds. */
  | { readonly is: 'type'; readonly everyMs: number }
  | { readonly is: 'heard' };
export type Report = Readonly<Record<Door, Heard>>;

const heard: Record<Door, Heard> = { draft: nothingHeard(), room: nothingHeard(), relay: nothingHeard() };
const inRoom: WebSocket[] = [];

process.on('message', (order: Order) => {
  if (order.is === 'type') typeEvery(order.everyMs);
  if (order.is !== 'open') process.send?.(heard);
  else
    open(order).then(
      () => process.send?.(heard),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
});
process.on('disconnect', () => process.exit(0));

async function open({ place, count, doors = ['draft', 'room', 'relay'], cookies }: Extract<Order, { is: 'open' }>): Promise<void> {
  for (let from = 0; from < count; from += 20) {
    const numbers = Array.from({ length: Math.min(20, count - from) }, (_, n) => from + n);
    await Promise.all(
      doors.flatMap((door) =>
        numbers.map(async (n) => {
          const socket = await listen(door, place, heard[door], cookies?.[n]);
          if (door === 'room') inRoom.push(socket);
        }),
      ),
    );
  }
}

function typeEvery(everyMs: number): void {
  inRoom.forEach((socket, n) => {
    let typing = false;
    const turn = (): void => {
      typing = !typing;
      sayTyping(socket, typing ? 'comment' : null);
    };
    setTimeout(() => setInterval(turn, everyMs), (everyMs * n) / inRoom.length);
  });
}
