import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { administrator, RoomClient, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';

/* A phone in a bad network: it reads all the time, but what it came for takes far longer than a reader may stand still. */

const pieceBytes = 50_000;
const pieces = 160;

let server: ServerProcess;
let ana: Visitor;
let chair: RoomClient;
let roomId: string;
let draftId: string;
beforeAll(async () => {
  const limits = { ...quickPace, commentBytes: 2 * pieceBytes, messageBytes: 4 * pieceBytes, outgoingStallMs: 1_500 };
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(limits) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'A large room', visibility: 'public' }));
  chair = await ana.join(roomId);
  draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
});
afterAll(async () => {
  chair.close();
  await server.dispose();
});

/** Lets the line take one piece in this many milliseconds, until it ends. */
function narrow(line: Socket, everyMs = 35): void {
  line.pause();
  line.on('data', () => line.pause());
  const timer = setInterval(() => line.resume(), everyMs);
  line.on('close', () => clearInterval(timer));
}

describe('[OP4] [DR18] who reads slowly, but reads, is not taken for one who stands still', () => {
  test('a large room and a large draft arrive over a narrow line while others go on', async () => {
    await Promise.all(Array.from({ length: pieces }, () => chair.act({ type: 'postComment', body: 'c'.repeat(pieceBytes) })));
    const typist = await (await new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
    for (let n = 0; n < pieces; n += 1) typist.sendUpdate(typist.typed('d'.repeat(pieceBytes)));
    await until(() => typist.saved === pieces, 'the draft is stored', 60_000);

    const room = new RoomClient(server.url, null, roomId);
    await until(() => room.socket.connected, 'a line to the room');
    narrow((room.socket.io.engine.transport as unknown as { ws: { _socket: Socket } }).ws._socket);
    const draft = await new DraftSocketClient(server.url, {}, `${roomId}/${draftId}`).settled();
    narrow((draft.ws as WebSocket & { _socket: Socket })._socket);
    const begun = performance.now();
    let said = 0;
    const joining = Promise.all([room.tryJoin(), draft.synced()]);
    let there = false;
    void joining.finally(() => (there = true));
    while (!there) {
      said += 1;
      await chair.act({ type: 'postComment', body: `meanwhile ${said}` });
      typist.sendUpdate(typist.typed(`meanwhile ${said}`));
      await until(() => typist.saved === pieces + said, 'a word is stored');
    }
    const [joined] = await joining;
    console.log(`the room and the draft took ${Math.round(performance.now() - begun)} ms; ${said} words meanwhile`);
    expect(joined.ok).toBe(true);
    expect([room.socket.connected, draft.closed]).toEqual([true, null]);
    await until(() => room.commits.length >= said && draft.text.endsWith(`meanwhile ${said}`), 'what was said meanwhile');
    for (const one of [typist, draft]) one.close();
    room.close();
  });
});
