import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstBreak } from '#shared/domain/commit.ts';
import { evolve } from '#shared/domain/room.ts';
import { fromSnapshot, wholeSnapshot } from '#shared/domain/snapshot.ts';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { withPresence } from '#shared/protocol/presence.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import type { Visitor } from '../support/people.ts';
import { administrator, RoomClient, until } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
beforeAll(async () => {
  server = await ServerProcess.start({
    env: { LIMITS: JSON.stringify({ ...quickPace, socketsPerPerson: 200, socketsPerPersonInAll: 400 }) },
  });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Joining', visibility: 'public' }));
});
afterAll(() => server.dispose());

/** Folds what a client was sent as a client does: the snapshot, then each commit that is the next one. */
function fold(client: RoomClient): { state: RoomState; seq: number; hash: string } {
  const { snapshot, head, commits = [] } = client.joined ?? {};
  if (snapshot === undefined || head === undefined) throw new Error('not joined');
  let state = fromSnapshot(snapshot);
  let { seq, hash } = head;
  for (const commit of [...commits, ...client.commits]) {
    if (commit.seq <= seq) continue;
    expect(commit.seq, 'a gap').toBe(seq + 1);
    expect(firstBreak([commit], { seq, hash })).toBeNull();
    for (const { event } of commit.events) if (event !== undefined) state = evolve(state, event, commit);
    ({ seq, hash } = commit);
  }
  return { state, seq, hash };
}

test('[DOOR9] [VIS1] who joins while others write has no gap and nothing twice', async () => {
  const writer = await ana.join(roomId);
  let last = 0;
  let stop = false;
  const writing = (async () => {
    for (let n = 0; !stop; n += 1) last = await writer.act({ type: 'postComment', body: `comment ${n}`, parent: n === 0 ? null : 1 });
  })();
  await until(() => last > 3, 'the first comments');
  const clients: RoomClient[] = [];
  for (let n = 0; n < 60; n += 1) {
    // Somebody with a seat, somebody with none; some come with what they held before.
    const client = new RoomClient(server.url, n % 3 === 0 ? null : ana.cookie, roomId);
    clients.push(client);
    await client.join();
    if (n % 5 !== 4) continue;
    const then = last;
    await until(() => last > then, 'another comment');
  }
  const atJoin = new Set(clients.map((client) => client.joined?.head.seq));
  stop = true;
  await writing;
  await Promise.all([writer, ...clients].map((client) => client.reached(last)));
  const { state, seq, hash } = fold(writer);
  expect(seq).toBe(last);
  // The same room for everybody, whenever he came.
  for (const client of clients) {
    const own = fold(client);
    expect([own.seq, own.hash]).toEqual([seq, hash]);
    expect(wholeSnapshot(own.state)).toEqual(wholeSnapshot(state));
  }
  expect(atJoin.size, 'they came at different moments').toBeGreaterThan(5);
  for (const client of [...clients, writer]) client.close();
  console.log(`60 joined at ${atJoin.size} different heads while ${last} commits were made: no gap, nothing twice`);
});

test('[DOOR9] who comes back with what he holds gets the rest, over any number of commits', async () => {
  const writer = await ana.join(roomId);
  const away = await ana.join(roomId);
  const held = away.joined?.head ?? { seq: 0, hash: '' };
  away.close();
  let last = 0;
  for (let n = 0; n < 30; n += 1) last = await writer.act({ type: 'postComment', body: `while away ${n}` });
  const back = new RoomClient(server.url, ana.cookie, roomId);
  const answer = await back.tryJoin(held);
  if (!answer.ok) throw new Error(answer.rejection.code);
  expect(answer.snapshot).toBeUndefined();
  expect(answer.commits?.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, n) => held.seq + 1 + n));
  expect(firstBreak(answer.commits ?? [], held)).toBeNull();
  expect(answer.head.seq).toBe(last);
  // Too far behind for one answer: a snapshot instead; and the whole of it page by page.
  for (let n = 0; n < 50; n += 1) {
    const sent = Array.from({ length: 10 }, () => writer.act({ type: 'postComment', body: 'more' }));
    last = Math.max(...(await Promise.all(sent)));
  }
  const late = new RoomClient(server.url, ana.cookie, roomId);
  const whole = await late.tryJoin(held);
  expect(whole.ok && whole.snapshot !== undefined).toBe(true);
  let seq = 0;
  let hash = '';
  for (;;) {
    const page = await late.socket.emitWithAck('room:catchup', { after: seq });
    if (!page.ok || page.commits.length === 0) break;
    expect(page.commits.length).toBeLessThanOrEqual(500);
    expect(firstBreak(page.commits, { seq, hash })).toBeNull();
    ({ seq, hash } = page.commits.at(-1) ?? { seq, hash });
  }
  expect(seq).toBe(last);
  for (const client of [back, late, writer]) client.close();
});

test('[DOOR9] who comes back in the moment the last one leaves is in a live room', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Alone' });
  let client = await ana.join(id);
  for (let round = 0; round < 40; round += 1) {
    const next = new RoomClient(server.url, ana.cookie, id);
    await new Promise<void>((resolve) => next.socket.once('connect', () => resolve()));
    const joining = next.join();
    client.close();
    await joining;
    const seq = await next.act({ type: 'postComment', body: `round ${round}` });
    await next.reached(seq);
    const { joined } = next;
    expect(joined?.presence.here.length).toBe(1);
    client = next;
  }
  client.close();
});

