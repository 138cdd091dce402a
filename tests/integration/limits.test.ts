import { afterEach, expect, test } from 'vitest';
import { defaultLimits } from '#shared/domain/limits.ts';
import type { Limits } from '#shared/domain/limits.ts';
import { administrator, freshCommandId, invited, RoomClient, until, Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { ask, guestOf, logDigest, outcomeOf } from './house.ts';

let server: ServerProcess | null = null;
afterEach(async () => {
  await server?.dispose();
  server = null;
});

let base = '';
let dataDir = '';

async function open(
  limits: Partial<Limits>,
  env: Readonly<Record<string, string>> = {},
): Promise<{ ana: Visitor; roomId: string; room: RoomClient; draftId: string }> {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify({ ...quickPace, ...limits }), ...env } });
  base = server.url;
  dataDir = server.dataDir;
  const ana = await administrator(server.url, server.setupSecret);
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Full', visibility: 'public' });
  const room = await ana.join(roomId);
  return { ana, roomId, room, draftId: room.joined?.snapshot?.drafts[0]?.id ?? '' };
}

test('[DOOR12] the limits are shown as they are set', async () => {
  const { ana } = await open({ commentBytes: 77 });
  expect(await ana.ok('GET', '/api/limits')).toEqual({ limits: { ...defaultLimits, ...quickPace, commentBytes: 77 } });
});

