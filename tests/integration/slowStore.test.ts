import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordStore, Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { withPresence } from '#shared/protocol/presence.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import type { Visitor } from '../support/people.ts';
import { administrator, RoomClient, until } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { tokenOf } from './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

/* What is asked of a store over a network takes time; whatever can happen meanwhile happens here. */
let server: InProcess;
let ana: Visitor;
let slow = false;
/** How often the records were searched. */
let asked = 0;
/** A record whose readers wait until they are let go, with what they read before. */
let held: Held | null = null;
/** What searches wait for, while there is such a thing. */
let finding: Promise<void> | null = null;

class Held {
  readonly id: string;
  readonly #gate = Promise.withResolvers<void>();
  waiting = 0;

  constructor(id: string) {
    this.id = id;
  }

  async wait(): Promise<void> {
    this.waiting += 1;
    await this.#gate.promise;
  }

  letGo(): void {
    this.#gate.resolve();
  }
}

beforeAll(async () => {
  server = await startInProcess({ wrap: slowReads, limits: { joinTimeoutMs: 3_000, frameBytesPerSecond: 1_000_000_000 } });
  ana = await administrator(server.base, server.app.setupSecret ?? '');
});
afterAll(async () => {
  slow = false;
  await server.dispose();
});

function slowReads(store: Store<RecordKinds>): Store<RecordKinds> {
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, slow ? 15 : 0));
  const { records } = store;
  const slowed: RecordStore<RecordKinds> = {
    insert: (kind, record) => records.insert(kind, record),
    get: async (kind, id) => {
      const found = await records.get(kind, id);
      await (held?.id === id ? held.wait() : wait());
      return found;
    },
    find: async (kind, field, value, options) => {
      asked += 1;
      const found = await records.find(kind, field, value, options);
      await (finding ?? wait());
      return found;
    },
    list: (kind, options) => records.list(kind, options),
    replace: (kind, record) => records.replace(kind, record),
    remove: (kind, id) => records.remove(kind, id),
    removeExpired: (kind, at) => records.removeExpired(kind, at),
  };
  return { ...store, records: slowed };
}

/** Waits until the server knows whose connection it is: it answers nothing before. */
async function known(client: RoomClient): Promise<RoomClient> {
  expect(await client.socket.emitWithAck('room:catchup', { after: 0 })).toMatchObject({ ok: false });
  return client;
}

test('[DOOR9] who comes back in the moment the last one leaves is in a live room', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Alone', visibility: 'private' });
  let client = await ana.join(id);
  slow = true;
  for (let round = 0; round < 10; round += 1) {
    const next = await known(new RoomClient(server.base, ana.cookie, id));
    const joining = next.join();
    client.close();
    // Beside, one who may not enter opens the same room and leaves it.
    const refused = new RoomClient(server.base, null, id);
    expect(await refused.tryJoin()).toMatchObject({ ok: false });
    await joining;
    const seq = await next.act({ type: 'postComment', body: `round ${round}` });
    await next.reached(seq);
    refused.close();
    client = next;
  }
  slow = false;
  client.close();
});

test('whoever hangs up while joining is not among those present', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Hasty', visibility: 'public' });
  const stays = await ana.join(id);
  slow = true;
  const hasty = await Promise.all(
    Array.from({ length: 6 }, (_, n) => known(new RoomClient(server.base, n % 2 === 0 ? null : ana.cookie, id))),
  );
  const before = asked;
  for (const client of hasty) client.socket.emit('room:join', { v: PROTOCOL_VERSION, roomId: id }, () => undefined);
  // The store is asked for Ana's seat; strangers have none, and the names are read once for all.
  await until(() => asked >= before + hasty.length / 2, 'the joins to begin');
  for (const client of hasty) client.close();
  // Their joins end before this one's, or none of them counts.
  const last = await ana.join(id);
  slow = false;
  let view = last.joined?.presence;
  stays.socket.on('room:presence', (change) => (view = view && withPresence(view, change)));
  await until(() => view?.watching === 0 && view.here.length === 1, 'nobody but Ana');
  last.close();
  stays.close();
});

