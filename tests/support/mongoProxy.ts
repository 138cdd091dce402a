import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { BSON } from 'mongodb';

/** A command as it crossed the wire: its first key is its name. */
export type WireCommand = Readonly<Record<string, unknown>>;

/** Stands between a client and a MongoDB, sees every command and can lose some. */
export interface MongoProxy {
  /** Address of the server through the proxy. */
  readonly url: string;
  /** Commands that clients sent, oldest first. */
  readonly commands: readonly WireCommand[];
  /**
   * Loses every command of this name until told otherwise: its request before it reaches the server, or its reply on the way
   * back. The connection breaks each time. Null loses nothing.
   */
  lose(what: { readonly command: string; readonly part: 'request' | 'reply' } | null): void;
  /** Breaks all connections and takes no new ones, until told otherwise. */
  setReachable(reachable: boolean): void;
  /** Hands nothing on and breaks nothing: what clients send waits, until told otherwise. */
  setSilent(silent: boolean): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a port of its own in front of the server at `url`. */
export async function startMongoProxy(url: string): Promise<MongoProxy> {
  const target = new URL(url);
  const commands: WireCommand[] = [];
  const sockets = new Set<Socket>();
  let losing: { readonly command: string; readonly part: 'request' | 'reply' } | null = null;
  let reachable = true;
  let silent = false;
  const clients = new Set<Socket>();

  const server = createServer((client) => {
    if (!reachable) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    let deaf = false;
    clients.add(client);
    client.on('close', () => clients.delete(client));
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on(
      'data',
      framed((frame) => {
        const command = commandIn(frame);
        if (command !== null) commands.push(command);
        const lost = command !== null && losing !== null && Object.keys(command)[0] === losing.command ? losing.part : null;
        if (lost === 'request') {
          end();
          return;
        }
        if (lost === 'reply') deaf = true;
        upstream.write(frame);
      }),
    );
    if (silent) client.pause();
    upstream.on('data', (data: Buffer) => {
      // The server has answered, so it has done what it was asked; now the answer gets lost.
      if (deaf) end();
      else client.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  // Else the driver asks the server for its members and goes to them directly.
  through.searchParams.delete('replicaSet');
  through.searchParams.set('directConnection', 'true');

  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    commands,
    lose: (what) => {
      losing = what;
    },
    setReachable(now) {
      reachable = now;
      if (!now) breakAll();
    },
    setSilent(now) {
      silent = now;
      for (const client of clients)
        if (now) client.pause();
        else client.resume();
    },
    async stop() {
      server.close();
      breakAll();
      await once(server, 'close');
    },
  };
}

/** Cuts a stream of bytes into messages of the wire protocol, each of which begins with its length. */
function framed(onFrame: (frame: Buffer) => void): (data: Buffer) => void {
  let held = Buffer.alloc(0);
  return (data) => {
    held = Buffer.concat([held, data]);
    while (held.length >= 4 && held.length >= held.readInt32LE(0)) {
      const length = held.readInt32LE(0);
      onFrame(held.subarray(0, length));
      held = held.subarray(length);
    }
  };
}

/** The command of an OP_MSG, whose first section is one document; null for any other message. */
function commandIn(frame: Buffer): WireCommand | null {
  const [opMsg, bodySection] = [2013, 0];
  if (frame.readInt32LE(12) !== opMsg || frame[20] !== bodySection) return null;
  return BSON.deserialize(frame.subarray(21), { allowObjectSmallerThanBufferSize: true });
}
