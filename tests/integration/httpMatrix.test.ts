import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal } from '#server/http/route.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { routes } from '../protocol/routeTable.ts';
import { everybody, invitesNot, needsAccount, needsRead, needsSignIn, needsWrite, no, unseen } from './expected.ts';
import type { Expected } from './expected.ts';
import { ask, furnish, kinds, logDigest } from './house.ts';
import type { House, Kind } from './house.ts';

interface Row {
  readonly route: string;
  /** What else is asked of the route in this row. */
  readonly note?: string;
  readonly path: (house: House) => string;
  readonly body?: (house: House) => unknown;
  readonly expected: Expected;
  /** Whoever succeeds spends his sign-in or changes a room: somebody new of his kind is sent. */
  readonly spends?: true;
}

const noSecret = 'no-such-secret-no-such-secret';
let linkSecret = '';
let someTokenId = '';
let listedId = '';
let listedChairId = '';

const room = ({ roomId }: House): string => `/rooms/${roomId}`;
const openRoom = ({ otherRoomId }: House): string => `/rooms/${otherRoomId}`;
const person = { handle: 'newcomer', displayName: 'Newcomer', password: 'correct horse battery' };

const someText = { of: { kind: 'comment', comment: 1 }, reason: { code: 'byRequest' } };
const somebody = { principal: 'guest:nobody', texts: true, reason: { code: 'byRequest' } };
const suspended = { principal: 'account:nobody', reason: { code: 'other' } };
/** By a personal link one is told the same of a room that is none as of one that is not the link's. */
const elsewhere = { linked: 'linkRoomOnly', linkedElsewhere: 'linkRoomOnly' } as const;
const accountsWrite = everybody('ok', { ...needsAccount, ...needsWrite });
const keepsNot = everybody(no, needsAccount);
const erasesNot = everybody('wrongCredentials', {
  ...needsSignIn,
  guest: 'ok',
  reader: no,
  writer: no,
  linked: 'linkRoomOnly',
  linkedElsewhere: 'linkRoomOnly',
});