test('presence: a person is here once, viewers are a number, and whoever leaves is gone', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Present', visibility: 'public' });
  const phone = await ana.join(id);
  let view = phone.joined?.presence ?? { here: [], watching: 0 };
  phone.socket.on('room:presence', (change) => (view = withPresence(view, change)));
  const me = phone.joined?.you.participantId ?? '';
  const laptop = await ana.join(id);
  const viewers = await Promise.all(
    [0, 1, 2].map(async () => {
      const viewer = new RoomClient(server.url, null, id);
      await viewer.join();
      return viewer;
    }),
  );
  await until(() => view.watching === 3, 'three viewers');
  expect(view.here).toEqual([{ participantId: me, number: 1, typing: null }]);
  laptop.socket.emit('presence:set', { typing: 'comment' });
  await until(() => view.here[0]?.typing === 'comment', 'typing');
  // A viewer shows nothing, whatever he says.
  viewers[0]?.socket.emit('presence:set', { typing: 'draft' });
  laptop.socket.emit('presence:set', { typing: null });
  await until(() => view.here[0]?.typing === null, 'no longer typing');
  const { rooms } = await ana.ok<{ rooms: { id: string; here: number; watching: number }[] }>('GET', '/api/rooms');
  expect(rooms.find((room) => room.id === id)).toMatchObject({ here: 1, watching: 3 });
  // Cut off while joining: nobody stays behind.
  for (let n = 0; n < 20; n += 1) {
    const hasty = new RoomClient(server.url, n % 2 === 0 ? null : ana.cookie, id);
    await new Promise<void>((resolve) => hasty.socket.once('connect', () => resolve()));
    hasty.socket.emit('room:join', { v: PROTOCOL_VERSION, roomId: id }, () => undefined);
    hasty.close();
  }
  for (const viewer of viewers) viewer.close();
  laptop.close();
  await until(() => view.watching === 0 && view.here.length === 1, 'all viewers gone');
  phone.close();
  const again = await ana.join(id);
  expect(again.joined?.presence).toEqual({ here: [{ participantId: me, number: 1, typing: null }], watching: 0 });
  again.close();
});

test('[DOOR21] who takes a long room packed gets it packed, as his class may see it, and misses nothing of what is written meanwhile', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Packed', visibility: 'public' });
  const writer = await ana.join(id);
  const joinPacked = async (cookie: string | null): Promise<{ readonly client: RoomClient; readonly bytes: number | null }> => {
    const client = new RoomClient(server.url, cookie, id);
    const answer = await client.socket.timeout(20_000).emitWithAck('room:join', { v: PROTOCOL_VERSION, roomId: id, packs: 'gzip' });
    if (!answer.ok) throw new Error('refused');
    const { packed, ...rest } = answer;
    const unpacked = packed === undefined ? {} : { snapshot: JSON.parse(gunzipSync(packed).toString()) as RoomSnapshot };
    client.joined = { ...rest, ...unpacked };
    return { client, bytes: packed?.byteLength ?? null };
  };
  const short = await joinPacked(null);
  expect([short.bytes, short.client.joined?.snapshot?.title.text]).toEqual([null, 'Packed']);
  short.client.close();
  for (let n = 0; n < 80; n += 1)
    await writer.act({ type: 'postComment', body: `comment ${n}: a ramp at the east gate, and longer hours` });
  await writer.act({ type: 'hideComment', comment: 1, reason: { code: 'other' } });

  // Nobody writes: to each class what it may read, in a fraction of the bytes.
  for (const cookie of [ana.cookie, null]) {
    const plain = new RoomClient(server.url, cookie, id);
    await plain.join();
    const { client, bytes } = await joinPacked(cookie);
    expect(client.joined?.snapshot).toEqual(plain.joined?.snapshot);
    expect(bytes).toBeGreaterThan(0);
    expect(Number(bytes)).toBeLessThan(JSON.stringify(plain.joined?.snapshot).length / 3);
    plain.close();
    client.close();
  }

  let stop = false;
  let last = 0;
  const writing = (async () => {
    while (!stop) last = await writer.act({ type: 'postComment', body: 'meanwhile' });
  })();
  const joined = await Promise.all(Array.from({ length: 60 }, (_, n) => joinPacked(n % 2 === 0 ? null : ana.cookie)));
  stop = true;
  await writing;
  // An acknowledgement may overtake the commit it stands for: the writer's own fold is compared once that commit is there.
  await writer.reached(last);
  const { state } = fold(writer);
  for (const { client } of joined) {
    await client.reached(last);
    const folded = fold(client);
    expect(folded.seq).toBe(last);
    if (client.joined?.you.audience === 'moderators') expect(wholeSnapshot(folded.state)).toEqual(wholeSnapshot(state));
    client.close();
  }
  writer.close();
  const packed = joined.filter(({ bytes }) => bytes !== null).length;
  console.log(`${packed} of 60 who joined while others wrote got the room packed`);
});