test('[DOOR10] a sign-in that ends while a socket is being opened takes the socket with it', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Ended', visibility: 'private' });
  const room = await ana.join(id);
  const draftId = room.joined?.snapshot?.drafts[0]?.id ?? '';
  room.close();
  for (let round = 0; round < 5; round += 1) {
    const credentials = await tokenOf(ana, ['read', 'write']);
    const { tokens } = await ana.ok<{ tokens: { id: string; createdAt: number }[] }>('GET', '/api/tokens');
    const newest = tokens.sort((a, b) => b.createdAt - a.createdAt)[0]?.id ?? '';
    const reading = new Held(newest);
    held = reading;
    const draft = new DraftSocketClient(server.base, credentials, `${id}/${draftId}`);
    const client = new RoomClient(server.base, null, id, { ...credentials });
    let ended = '';
    client.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));
    // Both doors have read the sign-in and not gone on; it ends; then they go on.
    await until(() => reading.waiting === 2, 'both doors');
    await ana.ok('DELETE', `/api/tokens/${newest}`);
    held = null;
    reading.letGo();
    await until(() => draft.closed !== null && ended !== '', 'the end of both sockets');
    expect(ended).toBe('signInNeeded');
    expect(draft.closed).toBe(4440);
  }
});

test('[DOOR12] while it is not known whose a socket is, little of what it sends is taken in, and it is not kept for ever', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Unknown', visibility: 'public' });
  const room = await ana.join(id);
  const draftId = room.joined?.snapshot?.drafts[0]?.id ?? '';
  const credentials = await tokenOf(ana, ['read', 'write']);
  const { tokens } = await ana.ok<{ tokens: { id: string; createdAt: number }[] }>('GET', '/api/tokens');
  const newest = tokens.sort((a, b) => b.createdAt - a.createdAt)[0]?.id ?? '';
  const open = (): { draft: DraftSocketClient; client: RoomClient } => ({
    draft: new DraftSocketClient(server.base, credentials, `${id}/${draftId}`),
    client: new RoomClient(server.base, null, id, { ...credentials }),
  });

  // Who is known in time loses nothing of what he said before.
  const brief = new Held(newest);
  held = brief;
  const { draft, client } = open();
  await until(() => brief.waiting === 2 && draft.ws.readyState === draft.ws.OPEN, 'both doors');
  // More than is kept: the rest stays with him, on a line that is not read.
  for (let n = 0; n < 30; n += 1) draft.sendUpdate(draft.typed('early '.repeat(33_000)));
  const answers = Array.from({ length: 40 }, () => client.send({ type: 'postComment', body: 'early' }));
  const refused = (await Promise.all(answers.slice(20))).map((answer) => !answer.ok && answer.rejection.code);
  expect(new Set(refused)).toEqual(new Set(['tooFast']));
  held = null;
  brief.letGo();
  await until(() => draft.saved === 30, 'all his words');
  expect((await Promise.all(answers.slice(0, 20))).every((answer) => !answer.ok && answer.rejection.code === 'notFound')).toBe(true);
  draft.close();
  client.close();

  // Where the answer does not come, neither door keeps him.
  const long = new Held(newest);
  held = long;
  const second = open();
  await until(() => long.waiting === 2, 'both doors');
  await until(() => second.draft.closed !== null && !second.client.socket.connected, 'the end of both');
  expect(second.draft.closed).toBe(1013);
  held = null;
  long.letGo();
  room.close();
});

test('[DOOR12] who asked to join and waits for a slow store is not cut off as one who joins nothing', async () => {
  const hasty = await startInProcess({ wrap: slowReads, limits: { joinTimeoutMs: 1_000 } });
  const gate = Promise.withResolvers<void>();
  try {
    const ben = await administrator(hasty.base, hasty.app.setupSecret ?? '');
    const { id } = await ben.ok<{ id: string }>('POST', '/api/rooms', { title: 'Slow', visibility: 'public' });
    const patient = new RoomClient(hasty.base, ben.cookie, id);
    finding = gate.promise;
    const joined = patient.join();
    const idle = new RoomClient(hasty.base, null, id);
    let gone = false;
    idle.socket.on('disconnect', () => (gone = true));
    await until(() => gone, 'the end of who joins nothing');
    expect(patient.socket.connected).toBe(true);
    gate.resolve();
    await joined;
    patient.close();
  } finally {
    gate.resolve();
    finding = null;
    await hasty.dispose();
  }
});