test('[DOOR12] [COM8] a room has so many comments, people, links, and names so many letters', async () => {
  const { ana, roomId, room } = await open({ commentsPerRoom: 3, participantsPerRoom: 3, invitationsPerRoom: 3, displayNameLength: 5 });
  for (let n = 0; n < 3; n += 1) await room.act({ type: 'postComment', body: `${n}` });
  const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
  const secret = path.split('#')[1] ?? '';
  await guestOf(ana, roomId, 'member', 'Guest');
  await guestOf(ana, roomId, 'member', 'Other');
  const before = logDigest(dataDir);
  expect(await room.send({ type: 'postComment', body: 'one too many' })).toEqual({ ok: false, rejection: { code: 'tooMany', most: 3 } });
  const full = await ask(base, {}, 'POST', '/api/invitations/accept', { secret, guestName: 'Late' });
  expect(full.json).toEqual({ rejection: { code: 'tooMany', most: 3 } });
  const link = await ana.request('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
  expect(link.json).toEqual({ rejection: { code: 'tooMany', most: 3 } });
  const name = await ask(base, {}, 'POST', '/api/invitations/accept', { secret, guestName: 'Six...' });
  expect(name.json).toEqual({ rejection: { code: 'textTooLong', most: 5, got: 6 } });
  expect(logDigest(dataDir)).toBe(before);
  room.close();
});

test('[DOOR12] who sends commands too fast is told when to come again, and nothing he sends is lost', async () => {
  const { roomId, room } = await open({ commandsPerSecond: 20, commandBurst: 5 });
  const sent = Array.from({ length: 30 }, (_, n) => ({ id: freshCommandId(), body: `comment ${n}` }));
  let slowed = 0;
  await Promise.all(
    sent.map(async ({ id, body }) => {
      for (;;) {
        const answer = await room.send({ type: 'postComment', body }, id);
        if (answer.ok) return;
        if (answer.rejection.code !== 'tooFast') throw new Error(answer.rejection.code);
        expect(answer.rejection.retryAfterMs).toBeGreaterThan(0);
        slowed += 1;
        const { retryAfterMs } = answer.rejection;
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
      }
    }),
  );
  expect(slowed).toBeGreaterThan(0);
  await until(() => room.commits.length === 30, 'all comments');
  const viewer = new RoomClient(base, null, roomId);
  await viewer.join();
  expect(viewer.joined?.snapshot?.comments.map(({ body }) => body.text).sort()).toEqual(sent.map(({ body }) => body).sort());
  for (const client of [viewer, room]) client.close();
});

test('[DOOR12] signing in is tried so often, for an account and from an address', async () => {
  const { ana } = await open({ signInsPerMinutePerAccount: 3, signInsPerMinutePerAddress: 8 });
  const tries = async (handle: string): Promise<string> => {
    const body = { handle, password: 'not the right one' };
    return (await ask(base, {}, 'POST', '/api/session', body)).outcome;
  };
  const outcomes: string[] = [];
  for (let n = 0; n < 4; n += 1) outcomes.push(await tries('ana'));
  expect(outcomes).toEqual(['wrongCredentials', 'wrongCredentials', 'wrongCredentials', 'tooFast']);
  // However the handle is written, it is the same account.
  expect(await tries(' ＡNA ')).toBe('tooFast');
  const others: string[] = [];
  for (let n = 0; n < 8; n += 1) others.push(await tries(`other${n}`));
  expect(others.slice(-2)).toEqual(['tooFast', 'tooFast']);
  // Guests count from their address, apart.
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Guests' });
  const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${id}/invitations`, { role: 'member', days: 1 });
  const guests: string[] = [];
  for (let n = 0; n < 9; n += 1) {
    const body = { secret: path.split('#')[1], guestName: `Guest ${n}` };
    guests.push((await ask(base, {}, 'POST', '/api/invitations/accept', body)).outcome);
  }
  expect(guests.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => 'ok'));
  expect(guests.at(-1)).toBe('tooFast');
  // Whoever is in stays in.
  expect(await ana.ok('GET', '/api/me')).toMatchObject({ account: { handle: 'ana' } });
});

test('[NAM1] [NAM3] a name that misleads the eye is refused at every door; two of one name both come in', async () => {
  const { ana, roomId } = await open({});
  const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
  const invitation = path.split('#')[1] ?? '';
  const nobody = new Visitor(base);
  const person = { handle: 'newcomer', displayName: 'Newcomer', password: 'correct horse battery' };
  const code = async (visitor: Visitor, method: string, where: string, body: unknown): Promise<string> => {
    const { json } = await visitor.request(method, where, body);
    return (json as { rejection?: { code: string } } | null)?.rejection?.code ?? 'ok';
  };
  for (const [name, fault] of [
    ['\u3164', 'nameInvisible'],
    ['\u202eanA', 'nameInvisible'],
    ['\u0410na', 'nameMixed'],
  ] as const) {
    expect(await code(nobody, 'POST', '/api/invitations/accept', { secret: invitation, guestName: name })).toBe(fault);
    expect(await code(nobody, 'POST', '/api/accounts', { ...person, invitation, displayName: name })).toBe(fault);
    expect(await code(ana, 'PUT', '/api/me', { displayName: name })).toBe(fault);
    const people = [{ displayName: name, role: 'member' }];
    expect(await code(ana, 'POST', `/api/rooms/${roomId}/roster`, { people })).toBe(fault);
  }
  for (const handle of ['\u3164\u3164', '\u0430dmin']) {
    expect(await code(nobody, 'POST', '/api/accounts', { ...person, invitation, handle })).toBe('handleInvalid');
  }
  const one = await guestOf(ana, roomId, 'member', '王伟');
  const other = await guestOf(ana, roomId, 'member', '王伟');
  const clients = [await one.join(roomId), await other.join(roomId)];
  expect(new Set(clients.map(({ joined }) => joined?.you.participantId)).size).toBe(2);
  for (const client of clients) client.close();
});

test('[DOOR26] who guesses is slowed, and never the owner: from elsewhere, and on a device that knows the account', async () => {
  const { ana } = await open({ signInsPerMinutePerAccount: 3, signInsPerMinutePerAddress: 8 }, { TRUSTED_PROXIES: '1' });
  const right = { handle: 'ana', password: 'correct horse battery' };
  const signIn = (visitor: Visitor, body: object, from: string) =>
    visitor
      .request('POST', '/api/session', body, { 'x-forwarded-for': from })
      .then(({ json }) => (json as { rejection?: { code: string } }).rejection?.code ?? 'ok');
  const guesser = new Visitor(ana.base);
  const guesses: string[] = [];
  for (let n = 0; n < 5; n += 1) guesses.push(await signIn(guesser, { ...right, password: `guess number ${n}` }, '192.0.2.1'));
  expect(guesses).toEqual(['wrongCredentials', 'wrongCredentials', 'wrongCredentials', 'tooFast', 'tooFast']);
  // The owner elsewhere, on a device that is new.
  expect(await signIn(new Visitor(ana.base), right, '192.0.2.2')).toBe('ok');
  // In the same hall: a new device waits as the guesser does, the one that signed in before does not.
  expect(await signIn(new Visitor(ana.base), right, '192.0.2.1')).toBe('tooFast');
  const known = new Visitor(ana.base);
  known.cookie = ana.device;
  expect(await signIn(known, right, '192.0.2.1')).toBe('ok');
  // The mark is no sign-in, and one of another account counts for nothing.
  const marked = new Visitor(ana.base);
  marked.cookie = ana.device;
  expect(await marked.ok('GET', '/api/me')).toMatchObject({ account: null });
  marked.cookie = `${ana.device?.slice(0, -4) ?? ''}AAAA`;
  expect(await signIn(marked, right, '192.0.2.1')).toBe('tooFast');
});

test('[DOOR12] connections: of one person, of a room’s people, of viewers, from one address', async () => {
  const { ana, roomId, room, draftId } = await open({
    socketsPerPerson: 2,
    socketsPerPersonInAll: 5,
    participantSocketsPerRoom: 4,
    anonymousSockets: 2,
  });
  const address = `${roomId}/${draftId}`;
  const at = (visitor: Visitor | null): DraftSocketClient =>
    new DraftSocketClient(base, visitor?.cookie == null ? {} : { cookie: visitor.cookie }, address);
  // Two of one person at a draft, and two in a room.
  const ben = await invited(ana, roomId, 'member', 'ben');
  const drafts: DraftSocketClient[] = [];
  for (let n = 0; n < 2; n += 1) drafts.push(await at(ben).settled());
  expect(drafts.map(({ closed }) => closed)).toEqual([null, null]);
  expect(await at(ben).ended()).toBe(1013);
  const clients = [room];
  for (let n = 0; n < 2; n += 1) clients.push(await ben.join(roomId));
  const third = new RoomClient(base, ben.cookie, roomId);
  expect(await third.tryJoin()).toEqual({ ok: false, rejection: { code: 'tooMany', most: 2 } });
  third.close();
  // What is full is the room, not the person: he sits down in another one.
  const { id: elsewhere } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Elsewhere', visibility: 'public' });
  clients.push(await ben.join(elsewhere));

  const cai = await invited(ana, roomId, 'member', 'cai');
  clients.push(await cai.join(roomId));
  const late = new RoomClient(base, cai.cookie, roomId);
  expect(await late.tryJoin()).toEqual({ ok: false, rejection: { code: 'tooMany', most: 4 } });
  clients.pop()?.close();
  for (;;) {
    const answer = await late.tryJoin();
    if (answer.ok) break;
  }

  // The room's own door says it in words, too: five of one person in all, two of strangers.
  const told = async (cookie: string | null): Promise<unknown> => {
    const one = new RoomClient(base, cookie, roomId);
    let ended: unknown = null;
    one.socket.on('room:ended', ({ rejection }) => (ended = rejection));
    await until(() => ended !== null, 'the word why');
    await until(() => !one.socket.connected, 'the end');
    return ended;
  };
  expect(await told(ben.cookie)).toEqual({ code: 'tooMany', most: 5 });
  for (const draft of drafts) draft.close();
  const strangers = [new RoomClient(base, null, roomId), new RoomClient(base, null, roomId)];
  for (const stranger of strangers) await stranger.join();
  expect(await told(null)).toEqual({ code: 'tooMany', most: 2 });
  for (const stranger of strangers) stranger.close();

  const viewers = [await at(null).settled(), await at(null).settled()];
  expect(await at(null).ended()).toBe(1013);
  viewers.pop()?.close();
  for (;;) {
    const again = await at(null).settled();
    if (again.closed === null) {
      again.close();
      break;
    }
  }
  for (const one of [...viewers, ...clients, late]) one.close();
});

test('[DOOR12] an address opens so many connections a minute', async () => {
  const { roomId, draftId, room } = await open({ connectsPerMinutePerAddress: 5 });
  const codes: (number | null)[] = [];
  for (let n = 0; n < 7; n += 1) codes.push((await new DraftSocketClient(base, {}, `${roomId}/${draftId}`).settled()).closed);
  expect(codes.slice(0, 5)).toEqual([null, null, null, null, null]);
  expect(codes.at(-1)).toBe(1013);
  // A refused connection disturbs nobody who is in.
  expect(await outcomeOf(room, { type: 'postComment', body: 'still here' })).toBe('ok');
  room.close();
});

test('[DOOR12] an address that opens room connections too fast is told when to come again', async () => {
  const { roomId, room } = await open({ connectsPerMinutePerAddress: 3 });
  const refusals: unknown[] = [];
  const clients = Array.from({ length: 8 }, () => {
    const client = new RoomClient(base, null, roomId);
    client.socket.on('connect_error', (error) => refusals.push((error as Error & { data?: unknown }).data));
    return client;
  });
  await until(() => refusals.length === 6, 'six refusals');
  // Three are told when to come; who goes on all the same is not let in at all.
  const told = { rejection: { code: 'tooFast', retryAfterMs: expect.any(Number) as number } };
  expect(refusals.filter((data) => data !== undefined)).toEqual([told, told, told]);
  await until(() => clients.filter(({ socket }) => socket.connected).length === 2, 'the two who may');
  expect(await outcomeOf(room, { type: 'postComment', body: 'still here' })).toBe('ok');
  for (const client of [...clients, room]) client.close();
});

test('[DOOR12] who asks for the room again and again, or speaks of himself without a pause, is told to wait, and closed where he does not', async () => {
  const { roomId, room } = await open({});
  const eager = new RoomClient(base, null, roomId);
  let ended: unknown = null;
  eager.socket.on('room:ended', ({ rejection }) => (ended = rejection));
  const outcomes = (answers: readonly { ok: boolean; rejection?: { code: string } }[]): readonly string[] => [
    ...new Set(answers.map((answer) => (answer.ok ? 'ok' : (answer.rejection?.code ?? '')))),
  ];
  const joins = await Promise.all(Array.from({ length: 30 }, () => eager.tryJoin()));
  expect(outcomes(joins)).toEqual(['ok', 'tooFast']);
  expect(joins.filter(({ ok }) => ok).length).toBeLessThan(20);
  for (const answer of joins)
    if (!answer.ok) expect(answer.rejection).toEqual({ code: 'tooFast', retryAfterMs: expect.any(Number) as number });
  const speak = (): Promise<{ ok: boolean; rejection?: { code: string } }> =>
    eager.socket.timeout(20_000).emitWithAck('presence:set' as 'room:join', { typing: 'comment' } as never);
  expect(outcomes(await Promise.all(Array.from({ length: 120 }, speak)))).toEqual(['ok', 'tooFast']);
  expect([ended, eager.socket.connected]).toEqual([null, true]);
  for (let n = 0; n < 2_000; n += 1) eager.socket.emit('presence:set', { typing: null });
  await until(() => !eager.socket.connected, 'his end');
  expect(ended).toMatchObject({ code: 'tooFast' });
  expect(await outcomeOf(room, { type: 'postComment', body: 'nobody else notices' })).toBe('ok');
  room.close();
});

test('[DOOR12] a connection that joins no room is closed', async () => {
  const { roomId, room } = await open({ joinTimeoutMs: 200 });
  const idle = new RoomClient(base, null, roomId);
  let gone = false;
  idle.socket.on('disconnect', () => (gone = true));
  await until(() => gone, 'its end');
  expect(room.socket.connected).toBe(true);
  room.close();
});

test('[DOOR18] histories and files are answered so often a minute, to one person and to the strangers of an address', async () => {
  const { ana, roomId, room, draftId } = await open({ heavyReadsPerMinute: 3 });
  const draft = `/api/rooms/${roomId}/drafts/${draftId}`;
  const heavy = [`${draft}/history`, `${draft}/history/1`, `${draft}/export?format=md`, `/api/rooms/${roomId}/record`];
  for (const path of heavy.slice(0, 3)) expect((await ana.request('GET', path)).status, path).toBe(200);
  for (const path of heavy) {
    const { status, json } = await ana.request('GET', path);
    expect([status, json]).toEqual([429, { rejection: { code: 'tooFast', retryAfterMs: expect.any(Number) as number } }]);
  }
  // What is light goes on, and so do others.
  expect((await ana.request('GET', draft)).status).toBe(200);
  const strangers: number[] = [];
  for (let n = 0; n < 31; n += 1) strangers.push((await fetch(`${base}${draft}/history`)).status);
  expect([strangers.slice(0, 30).every((status) => status === 200), strangers.at(-1)]).toEqual([true, 429]);
  room.close();
});
