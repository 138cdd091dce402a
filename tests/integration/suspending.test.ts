import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonEntry } from '#shared/protocol/messages.ts';
import { accountOf, administrator, invited, suspend, until, Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

const password = 'correct horse battery';
const reason = { code: 'disruption', note: 'shouts' } as const;
const refusedTo = { rejection: { code: 'accountSuspended', ask: 'Ana' } };

let house: InProcess;
let ana: Visitor;
let roomId: string;
let draftId: string;
beforeAll(async () => {
  house = await startInProcess({});
  ana = await administrator(house.base, house.app.setupSecret ?? '');
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Suspended', visibility: 'private' }));
  const chair = await ana.join(roomId);
  draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  chair.close();
});
afterAll(() => house.dispose());

/** What the room says of a person. */
async function seatOf(participantId: string) {
  const client = await ana.join(roomId);
  client.close();
  const { participants = [], comments = [], steering = [] } = client.joined?.snapshot ?? {};
  return { seat: participants.find(({ id }) => id === participantId), comments, steering };
}

test('[SUS1] [SUS2] [SUS3] [SUS5] from the word on he is out by every door; afterwards he comes back as who he was', async () => {
  const ben = await invited(ana, roomId, 'member', 'ben');
  const principal = await accountOf(ben);
  const client = await ben.join(roomId);
  const participantId = client.joined?.you.participantId ?? '';
  await client.act({ type: 'postComment', body: 'what Ben said' });
  const { token } = await ben.ok<{ token: string }>('POST', '/api/tokens', { label: 'tool', days: 1, scopes: ['read', 'write'] });
  const draft = await (await new DraftSocketClient(house.base, { cookie: ben.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
  draft.sendUpdate(draft.typed('what Ben wrote'));
  await until(() => draft.saved === 1, 'his words');
  let ended = '';
  client.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));

  await ana.ok('POST', '/api/suspensions', { principal, reason });
  await until(() => ended !== '' && draft.closed !== null, 'the end on both wires');
  expect([ended, draft.closed]).toEqual(['signInNeeded', 4440]);
  expect((await ana.request('POST', '/api/suspensions', { principal, reason })).json).toEqual({ rejection: { code: 'alreadySo' } });

  const cookie = ben.cookie;
  const withToken = { authorization: `Bearer ${token}` };
  const program = new Visitor(house.base);
  expect((await ben.request('GET', `/api/rooms/${roomId}/log`)).status).toBe(404);
  expect((await program.request('GET', '/api/tokens', undefined, withToken)).json).toEqual({ rejection: { code: 'signInNeeded' } });
  for (const credentials of [{ cookie: cookie ?? '' }, withToken]) {
    const again = await new DraftSocketClient(house.base, credentials, `${roomId}/${draftId}`).settled();
    expect(again.closed).toBe(4401);
  }
  await expect(ben.join(roomId)).rejects.toThrow('signInNeeded');
  // Only who knows the password learns how it stands with the account.
  const stranger = new Visitor(house.base);
  const signIn = (word: string) => stranger.request('POST', '/api/session', { handle: 'ben', password: word });
  expect(await signIn('not the right one')).toMatchObject({ status: 401, json: { rejection: { code: 'wrongCredentials' } } });
  expect(await signIn(password)).toEqual({ status: 403, json: refusedTo });
  expect(stranger.cookie).toBeNull();

  const { seat, comments, steering } = await seatOf(participantId);
  expect(seat).toMatchObject({ suspended: true, standing: 'active', role: 'member' });
  expect(comments[0]?.body.text).toBe('what Ben said');
  expect(steering.at(-1)).toMatchObject({ actorId: 'system', event: { type: 'participant.suspended', participantId } });
  expect(JSON.stringify(steering)).not.toContain('shouts');
  const { text } = await ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
  expect(text).toContain('what Ben wrote');
  const entries = await house.store.journal.readDraft(draftId, 0, 100);
  expect(entries.at(-1)?.kind).toBe('barrier');
  const { people } = await ana.ok<{ people: PersonEntry[] }>('GET', '/api/suspensions');
  expect(people).toMatchObject([{ principal, handle: 'ben', admin: false, suspended: { reason } }]);

  await ana.ok('DELETE', `/api/suspensions/${principal.split(':')[1] ?? ''}`);
  expect((await seatOf(participantId)).seat).not.toHaveProperty('suspended');
  expect(await ana.ok('GET', '/api/suspensions')).toEqual({ people: [] });
  // Sign-ins and tokens that ended stay ended.
  ben.cookie = cookie;
  expect(await ben.ok('GET', '/api/me')).toMatchObject({ account: null });
  expect((await program.request('GET', '/api/tokens', undefined, withToken)).status).toBe(401);
  expect((await signIn(password)).status).toBe(200);
  const back = await stranger.join(roomId);
  expect(back.joined?.you.participantId).toBe(participantId);
  await back.act({ type: 'postComment', body: 'back again' });
  back.close();
});

test('[SUS2] no personal link lets him in either', async () => {
  const listed = await ana.ok<{ people: { participantId: string }[] }>('POST', `/api/rooms/${roomId}/roster`, {
    people: [{ displayName: 'Cai', role: 'member' }],
  });
  const { slips } = await ana.ok<{ slips: { path: string }[] }>('POST', `/api/rooms/${roomId}/slips`, {
    participantIds: listed.people.map(({ participantId }) => participantId),
  });
  const secret = slips[0]?.path.split('#')[1] ?? '';
  const cai = new Visitor(house.base);
  await cai.ok('POST', '/api/personal-links/follow', { secret });
  // He makes an account, and the link is the account's from then on.
  const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
  await cai.ok('POST', '/api/accounts', { invitation: path.split('#')[1], handle: 'cai', displayName: 'Cai', password });
  const principal = await accountOf(cai);
  await suspend(ana, principal);
  const phone = new Visitor(house.base);
  expect(await phone.request('POST', '/api/personal-links/follow', { secret })).toEqual({ status: 403, json: refusedTo });
  expect(phone.cookie).toBeNull();
});

test('[SUS4] who keeps the installation is not suspended, by himself or anybody; nobody else suspends', async () => {
  const dora = await invited(ana, roomId, 'moderator', 'dora');
  const me = await accountOf(ana);
  expect((await ana.request('POST', '/api/suspensions', { principal: me, reason })).json).toEqual({
    rejection: { code: 'lastAdministrator' },
  });
  for (const principal of [me, await accountOf(dora)])
    expect((await dora.request('POST', '/api/suspensions', { principal, reason })).json).toEqual({ rejection: { code: 'notAllowed' } });
  const { token } = await ana.ok<{ token: string }>('POST', '/api/tokens', { label: 'tool', days: 1, scopes: ['read', 'write'] });
  const program = new Visitor(house.base);
  const body = { principal: await accountOf(dora), reason };
  const byToken = await program.request('POST', '/api/suspensions', body, { authorization: `Bearer ${token}`, origin: '' });
  expect(byToken.status).toBe(403);
  expect((await ana.request('POST', '/api/suspensions', { principal: 'account:nobody', reason })).status).toBe(404);
  expect((await ana.request('DELETE', `/api/suspensions/${body.principal.split(':')[1] ?? ''}`)).status).toBe(409);
  expect(await dora.ok('GET', '/api/me')).toMatchObject({ account: { handle: 'dora' } });
});

test('[SUS6] a suspension that was cut short is finished at the next start; so is its end', async () => {
  const eva = await invited(ana, roomId, 'member', 'eva');
  const accountId = (await accountOf(eva)).split(':')[1] ?? '';
  const client = await eva.join(roomId);
  client.close();
  const participantId = client.joined?.you.participantId ?? '';
  /** The process ends after the account was changed and before anything else. */
  const cutShort = async (suspended: boolean): Promise<void> => {
    const { records } = house.store;
    await records.insert('suspensionDue', { id: accountId, rev: 0, createdAt: 1 });
    const { suspension: _was, ...account } = (await records.get('account', accountId)) ?? expect.fail('no account');
    await records.replace('account', suspended ? { ...account, suspension: { at: 1, by: 'gone', reason } } : account);
    await house.app.close();
    house = await startInProcess({ after: house });
    ana = Object.assign(new Visitor(house.base), { cookie: ana.cookie });
    await expect.poll(() => house.store.records.list('suspensionDue'), { timeout: 20_000 }).toEqual([]);
  };
  await cutShort(true);
  expect((await seatOf(participantId)).seat).toMatchObject({ suspended: true });
  expect(await house.store.records.find('session', 'principal', `account:${accountId}`, { limit: 9 })).toEqual([]);
  await cutShort(false);
  expect((await seatOf(participantId)).seat).not.toHaveProperty('suspended');
});
