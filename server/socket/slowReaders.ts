import type { WebSocket } from 'ws';
import type { Limits } from '#shared/domain/limits.ts';
import type { RoomSocket } from './roomHub.ts';

const TICK_MS = 1_000;

/** What is looked at of Engine.IO's own queue; it has no public name. */
interface Line {
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: WebSocket };
}

/**
 * Closes room sockets whose reader stands still or is too far behind: Socket.IO queues for them without a bound. They come back and
 * catch up from the commit they have. Gives what ends the watch.
 */
export function closeSlowReaders(
  sockets: () => Iterable<RoomSocket>,
  limits: Pick<Limits, 'outgoingHardBytes' | 'outgoingStallMs'>,
  now: () => number,
): () => void {
  /** What is first in a socket's queue, and since when. */
  const stuck = new WeakMap<RoomSocket, { readonly first: object; readonly since: number }>();

  function look(socket: RoomSocket): void {
    const { writeBuffer, transport } = socket.conn as unknown as Line;
    const [first] = writeBuffer;
    if (first === undefined) {
      stuck.delete(socket);
      return;
    }
    const bytes = ({ data }: { readonly data?: unknown }): number => (typeof data === 'string' ? Buffer.byteLength(data) : 0);
    const queued = writeBuffer.reduce((sum, packet) => sum + bytes(packet), transport.socket?.bufferedAmount ?? 0);
    const before = stuck.get(socket);
    const since = before?.first === first ? before.since : now();
    stuck.set(socket, { first, since });
    // Closing politely would wait until the queue is empty.
    if (queued > limits.outgoingHardBytes || now() - since >= limits.outgoingStallMs) transport.socket?.terminate();
  }

  const timer = setInterval(() => {
    for (const socket of sockets()) look(socket);
  }, TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
