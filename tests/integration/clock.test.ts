import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { administrator, invited, RoomClient, until, Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { ask, logDigest, tokenOf } from './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** So much later than its last moment a sign-in ends: clocks differ. */
const MINUTE_MS = 60_000;

/* What ends by itself needs a clock that can be set: the whole server runs in this process. */
let now = Date.UTC(2026, 0, 5, 9);
let server: InProcess;
let store: Store<RecordKinds>;
let base: string;
let folder: string;
let ana: Visitor;
beforeAll(async () => {
  server = await startInProcess({ now: () => now, lookMs: 20 });
  ({ store, base, folder } = server);
  ana = await administrator(base, server.app.setupSecret ?? '');
});
afterAll(() => server.dispose());
const signIn = (visitor: Visitor) => visitor.ok('POST', '/api/session', { handle: 'ana', password: 'correct horse battery' });

test('an expired link is told apart from one that never was, for a long time', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Links' });
  const { path: link } = await ana.ok<{ path: string }>('POST', `/api/rooms/${id}/invitations`, { role: 'member', days: 2 });
  const secret = link.split('#')[1] ?? '';
  const guest = { secret, guestName: 'Late' };
  const person = { invitation: secret, handle: 'late', displayName: 'Late', password: 'correct horse battery' };
  const preview = async (): Promise<string> => (await ask(base, {}, 'POST', '/api/invitations/preview', { secret })).outcome;
  now += 2 * DAY_MS - 1;
  expect(await preview()).toBe('ok');
  now += 1;
  const before = logDigest(folder);
  for (const later of [0, 100 * DAY_MS]) {
    now += later;
    expect(await preview()).toBe('linkExpired');
    expect(await ask(base, {}, 'POST', '/api/invitations/accept', guest)).toMatchObject({ outcome: 'linkExpired', status: 410 });
    expect((await ask(base, {}, 'POST', '/api/accounts', person)).outcome).toBe('linkExpired');
  }
  expect(logDigest(folder)).toBe(before);
});

test('a cookie ends after a day without use, and after thirty days in any case', async () => {
  const idle = new Visitor(base);
  await signIn(idle);
  const who = async (visitor: Visitor) => ((await visitor.ok<{ account: unknown }>('GET', '/api/me')).account === null ? 'nobody' : 'ana');
  now += DAY_MS - 1;
  expect(await who(idle)).toBe('ana');
  // That was a use of it, and nobody's clock is a minute off.
  now += DAY_MS + MINUTE_MS;
  expect(await who(idle)).toBe('nobody');
  expect((await idle.request('POST', '/api/rooms', { title: 'T' })).status).toBe(401);

  const busy = new Visitor(base);
  await signIn(busy);
  for (let hours = 0; hours < 30 * 24; hours += 12) {
    expect(await who(busy), `after ${hours} hours`).toBe('ana');
    now += DAY_MS / 2;
  }
  now += MINUTE_MS;
  expect(await who(busy)).toBe('nobody');
});

test('a token ends on its day, and with the password', async () => {
  await signIn(ana);
  const short = await tokenOf(ana, ['read']);
  const long = await (async () => {
    const { token } = await ana.ok<{ token: string }>('POST', '/api/tokens', { label: 'x', days: 365, scopes: ['read'] });
    return { authorization: `Bearer ${token}` };
  })();
  const tokens = async (credentials: Record<string, string>) => (await ask(base, credentials, 'GET', '/api/tokens')).outcome;
  expect(await tokens(short)).toBe('ok');
  now += DAY_MS + MINUTE_MS - 1;
  expect(await tokens(short)).toBe('ok');
  now += 1;
  expect(await tokens(short)).toBe('signInNeeded');
  expect(await tokens(long)).toBe('ok');
  await signIn(ana);
  await ana.ok('PUT', '/api/me/password', { current: 'correct horse battery', next: 'correct horse battery' });
  expect(await tokens(long)).toBe('signInNeeded');
  expect(await ana.ok('GET', '/api/me')).toMatchObject({ account: { handle: 'ana' } });
});

test('[DOOR10] a sign-in that runs out takes its sockets with it; one that is in use stays', async () => {
  await signIn(ana);
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Long', visibility: 'private' });
  const { authorization = '' } = await tokenOf(ana, ['read', 'write']);
  const program = new RoomClient(base, null, id, { authorization });
  await program.join();
  const draftId = program.joined?.snapshot?.drafts[0]?.id ?? '';
  const draft = await new DraftSocketClient(base, { authorization }, `${id}/${draftId}`).settled();
  expect(draft.standing?.write).toBe(true);
  let ended = '';
  program.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));
  const browser = await ana.join(id);
  let gone = false;
  browser.socket.on('disconnect', () => (gone = true));
  const { account } = await ana.ok<{ account: { id: string } }>('GET', '/api/me');
  const lastSeen = async (): Promise<number> => {
    const sessions = await store.records.find('session', 'principal', `account:${account.id}`, { limit: 100 });
    return Math.max(...sessions.filter(({ use }) => use === 'cookie').map(({ seenAt }) => seenAt));
  };
  const start = now;
  const halfADay = async (): Promise<void> => {
    now += DAY_MS / 2;
    while ((await lastSeen()) !== now) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await halfADay();
  expect([ended, draft.closed]).toEqual(['', null]);
  await halfADay();
  now += MINUTE_MS;
  await until(() => ended !== '' && draft.closed !== null, 'the end of the program');
  expect([ended, draft.closed]).toEqual(['signInNeeded', 4440]);

  // Whoever sits in a room all the time uses his sign-in, up to its last day.
  while (now < start + 28 * DAY_MS) await halfADay();
  expect(gone).toBe(false);
  now = start + 31 * DAY_MS;
  await until(() => gone, 'the last day');
});

test('the time of commits never runs backwards, whatever the clock does', async () => {
  await signIn(ana);
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Clock' });
  const ben = await invited(ana, id, 'member', 'ben');
  const room = await ben.join(id);
  const times: number[] = [];
  for (const jump of [0, 0, -1_000, 5, 3_600_000, -3_600_000]) {
    now += jump;
    await room.act({ type: 'postComment', body: `jump ${jump}` });
  }
  await until(() => room.commits.length === 6, 'six commits');
  times.push(...room.commits.map(({ at }) => at));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(new Set(times).size).toBe(6);
  room.close();
});