const rows: readonly Row[] = [
  { route: 'GET /me', path: () => '/me', expected: everybody('ok', needsRead) },
  {
    route: 'POST /setup',
    path: () => '/setup',
    body: () => ({ token: noSecret, ...person }),
    expected: everybody('setupDone', needsWrite),
  },
  {
    route: 'POST /session',
    path: () => '/session',
    body: () => ({ handle: 'nobody', password: 'not the right one' }),
    expected: everybody('wrongCredentials', needsWrite),
  },
  { route: 'DELETE /session', path: () => '/session', spends: true, expected: everybody('ok', { ...needsSignIn, ...needsWrite }) },
  { route: 'DELETE /sessions', path: () => '/sessions', spends: true, expected: everybody('ok', { ...needsSignIn, ...needsWrite }) },
  {
    route: 'POST /accounts',
    path: () => '/accounts',
    body: () => ({ invitation: noSecret, ...person }),
    expected: everybody('linkUnknown', needsWrite),
  },
  { route: 'PUT /me', path: () => '/me', body: () => ({ displayName: 'Another name' }), spends: true, expected: accountsWrite },
  {
    route: 'PUT /me/password',
    path: () => '/me/password',
    body: () => ({ current: 'not the right one', next: 'correct horse battery' }),
    expected: everybody('wrongCredentials', { ...needsAccount, ...needsWrite }),
  },
  { route: 'POST /me/erasure', path: () => '/me/erasure', body: () => ({ texts: false }), spends: true, expected: erasesNot },
  { route: 'GET /people', path: () => '/people', expected: keepsNot },
  { route: 'POST /people/erasures', path: () => '/people/erasures', body: () => somebody, expected: keepsNot },
  { route: 'GET /suspensions', path: () => '/suspensions', expected: keepsNot },
  { route: 'POST /suspensions', path: () => '/suspensions', body: () => suspended, expected: keepsNot },
  { route: 'DELETE /suspensions/:accountId', path: () => '/suspensions/nobody', expected: keepsNot },
  { route: 'POST /rooms/:roomId/erasures', path: (house) => `${room(house)}/erasures`, body: () => someText, expected: keepsNot },
  ...['passages', 'erasures'].map((what): Row => ({
    route: `POST /rooms/:roomId/drafts/:draftId/${what}`,
    note: 'words that never stood there',
    path: (house) => `${room(house)}/drafts/${house.draftId}/${what}`,
    body: () => ({
      of: { words: 'never written' },
      ...(what === 'passages' ? {} : { elsewhere: true, under: true, reason: { code: 'byRequest' } }),
    }),
    expected: everybody(no, { ...unseen, ...needsSignIn, moderator: 'unknownPassage', writer: 'unknownPassage' }),
  })),
  { route: 'GET /tokens', path: () => '/tokens', expected: everybody('ok', { ...needsAccount, ...needsRead }) },
  {
    route: 'POST /tokens',
    note: 'a token makes no tokens',
    path: () => '/tokens',
    body: () => ({ label: 'x', days: 1, scopes: ['read'] }),
    expected: everybody('ok', { ...needsAccount, ...needsWrite, writer: 'notAllowed' }),
  },
  {
    route: 'DELETE /tokens/:tokenId',
    note: "somebody else's",
    path: () => `/tokens/${someTokenId}`,
    expected: everybody('notFound', { ...needsAccount, ...needsWrite }),
  },
  { route: 'GET /rooms', path: () => '/rooms', expected: everybody('ok', needsRead) },
  {
    route: 'POST /rooms',
    path: () => '/rooms',
    body: () => ({ title: 'Mine' }),
    expected: everybody('ok', { ...needsAccount, ...needsWrite }),
  },
  {
    route: 'POST /rooms',
    note: 'after a room one reads or not, and sets up or not',
    path: () => '/rooms',
    body: ({ roomId }) => ({ from: roomId }),
    expected: everybody('notAllowed', {
      ...needsAccount,
      moderator: 'ok',
      outsider: 'notFound',
      removed: 'removed',
      muted: 'notAllowed',
      writer: 'ok',
    }),
  },
  { route: 'GET /rooms/:roomId', path: room, expected: everybody('ok', { ...unseen, ...needsRead }) },
  { route: 'GET /rooms/:roomId', note: 'a public room', path: openRoom, expected: everybody('ok', needsRead) },
  {
    route: 'GET /rooms/:roomId',
    note: 'no such room',
    path: () => '/rooms/nowhere',
    expected: everybody('notFound', { ...needsRead, ...elsewhere }),
  },
  { route: 'GET /rooms/:roomId/first', path: (house) => `${room(house)}/first`, expected: everybody('ok', { ...unseen, ...needsRead }) },
  {
    route: 'GET /rooms/:roomId/first',
    note: 'a public room',
    path: (house) => `${openRoom(house)}/first`,
    expected: everybody('ok', needsRead),
  },
  { route: 'GET /rooms/:roomId/log', path: (house) => `${room(house)}/log`, expected: everybody('ok', { ...unseen, ...needsRead }) },
  {
    route: 'GET /rooms/:roomId/log',
    note: 'a public room',
    path: (house) => `${openRoom(house)}/log`,
    expected: everybody('ok', needsRead),
  },
  {
    route: 'GET /rooms/:roomId/drafts/:draftId',
    path: (house) => `${room(house)}/drafts/${house.draftId}`,
    expected: everybody('ok', { ...unseen, ...needsRead }),
  },
  {
    route: 'GET /rooms/:roomId/drafts/:draftId',
    note: 'the draft of a room one may not read, asked through one that one may',
    path: (house) => `${openRoom(house)}/drafts/${house.draftId}`,
    expected: everybody('unknownDraft', needsRead),
  },
  {
    route: 'GET /rooms/:roomId/drafts/:draftId/export',
    path: (house) => `${room(house)}/drafts/${house.draftId}/export?format=md`,
    expected: everybody('ok', { ...unseen, ...needsRead }),
  },
  {
    route: 'GET /rooms/:roomId/drafts/:draftId/export',
    note: 'a public room',
    path: (house) => `${openRoom(house)}/drafts/${house.otherDraftId}/export?format=docx`,
    expected: everybody('ok', needsRead),
  },
  {
    route: 'GET /rooms/:roomId/drafts/:draftId/export',
    note: 'in no format there is',
    path: (house) => `${openRoom(house)}/drafts/${house.otherDraftId}/export?format=constructor`,
    expected: everybody('malformed', needsRead),
  },
  ...['size', 'record'].map((what): Row => ({
    route: `GET /rooms/:roomId/${what}`,
    path: (house) => `${room(house)}/${what}`,
    expected: everybody('notAllowed', { ...unseen, ...needsSignIn, ...needsRead, moderator: 'ok', reader: 'ok' }),
  })),
  { route: 'POST /records', path: () => '/records', expected: everybody('notAllowed', { ...needsAccount, ...needsWrite }) },
  {
    route: 'GET /rooms/:roomId/checkpoints',
    path: (house) => `${room(house)}/checkpoints`,
    expected: everybody('ok', { ...unseen, ...needsRead }),
  },
  {
    route: 'GET /rooms/:roomId/history',
    path: (house) => `${room(house)}/history`,
    expected: everybody('ok', { ...unseen, ...needsRead }),
  },
  {
    route: 'GET /rooms/:roomId/drafts/:draftId/history',
    path: (house) => `${room(house)}/drafts/${house.draftId}/history`,
    expected: everybody('ok', { ...unseen, ...needsRead }),
  },
  {
    route: 'GET /rooms/:roomId/drafts/:draftId/history/:ordinal',
    path: (house) => `${room(house)}/drafts/${house.draftId}/history/0`,
    expected: everybody('ok', { ...unseen, ...needsRead }),
  },
  {
    route: 'GET /rooms/:roomId/drafts/:draftId/log',
    path: (house) => `${room(house)}/drafts/${house.draftId}/log`,
    expected: everybody('ok', { ...unseen, ...needsRead }),
  },
  {
    route: 'GET /rooms/:roomId/outcome',
    note: 'an open room',
    path: (house) => `${room(house)}/outcome`,
    expected: everybody('roomOpen', { ...unseen, ...needsRead, moderator: 'ok', recorder: 'ok', reader: 'ok' }),
  },
  {
    route: 'GET /rooms/:roomId/outcome/export',
    note: 'an open room',
    path: (house) => `${room(house)}/outcome/export?format=md`,
    expected: everybody('roomOpen', { ...unseen, ...needsRead, moderator: 'ok', recorder: 'ok', reader: 'ok' }),
  },
  {
    route: 'GET /rooms/:roomId/invite.ics',
    note: 'no start is set',
    path: (house) => `${room(house)}/invite.ics`,
    expected: everybody('notFound', { removed: 'removed', linkedElsewhere: 'linkRoomOnly', ...needsRead }),
  },
  {
    route: 'POST /rooms/:roomId/files',
    note: 'no file at all, which is looked at last',
    path: (house) => `${room(house)}/files?name=x.pdf`,
    expected: everybody('malformed', { ...invitesNot, ...needsWrite }),
  },
  {
    route: 'GET /rooms/:roomId/files/:fileId',
    note: 'no such file',
    path: (house) => `${room(house)}/files/none`,
    expected: everybody('unknownFile', { ...unseen, ...needsRead }),
  },
  {
    route: 'GET /rooms/:roomId/invitations',
    path: (house) => `${room(house)}/invitations`,
    expected: everybody('ok', { ...invitesNot, ...needsRead }),
  },
  {
    route: 'POST /rooms/:roomId/invitations',
    path: (house) => `${room(house)}/invitations`,
    body: () => ({ role: 'member', days: 1 }),
    expected: everybody('ok', { ...invitesNot, ...needsWrite }),
  },
  {
    route: 'POST /rooms/:roomId/invitations',
    note: 'for moderators',
    path: (house) => `${room(house)}/invitations`,
    body: () => ({ role: 'moderator', days: 1 }),
    expected: everybody('ok', { ...invitesNot, ...needsWrite, recorder: 'notAllowed' }),
  },
  {
    route: 'POST /rooms/:roomId/invitations',
    note: "into somebody else's public room",
    path: (house) => `${openRoom(house)}/invitations`,
    body: () => ({ role: 'member', days: 1 }),
    expected: everybody('signInNeeded', { outsider: 'notAllowed', ...needsWrite }),
  },
  {
    route: 'DELETE /rooms/:roomId/invitations/:invitationId',
    path: (house) => `${room(house)}/invitations/none`,
    expected: everybody('linkUnknown', { ...invitesNot, ...needsWrite }),
  },
  {
    route: 'POST /invitations/preview',
    path: () => '/invitations/preview',
    body: () => ({ secret: linkSecret }),
    expected: everybody('ok', needsRead),
  },
  {
    route: 'POST /invitations/accept',
    path: () => '/invitations/accept',
    body: () => ({ secret: linkSecret }),
    spends: true,
    expected: everybody('ok', { ...needsSignIn, removed: 'removed', linkedElsewhere: 'linkRoomOnly', ...needsWrite }),
  },
  {
    route: 'GET /rooms/:roomId/roster',
    path: (house) => `${room(house)}/roster`,
    expected: everybody('ok', { ...invitesNot, ...needsRead }),
  },
  {
    route: 'POST /rooms/:roomId/roster',
    path: (house) => `${room(house)}/roster`,
    body: () => ({ people: [{ displayName: 'Wang Fang', role: 'member' }] }),
    expected: everybody('ok', { ...invitesNot, ...needsWrite }),
  },
  {
    route: 'POST /rooms/:roomId/roster',
    note: 'with a moderator in it',
    path: (house) => `${room(house)}/roster`,
    body: () => ({ people: [{ displayName: 'Li Jian', role: 'moderator' }] }),
    expected: everybody('ok', { ...invitesNot, ...needsWrite, recorder: 'notAllowed' }),
  },
  {
    route: 'POST /rooms/:roomId/roster',
    note: "into somebody else's public room",
    path: (house) => `${openRoom(house)}/roster`,
    body: () => ({ people: [{ displayName: 'Wang Fang', role: 'member' }] }),
    expected: everybody('signInNeeded', { outsider: 'notAllowed', ...needsWrite }),
  },
  {
    route: 'POST /rooms/:roomId/slips',
    path: (house) => `${room(house)}/slips`,
    body: () => ({ participantIds: 'all' }),
    expected: everybody('ok', { ...invitesNot, ...needsWrite }),
  },
  {
    route: 'POST /rooms/:roomId/roster/:participantId/link',
    path: (house) => `${room(house)}/roster/${listedId}/link`,
    expected: everybody('ok', { ...invitesNot, ...needsWrite }),
  },
  {
    route: 'POST /rooms/:roomId/roster/:participantId/link',
    note: 'for somebody who came by another way, and signs in by it',
    path: (house) => `${room(house)}/roster/${house.participants.member ?? ''}/link`,
    expected: everybody('linkUnknown', { ...invitesNot, ...needsWrite }),
  },
  {
    route: 'DELETE /rooms/:roomId/roster/:participantId/link',
    path: (house) => `${room(house)}/roster/${listedId}/link`,
    expected: everybody('ok', { ...invitesNot, ...needsWrite }),
  },
  {
    route: 'DELETE /rooms/:roomId/roster/:participantId/link',
    note: 'of a moderator',
    path: (house) => `${room(house)}/roster/${listedChairId}/link`,
    expected: everybody('ok', { ...invitesNot, ...needsWrite, recorder: 'notAllowed' }),
  },
  {
    route: 'POST /personal-links/preview',
    path: () => '/personal-links/preview',
    body: () => ({ secret: noSecret }),
    expected: everybody('linkUnknown', needsRead),
  },
  {
    route: 'POST /personal-links/follow',
    path: () => '/personal-links/follow',
    body: () => ({ secret: noSecret }),
    expected: everybody('linkUnknown', needsWrite),
  },
  { route: 'GET /addresses', path: () => '/addresses', expected: everybody('ok', { ...needsSignIn, ...needsRead }) },
  { route: 'POST /sample', path: () => '/sample', body: () => ({ lang: 'en' }), expected: everybody('ok', needsWrite) },
  { route: 'GET /limits', path: () => '/limits', expected: everybody('ok', needsRead) },
];

