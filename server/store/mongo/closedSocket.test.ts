import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { BSON } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MongoConnection } from './connect.ts';
import { connectMongo } from './connect.ts';

const [headBytes, opQuery, opReply, opMsg] = [16, 2004, 1, 2013];
/** What a single server says to whatever it is asked. */
const answer = { ok: 1, version: '8.0.17', isWritablePrimary: true, helloOk: true, minWireVersion: 0, maxWireVersion: 21 };

/** Answers every command it is sent; just enough of the wire protocol for the driver to believe it. */
function answerAll(client: Socket): void {
  let held = Buffer.alloc(0);
  client.on('error', () => undefined);
  client.on('data', (data: Buffer) => {
    held = Buffer.concat([held, data]);
    while (held.length >= headBytes && held.length >= held.readInt32LE(0)) {
      const [length, requestId, asked] = [held.readInt32LE(0), held.readInt32LE(4), held.readInt32LE(12)];
      held = held.subarray(length);
      // A reply of the old kind has 20 bytes of its own before the document, the last four of which count documents; a message five.
      const before = Buffer.alloc(asked === opQuery ? 20 : 5);
      if (asked === opQuery) before.writeInt32LE(1, 16);
      const body = Buffer.concat([before, BSON.serialize(answer)]);
      const head = Buffer.alloc(headBytes);
      [headBytes + body.length, 0, requestId, asked === opQuery ? opReply : opMsg].forEach((part, place) =>
        head.writeInt32LE(part, place * 4),
      );
      client.write(Buffer.concat([head, body]));
    }
  });
}

describe('[ST20] a command that meets a connection which is closed already', () => {
  const sockets: Socket[] = [];
  const note = (message: unknown): void => void sockets.push((message as { readonly socket: Socket }).socket);
  let server: Server;
  let mongo: MongoConnection;

  beforeEach(async () => {
    server = createServer(answerAll).listen(0, '127.0.0.1');
    await once(server, 'listening');
    subscribe('net.client.socket', note);
    const url = `mongodb://127.0.0.1:${String((server.address() as AddressInfo).port)}/?directConnection=true&heartbeatFrequencyMS=500`;
    mongo = await connectMongo({ url, allowStandalone: true });
  });

  afterEach(async () => {
    unsubscribe('net.client.socket', note);
    sockets.length = 0;
    await mongo.client.close();
    server.close();
  });

  test('fails, where the driver has not been told yet; it does not wait for ever', async () => {
    await mongo.db.command({ ping: 1 });
    for (const socket of sockets) socket.destroy();
    await expect(mongo.db.command({ ping: 1 })).rejects.toMatchObject({ name: 'MongoNetworkError' });
  });

  test('fails, where the connection is closed while much is still to be written', async () => {
    const answered = mongo.db.command({ ping: 1, much: 'x'.repeat(8 * 1024 * 1024) });
    answered.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    for (const socket of sockets) if (socket.writableNeedDrain) socket.destroy();
    await expect(answered).rejects.toMatchObject({ name: 'MongoNetworkError' });
  });

  test('the driver still looks after the server when it met one itself', async () => {
    const [monitoring] = sockets;
    mongo.client.once('serverHeartbeatStarted', () => monitoring?.destroy());
    await once(mongo.client, 'serverHeartbeatFailed');
    await once(mongo.client, 'serverHeartbeatSucceeded');
    expect(await mongo.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});
