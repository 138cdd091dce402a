import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface CuttingProxy {
  /** Address of the server through the proxy. */
  readonly url: string;
  /** How many connections were cut so far. */
  readonly cuts: number;
  /** From now on nothing is cut any more. */
  calm(): void;
  stop(): Promise<void>;
}

/**
 * Stands between clients and a server, and cuts every connection after a number of bytes that `bytesUntilCut` gives, counted over both
 * directions: in the middle of a message, of an answer, of a handshake, wherever it happens to be. What came before the cut is passed on.
 */
export async function startCuttingProxy(target: string, bytesUntilCut: () => number): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let cuts = 0;
  let calm = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let left = calm ? Number.POSITIVE_INFINITY : bytesUntilCut();
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const pass = (to: Socket) => (data: Buffer) => {
      to.write(data.subarray(0, Math.min(data.length, left)));
      left -= data.length;
      if (left > 0) return;
      cuts += 1;
      // Behind what was written: half a message arrives, and then nothing.
      to.end();
      setImmediate(end);
    };
    client.on('data', pass(upstream));
    upstream.on('data', pass(client));
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    calm() {
      calm = true;
    },
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