let house: House;
beforeAll(async () => {
  house = await furnish();
  const { path } = await house.ana.ok<{ path: string }>('POST', `/api/rooms/${house.roomId}/invitations`, { role: 'observer', days: 1 });
  linkSecret = path.split('#')[1] ?? '';
  const { people } = await house.ana.ok<{ people: { participantId: string }[] }>('POST', `/api/rooms/${house.roomId}/roster`, {
    people: [
      { displayName: 'Zhao Min', role: 'member' },
      { displayName: 'The chair', role: 'moderator' },
    ],
  });
  listedId = people[0]?.participantId ?? '';
  listedChairId = people[1]?.participantId ?? '';
  someTokenId = (await house.ana.ok<{ id: string }>('POST', '/api/tokens', { label: 'of Ana', days: 1, scopes: ['read'] })).id;
});
afterAll(() => house.server.dispose());

describe('[DOOR4] [DOOR5] who may what over HTTP', () => {
  test('every route has a row, and every row a route', () => {
    const known = routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...new Set(rows.map(({ route }) => route))].sort()).toEqual(known.sort());
  });

  test.each(rows.map((row) => [`${row.route}${row.note === undefined ? '' : ` (${row.note})`}`, row] as const))(
    '%s',
    async (_title, row) => {
      const method = row.route.split(' ')[0] ?? '';
      const sent = async (kind: Kind, fresh: boolean) => {
        const credentials = fresh ? (await house.fresh(kind)).credentials : house.credentials(kind);
        return ask(house.server.url, credentials, method, `/api${row.path(house)}`, row.body?.(house));
      };
      const before = logDigest(house.server.dataDir);
      const got: Record<string, string> = {};
      for (const kind of kinds.filter((kind) => row.expected[kind] !== 'ok')) {
        const { outcome, status } = await sent(kind, false);
        got[kind] = outcome;
        expect(status, `${kind}: ${outcome}`).toBe(refusal({ code: row.expected[kind] } as Rejection).status);
      }
      expect(logDigest(house.server.dataDir), 'the log after what was refused').toBe(before);
      for (const kind of kinds.filter((kind) => row.expected[kind] === 'ok')) got[kind] = (await sent(kind, row.spends === true)).outcome;
      expect(got).toEqual(row.expected);
    },
  );

  test('a private room stands in the list of those who have a seat in it, and of nobody else', async () => {
    for (const kind of kinds.filter((one) => one !== 'writer')) {
      const { json } = await ask(house.server.url, house.credentials(kind), 'GET', '/api/rooms');
      const listed = (json as { rooms: { id: string }[] }).rooms.some(({ id }) => id === house.roomId);
      expect(listed, kind).toBe(!['stranger', 'ended', 'outsider', 'removed', 'linkedElsewhere'].includes(kind));
    }
  });

  test('[PART3] a link neither promotes nor demotes who is inside', async () => {
    const client = await house.people.member.join(house.roomId);
    expect(client.joined?.you.role).toBe('member');
    expect(
      (await ask(house.server.url, house.credentials('member'), 'POST', '/api/invitations/accept', { secret: linkSecret })).outcome,
    ).toBe('ok');
    client.close();
    const again = await house.people.member.join(house.roomId);
    expect(again.joined?.you.role).toBe('member');
    again.close();
  });
});
