import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { MongoNetworkError } from 'mongodb';

/** The part of the driver's own class of connections that is mended here. */
interface DriverConnection {
  readonly socket: Socket;
  readonly error: Error | null;
  writeCommand(...given: unknown[]): Promise<void>;
}

const internals = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js') as {
  readonly Connection?: { prototype: DriverConnection };
};
const driver = internals.Connection?.prototype;
const write = driver?.writeCommand;

/**
 * Mends the driver, once for the process. It writes a command into its socket and, where the socket does not take it at once, waits
 * for `drain` or `error`. A socket that the other side closed gives neither: between its end and the driver's notice of it, or with
 * much to write, the command waited for ever, with no time limit, since a closed socket has none. A lane that waits for that
 * command stands still; and where it is the monitor's, the server counts as unknown for good. With this, such a command fails like
 * any other whose connection broke.
 */
export function failWritesIntoClosedSockets(): void {
  if (driver === undefined || write === undefined) throw new Error('This MongoDB driver is built otherwise than closedSocket.ts expects.');
  if (driver.writeCommand !== write) return;
  driver.writeCommand = async function (...given) {
    const closed = Promise.withResolvers<never>();
    const onClose = (): void =>
      closed.reject(this.error ?? new MongoNetworkError('the connection was closed before a command was written'));
    if (this.socket.closed) onClose();
    else this.socket.once('close', onClose);
    try {
      await Promise.race([write.apply(this, given), closed.promise]);
    } finally {
      this.socket.off('close', onClose);
    }
  };
}
