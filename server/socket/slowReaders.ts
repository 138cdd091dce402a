import type { WebSocket } from 'ws';
import type { Limits } from '#shared/domain/limits.ts';
import { untakenBytes } from './lineProgress.ts';
import type { RoomSocket } from './roomHub.ts';

const TICK_MS = 1_000;

/** What is looked at of Engine.IO's own queue; it has no public name. */
interface Line {
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: WebSocket };
}

/** Where a queue stood when it was looked at, and since when it stands there. */
interface Mark {
  readonly first: object | undefined;
  readonly untaken: number | undefined;
  readonly since: number;
}

/**
 * Closes room sockets whose reader stands still or is too far behind: Socket.IO queues for them without a bound. They come back and
 * catch up from the commit they have. What is under way already is not counted: a room may be larger than what may wait, and who reads
 * it over a narrow line is let be as long as he reads. Gives what ends the watch.
 */
export function closeSlowReaders(
  sockets: () => Iterable<RoomSocket>,
  limits: Pick<Limits, 'outgoingHardBytes' | 'outgoingStallMs'>,
  now: () => number,
): () => void {
  const marks = new WeakMap<RoomSocket, Mark>();

  function look(socket: RoomSocket): void {
    const { writeBuffer, transport } = socket.conn as unknown as Line;
    const [first] = writeBuffer;
    if (first === undefined && (transport.socket?.bufferedAmount ?? 0) === 0) {
      marks.delete(socket);
      return;
    }
    const bytes = ({ data }: { readonly data?: unknown }): number => (typeof data === 'string' ? Buffer.byteLength(data) : 0);
    const queued = writeBuffer.reduce((sum, packet) => sum + bytes(packet), 0);
    const untaken = untakenBytes(transport.socket);
    const before = marks.get(socket);
    const stands = before !== undefined && before.first === first && before.untaken === untaken;
    const since = stands ? before.since : now();
    marks.set(socket, { first, untaken, since });
    // Closing politely would wait until the queue is empty.
    if (queued > limits.outgoingHardBytes || now() - since >= limits.outgoingStallMs) transport.socket?.terminate();
  }

  const timer = setInterval(() => {
    for (const socket of sockets()) look(socket);
  }, TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
