import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { defaultLimits } from '#shared/domain/limits.ts';
import { routes } from '../protocol/routeTable.ts';
import { RoomClient, Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { ask, furnish, logDigest, tokenOf } from './house.ts';
import type { House } from './house.ts';

let house: House;
let linkSecret = '';
beforeAll(async () => {
  house = await furnish();
  const { path } = await house.ana.ok<{ path: string }>('POST', `/api/rooms/${house.roomId}/invitations`, { role: 'member', days: 1 });
  linkSecret = path.split('#')[1] ?? '';
});
afterAll(() => house.server.dispose());
const logNow = (): string => logDigest(house.server.dataDir);
const chair = (): Readonly<Record<string, string>> => ({ cookie: house.ana.cookie ?? '' });
const tell = (method: string, path: string, body?: unknown) => ask(house.server.url, chair(), method, `/api${path}`, body);

/** A body that each route with a body would take; every field the schema knows is in it. */
const person = { handle: 'newcomer', displayName: 'Newcomer', password: 'correct horse battery' };
const wholeBodies = (): Readonly<Record<string, Readonly<Record<string, unknown>>>> => ({
  'POST /setup': { token: linkSecret, ...person },
  'POST /session': { handle: 'ana', password: 'correct horse battery' },
  'POST /accounts': { invitation: linkSecret, ...person },
  'PUT /me': { displayName: 'Ana' },
  'PUT /me/password': { current: 'correct horse battery', next: 'another horse battery' },
  'POST /tokens': { label: 'x', days: 1, scopes: ['read'] },
  'POST /rooms': { title: 'T', question: 'Q', background: 'B', visibility: 'link', whoComments: 'members', guests: true },
  'POST /rooms/:roomId/invitations': { role: 'member', label: 'x', days: 1 },
  'POST /rooms/:roomId/roster': { people: [{ displayName: 'Wang Fang', role: 'member' }] },
  'POST /rooms/:roomId/slips': { participantIds: ['none'] },
  'POST /personal-links/preview': { secret: linkSecret },
  'POST /personal-links/follow': { secret: linkSecret },
  'POST /sample': { lang: 'zh' },
  'POST /me/erasure': { password: 'correct horse battery', texts: true },
  'POST /people/erasures': { principal: 'guest:none', texts: true, reason: { code: 'other' } },
  'POST /suspensions': { principal: 'account:none', reason: { code: 'other' } },
  'POST /rooms/:roomId/erasures': { of: { kind: 'file', fileId: 'none' }, reason: { code: 'other' } },
  'POST /rooms/:roomId/drafts/:draftId/passages': { of: { words: 'x' } },
  'POST /rooms/:roomId/drafts/:draftId/erasures': { of: { words: 'x' }, elsewhere: true, under: true, reason: { code: 'other' } },
  'POST /invitations/preview': { secret: linkSecret },
  'POST /invitations/accept': { secret: linkSecret, guestName: 'Guest' },
});
const pathOf = (path: string): string => path.replace(':roomId', house.roomId).replace(':draftId', house.draftId);
const withBody = routes.filter(({ body }) => body !== undefined);

describe('[DOOR6] [DOOR5] what is not of the described shape is refused by name', () => {
  test('every route with a body is tried', () => {
    expect(Object.keys(wholeBodies()).sort()).toEqual(withBody.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort());
  });

  test.each(withBody.map(({ method, path }) => [method.toUpperCase(), path] as const))('%s %s', async (method, path) => {
    const whole = wholeBodies()[`${method} ${path}`] ?? {};
    const before = logNow();
    const malformed = async (body: unknown, what: string): Promise<void> => {
      const { outcome, status } = await tell(method, pathOf(path), body);
      expect(`${outcome} ${status}`, what).toBe('malformed 400');
    };
    for (const field of Object.keys(whole)) {
      for (const value of [{ $ne: null }, { $gt: '' }, [], [whole[field]], null, 12.5, '\u0000', '\ud800']) {
        await malformed({ ...whole, [field]: value }, `${field}: ${JSON.stringify(value)}`);
      }
      // Without a field that is needed; those that may be left out are the protocol page's subject.
      const { [field]: _left, ...rest } = whole;
      const optional = ['question', 'background', 'visibility', 'whoComments', 'guests', 'label', 'guestName', 'participantIds'].includes(
        field,
      );
      // A room that is copied from another brings its title.
      const brought = field === 'title' && path === '/rooms';
      // A guest has no password to erase himself with.
      const guests = field === 'password' && path === '/me/erasure';
      if (!brought && !guests && (!optional || (field === 'label' && path === '/tokens'))) await malformed(rest, `without ${field}`);
    }
    await malformed({ ...whole, unknown: 1 }, 'an unknown field');
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      await malformed(`${JSON.stringify(whole).slice(0, -1)},"${key}":{"admin":true}}`, key);
    }
    for (const body of ['[]', '"text"', '5', 'null', 'true', '', '{', '{"a":', '\u0000', '{"a":1}}', `[${JSON.stringify(whole)}]`]) {
      await malformed(body, body);
    }
    await malformed(`${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'deep nesting');
    const wrongType = { ...chair(), 'content-type': 'text/plain' };
    expect((await ask(house.server.url, wrongType, method, `/api${pathOf(path)}`, whole)).outcome, 'text/plain').toBe('malformed');
    const form = { ...chair(), 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ask(house.server.url, form, method, `/api${pathOf(path)}`, 'title[$ne]=')).outcome, 'a form').toBe('malformed');
    const large = JSON.stringify({ ...whole, filler: 'x'.repeat(defaultLimits.messageBytes) });
    expect(await tell(method, pathOf(path), large), 'too large').toMatchObject({ outcome: 'textTooLong', status: 413 });
    expect(logNow()).toBe(before);
  });

  test('empty and too long texts', async () => {
    const before = logNow();
    const long = (length: number): string => '长'.repeat(length + 1);
    const cases: readonly (readonly [string, string, unknown, string])[] = [
      ['POST', '/rooms', { title: ' \n' }, 'emptyText'],
      ['POST', '/rooms', { title: long(defaultLimits.titleLength) }, 'textTooLong'],
      ['POST', '/rooms', { title: 'T', question: long(defaultLimits.backgroundLength) }, 'textTooLong'],
      ['POST', '/rooms', { title: 'T', background: long(defaultLimits.backgroundLength) }, 'textTooLong'],
      ['PUT', '/me', { displayName: '\t' }, 'emptyText'],
      ['PUT', '/me', { displayName: long(defaultLimits.displayNameLength) }, 'textTooLong'],
      ['PUT', '/me/password', { current: 'correct horse battery', next: 'short' }, 'passwordTooShort'],
      ['PUT', '/me/password', { current: 'correct horse battery', next: long(200) }, 'textTooLong'],
      ['POST', '/accounts', { invitation: linkSecret, ...person, handle: 'a b' }, 'handleInvalid'],
      ['POST', '/accounts', { invitation: linkSecret, ...person, handle: '<b>' }, 'handleInvalid'],
      ['POST', '/accounts', { invitation: linkSecret, ...person, handle: '' }, 'handleInvalid'],
      ['POST', '/accounts', { invitation: linkSecret, ...person, handle: 'ＡＮＡ' }, 'handleTaken'],
      ['POST', '/accounts', { invitation: linkSecret, ...person, password: 'short' }, 'passwordTooShort'],
      ['POST', '/accounts', { invitation: linkSecret, ...person, displayName: ' ' }, 'emptyText'],
      ['POST', '/tokens', { label: 'x', days: 0, scopes: ['read'] }, 'malformed'],
      ['POST', '/tokens', { label: 'x', days: 366, scopes: ['read'] }, 'malformed'],
      ['POST', '/tokens', { label: 'x', days: 1, scopes: [] }, 'malformed'],
      ['POST', '/tokens', { label: 'x', days: 1, scopes: ['admin'] }, 'malformed'],
      ['POST', `/rooms/${house.roomId}/invitations`, { role: 'owner', days: 1 }, 'malformed'],
      ['POST', `/rooms/${house.roomId}/roster`, { people: [] }, 'malformed'],
      ['POST', `/rooms/${house.roomId}/roster`, { people: [{ displayName: 'Wang', role: 'member', admin: true }] }, 'malformed'],
      ['POST', `/rooms/${house.roomId}/slips`, { participantIds: 'none' }, 'malformed'],
      ['POST', '/personal-links/follow', { secret: 'too-short' }, 'malformed'],
    ];
    for (const [method, path, body, code] of cases) {
      expect((await tell(method, path, body)).outcome, `${method} ${path} ${JSON.stringify(body).slice(0, 80)}`).toBe(code);
    }
    const guest = await ask(house.server.url, {}, 'POST', '/api/invitations/accept', { secret: linkSecret, guestName: long(40) });
    expect(guest.outcome).toBe('textTooLong');
    expect((await ask(house.server.url, {}, 'POST', '/api/invitations/accept', { secret: linkSecret, guestName: '　' })).outcome).toBe(
      'emptyText',
    );
    expect(logNow()).toBe(before);
  });

  test('rooms, drafts, links and pages that are not there', async () => {
    const before = logNow();
    const strange = ['nowhere', '__proto__', 'constructor', 'x'.repeat(65), 'a%00b', '%E0%A4%A', '..%2f..%2fetc', '%24ne', "'--", '房间'];
    for (const id of strange) {
      for (const path of [`/rooms/${id}`, `/rooms/${id}/log`, `/rooms/${id}/drafts/${house.draftId}`, `/rooms/${id}/invitations`]) {
        expect(['notFound', 'malformed'], path).toContain((await tell('GET', path)).outcome);
      }
      expect((await tell('GET', `/rooms/${house.roomId}/drafts/${id}`)).outcome, id).toMatch(/^(unknownDraft|malformed)$/);
      expect((await tell('DELETE', `/rooms/${house.roomId}/invitations/${id}`)).outcome, id).toMatch(/^(linkUnknown|malformed)$/);
      expect((await tell('DELETE', `/tokens/${id}`)).outcome, id).toMatch(/^(notFound|malformed)$/);
    }
    for (const path of ['/', '/nothing', '/rooms/a/b/c', '/Rooms/../me/x'])
      expect((await tell('GET', path)).outcome, path).toBe('notFound');
    expect((await tell('PUT', '/rooms', {})).outcome).toBe('notFound');
    for (const query of ['after=-1', 'after=x', 'limit=0', 'limit=-5', 'after=NaN', 'after=Infinity']) {
      expect((await tell('GET', `/rooms/${house.roomId}/log?${query}`)).outcome, query).toBe('malformed');
    }
    for (const query of [
      'after=99999999999999999999',
      'after=1e99',
      'limit=1e9',
      'after[$gt]=0',
      'after=1&after=2',
      '__proto__=1',
      'after=9007199254740993',
    ]) {
      expect((await tell('GET', `/rooms/${house.roomId}/log?${query}`)).status, query).toBe(200);
    }
    expect(logNow()).toBe(before);
  });

  test('revoked and unknown links', async () => {
    const link = await house.ana.ok<{ path: string; invitation: { id: string } }>('POST', `/api/rooms/${house.roomId}/invitations`, {
      role: 'member',
      days: 1,
    });
    const secret = link.path.split('#')[1] ?? '';
    for (let twice = 0; twice < 2; twice += 1) {
      expect((await tell('DELETE', `/rooms/${house.roomId}/invitations/${link.invitation.id}`)).outcome).toBe('ok');
    }
    const before = logNow();
    for (const [own, code, status] of [
      [secret, 'linkRevoked', 410],
      ['x'.repeat(43), 'linkUnknown', 404],
      [link.invitation.id, 'linkUnknown', 404],
    ] as const) {
      for (const [path, body] of [
        ['/invitations/preview', { secret: own }],
        ['/invitations/accept', { secret: own }],
        ['/invitations/accept', { secret: own, guestName: 'Guest' }],
        ['/accounts', { invitation: own, ...person }],
      ] as const) {
        expect(await ask(house.server.url, {}, 'POST', `/api${path}`, body), path).toMatchObject({ outcome: code, status });
      }
    }
    expect(logNow()).toBe(before);
  });

  test('the process lives, and says so', async () => {
    expect((await fetch(`${house.server.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${house.server.url}/readyz`)).json()).toMatchObject({ ok: true });
  });
});

describe('[DOOR8] requests and sockets from elsewhere', () => {
  /** `fetch` sets the Host itself. */
  function raw(method: string, path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const request = rawRequest({ host: '127.0.0.1', port: house.server.port, method, path, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.on('error', reject);
      request.end(method === 'GET' ? undefined : '{"displayName":"Changed"}');
    });
  }
  const own = (): string => `127.0.0.1:${house.server.port}`;

  test('over HTTP', async () => {
    const cookie = house.ana.cookie ?? '';
    const { authorization = '' } = await tokenOf(house.ana, ['read', 'write']);
    const json = { 'content-type': 'application/json' };
    const put = async (headers: Record<string, string>): Promise<string> => {
      const { status, text } = await raw('PUT', '/api/me', { ...json, ...headers });
      return `${status} ${(JSON.parse(text) as { rejection?: { code: string } }).rejection?.code ?? ''}`.trim();
    };
    expect(await put({ host: own(), origin: `http://${own()}`, cookie })).toBe('200');
    expect(await put({ host: own(), authorization })).toBe('200');
    for (const [what, headers] of Object.entries({
      'a cookie without an Origin': { cookie },
      'another site': { cookie, origin: 'https://elsewhere.example' },
      'another port': { cookie, origin: 'http://127.0.0.1:1' },
      'a sandboxed page': { cookie, origin: 'null' },
      nonsense: { cookie, origin: 'not an origin' },
      'a token and a cookie without an Origin': { cookie, authorization },
      'a token from another site': { authorization, origin: 'https://elsewhere.example' },
    })) {
      expect(await put({ host: own(), ...headers }), what).toBe('403 wrongOrigin');
    }
    expect((await raw('GET', '/api/me', { host: 'elsewhere.example', cookie })).status).toBe(421);
    expect((await raw('GET', '/api/me', { host: 'elsewhere.example:3000', cookie })).status).toBe(421);
    expect((await raw('PUT', '/api/me', { ...json, host: 'elsewhere.example', origin: 'http://elsewhere.example', cookie })).status).toBe(
      421,
    );
    expect((await raw('GET', '/api/me', { host: `localhost:${house.server.port}`, cookie })).status).toBe(200);
  });

  test('at both sockets', async () => {
    const cookie = house.ana.cookie ?? '';
    const before = logNow();
    const elsewhere = { origin: 'https://elsewhere.example' };
    const client = new RoomClient(house.server.url, cookie, house.roomId, elsewhere);
    const refused = await new Promise<string>((resolve) => {
      client.socket.on('connect_error', (error) => resolve(error.message));
      client.socket.on('connect', () => resolve('connected'));
    });
    expect(refused).not.toBe('connected');
    const draft = new DraftSocketClient(house.server.url, { cookie, ...elsewhere }, `${house.roomId}/${house.draftId}`);
    expect(await draft.ended()).toBe(4403);
    const answer = (path: string, headers: Record<string, string>) =>
      new Promise<string>((resolve) => {
        const ws = new WebSocket(`ws://${own()}${path}`, { headers });
        ws.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
        ws.on('error', () => resolve('error'));
        ws.on('open', () => resolve('open'));
        ws.on('close', (code) => resolve(String(code)));
      });
    const engine = '/socket.io/?EIO=4&transport=websocket';
    expect(await answer(engine, { cookie })).toBe('400');
    expect(await answer(engine, { cookie, origin: 'null' })).toBe('400');
    expect(await answer('/elsewhere', { cookie, origin: house.server.url })).toBe('error');
    expect((await fetch(`${house.server.url}/socket.io/?EIO=4&transport=polling`)).status).toBe(400);
    expect(logNow()).toBe(before);
  });

  test('headers of answers and cookies', async () => {
    const visitor = new Visitor(house.server.url);
    const response = await fetch(`${house.server.url}/api/session`, {
      method: 'POST',
      headers: { origin: house.server.url, 'content-type': 'application/json' },
      body: JSON.stringify({ handle: 'ana', password: 'correct horse battery' }),
    });
    const [sid, device] = response.headers.getSetCookie();
    expect(device).toMatch(/^device=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=34560000$/);
    expect(sid).toMatch(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    // Whatever an answer holds, opened as a page or in a frame it may do nothing.
    for (const path of ['/api/me', '/api/nowhere', '/api/rooms/none'])
      expect((await fetch(house.server.url + path)).headers.get('content-security-policy')).toBe(
        "default-src 'none'; frame-ancestors 'none'",
      );
    // A session that was planted before signing in is not the one after it.
    visitor.cookie = response.headers.get('set-cookie')?.split(';')[0] ?? null;
    const first = visitor.cookie;
    await visitor.ok('POST', '/api/session', { handle: 'ana', password: 'correct horse battery' });
    expect(visitor.cookie).not.toBe(first);
    const { json } = await ask(house.server.url, { cookie: first ?? '' }, 'GET', '/api/me');
    expect(json).toMatchObject({ account: null });
  });
});
