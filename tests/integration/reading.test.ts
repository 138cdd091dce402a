import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { DraftLogPage } from '#shared/protocol/historyView.ts';
import type { LogPage } from '#shared/protocol/messages.ts';
import { administrator, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

/* What reading may cost: pages in bytes, a pace, a bound on what is held, and no place for who stands still. */
const mebibyte = 1024 * 1024;

let inside: InProcess;
let ana: Visitor;
let roomId: string;
let draftId: string;

beforeAll(async () => {
  inside = await startInProcess({
    limits: { framesPerSecond: 10_000, frameBurst: 10_000, frameBytesPerSecond: 1e9, outgoingStallMs: 1_000, historyBytes: 5 * mebibyte },
  });
  ana = await administrator(inside.base, inside.app.setupSecret ?? '');
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Read', visibility: 'public' }));
  const chair = await ana.join(roomId);
  draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  const typist = await new DraftSocketClient(inside.base, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
  await typist.synced();
  for (let n = 0; n < 12; n += 1) {
    typist.sendUpdate(typist.typed(`${n} `.padEnd(400_000, 'd')));
    await until(() => typist.saved === n + 1, 'an acknowledged frame');
  }
  for (let n = 0; n < 240; n += 1) await chair.act({ type: 'postComment', body: `${n} `.padEnd(9_000, 'c') });
  typist.close();
  chair.close();
});
afterAll(() => inside.dispose());

test('[DOOR22] a page of a draft’s log ends where its bytes do, and `next` leads to the end', async () => {
  const ordinals: number[] = [];
  let pages = 0;
  for (let after: number | null = 0; after !== null; pages += 1) {
    const page: DraftLogPage = await ana.ok('GET', `/api/rooms/${roomId}/drafts/${draftId}/log?after=${after}&limit=1000`);
    const bytes = page.entries.reduce((sum, entry) => sum + Buffer.from(entry.bytes, 'base64').byteLength, 0);
    expect(bytes).toBeLessThanOrEqual(mebibyte);
    ordinals.push(...page.entries.map(({ ordinal }) => ordinal));
    after = page.next;
  }
  expect(ordinals).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  expect(pages).toBe(7);
});

test('[DOOR22] a page of a room’s log ends where its bytes do, over HTTP and over the socket', async () => {
  const seen: WireCommit[] = [];
  let pages = 0;
  for (let after: number | null = 0; after !== null; pages += 1) {
    const page: LogPage = await ana.ok('GET', `/api/rooms/${roomId}/log?after=${after}&limit=500`);
    expect(JSON.stringify(page.commits).length).toBeLessThan(1.5 * mebibyte);
    seen.push(...page.commits);
    after = page.next;
  }
  expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1));
  expect([seen.length > 240, pages]).toEqual([true, 3]);
  const client = await ana.join(roomId);
  const caught = await client.socket.emitWithAck('room:catchup', { after: 0 });
  client.close();
  expect(caught.ok && JSON.stringify(caught.commits).length < 1.5 * mebibyte && caught.commits.length < seen.length).toBe(true);
});

test('[HI12] a history that would take more memory than there is for it is refused by name; log and text are read all the same', async () => {
  const draft = `/api/rooms/${roomId}/drafts/${draftId}`;
  for (const path of ['/history', '/history/3', '/history'])
    expect(await ana.request('GET', draft + path)).toEqual({
      status: 413,
      json: { rejection: { code: 'historyTooLarge', most: 5 * mebibyte, got: expect.any(Number) as number } },
    });
  for (const path of ['', '/export?format=md', '/log?limit=1']) expect((await ana.request('GET', draft + path)).status).toBe(200);
});

test('[DOOR22] who asks for the head alone is sent none of it', async () => {
  for (const path of ['/record', `/drafts/${draftId}/log`, '/outcome']) {
    const response = await fetch(`${inside.base}/api/rooms/${roomId}${path}`, { method: 'HEAD', headers: { cookie: ana.cookie ?? '' } });
    expect([path, response.status, await response.text()]).toEqual([path, 200, '']);
  }
});

test('[DOOR24] a reader who stands still loses his line, and others are answered meanwhile', async () => {
  const { port } = new URL(inside.base);
  const socket = connect(Number(port), '127.0.0.1');
  let ended = false;
  socket.on('close', () => (ended = true));
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`GET /api/rooms/${roomId}/record HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncookie: ${ana.cookie ?? ''}\r\n\r\n`);
  let answered = 0;
  while (!ended && answered < 10_000) {
    expect((await ana.request('GET', '/api/limits')).status).toBe(200);
    answered += 1;
    // Who reads nothing hears of no end either; a line that is closed takes nothing.
    socket.write('\r\n');
  }
  expect([ended, answered > 0]).toEqual([true, true]);
});

test('[DOOR23] questions have a pace of a person and of an address, by what their answers may hold', async () => {
  const limits = { readsPerSecond: 1, readBurst: 12, readsPerSecondPerAddress: 1, readBurstPerAddress: 60 };
  const paced = await startInProcess({ limits, now: () => 1_790_000_000_000 });
  const bob = await administrator(paced.base, paced.app.setupSecret ?? '');
  const { id } = await bob.ok<{ id: string }>('POST', '/api/rooms', { title: 'Paced', visibility: 'public' });
  const statuses = async (cookie: string | null, path: string, times: number): Promise<string> => {
    const told: number[] = [];
    for (let n = 0; n < times; n += 1) {
      const response = await fetch(`${paced.base}/api${path}`, cookie === null ? {} : { headers: { cookie } });
      told.push(response.status);
      if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      await response.text();
    }
    return told.join(' ');
  };
  // A page of a log takes five of twelve.
  expect(await statuses(bob.cookie, `/rooms/${id}/log`, 3)).toBe('200 200 429');
  expect(await statuses(bob.cookie, '/me', 3)).toBe('200 200 429');
  // Strangers behind the same address have what is left of it.
  expect(await statuses(null, `/rooms/${id}/log`, 10)).toBe('200 200 200 200 200 200 200 200 200 429');
  await paced.dispose();
});
