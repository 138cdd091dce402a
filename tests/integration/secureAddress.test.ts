import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { originAllowed } from '#server/access/origins.ts';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import { ServerProcess } from '../support/serverProcess.ts';

/* An installation behind a proxy that speaks https: what the proxy passes on, and what goes back through it. */

const publicUrl = 'https://talk.example';
let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { PUBLIC_URL: publicUrl } });
}, 60_000);
afterAll(() => server.dispose());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: { readonly [field: string]: unknown };
}

/** As the proxy passes it on: the public name, and that it came over https. */
function ask(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${server.url}${path}`,
      {
        method,
        headers: {
          host: 'talk.example',
          'x-forwarded-proto': 'https',
          'x-forwarded-for': '203.0.113.9',
          'content-type': 'application/json',
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Answer['json'];
          resolve({ status: response.statusCode ?? 0, headers: response.headers, json });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const person = { handle: 'ana', displayName: 'Ana', password: 'correct horse battery' };

test('[DOOR15] with an https address the cookie is bound to it, and browsers are told to come by https', async () => {
  const setup = { token: server.setupSecret, ...person };
  // A page of the same name that came over plain HTTP is anybody's.
  const plain = await ask('POST', '/api/setup', { origin: 'http://talk.example' }, setup);
  expect([plain.status, plain.json]).toEqual([403, { rejection: { code: 'wrongOrigin' } }]);
  const made = await ask('POST', '/api/setup', { origin: publicUrl }, setup);
  expect(made.status).toBe(200);
  const [cookie = ''] = made.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure$/);
  expect(made.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
  expect(made.headers['x-content-type-options']).toBe('nosniff');
  expect(made.headers['cache-control']).toBe('no-store');

  const value = /=([^;]+)/.exec(cookie)?.[1] ?? '';
  const me = async (sent: string) => (await ask('GET', '/api/me', { cookie: sent })).json['account'];
  expect(await me(`__Host-sid=${value}`)).toMatchObject({ handle: 'ana' });
  // Without its prefix somebody else, on another name or over plain HTTP, may have set it.
  expect(await me(`sid=${value}`)).toBeNull();

  const again = await ask(
    'POST',
    '/api/session',
    { origin: publicUrl, cookie: `__Host-sid=${value}` },
    { handle: 'ana', password: person.password },
  );
  const [next = ''] = again.headers['set-cookie'] ?? [];
  expect(next).toMatch(/^__Host-sid=/);
  expect(next.slice(0, 54)).not.toBe(cookie.slice(0, 54));
  expect(await me(`__Host-sid=${value}`), 'the session before signing in').toBeNull();
  const seats = (await ask('POST', '/api/sample', { origin: publicUrl }, { lang: 'en' })).headers['set-cookie'] ?? [];
  expect(seats.length).toBeGreaterThan(1);
  for (const seat of seats) expect(seat).toMatch(/^__Host-sid-\w+=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
});

test('[DOOR8] [DOOR15] both sockets are opened by pages of the https address alone', async () => {
  const open = (path: string, origin: string): Promise<string> =>
    new Promise((resolve) => {
      const ws = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, {
        headers: { host: 'talk.example', origin, 'x-forwarded-proto': 'https' },
      });
      ws.on('error', () => resolve('refused'));
      ws.on('close', (code) => resolve(`closed ${String(code)}`));
      ws.on('message', (data) => {
        resolve((data as Buffer).toString().startsWith('0{') ? 'opened' : 'spoken to');
        ws.terminate();
      });
    });
  const socketIo = '/socket.io/?EIO=4&transport=websocket';
  expect(await open(socketIo, publicUrl)).toBe('opened');
  for (const origin of ['http://talk.example', 'https://evil.example', 'https://talk.example.evil.example', 'null']) {
    expect(await open(socketIo, origin), origin).toBe('refused');
    expect(await open(`/yjs/room/draft?editor=${EDITOR_VERSION}`, origin), origin).toBe('closed 4403');
  }
  expect(await open(`/yjs/room/draft?editor=${EDITOR_VERSION}`, publicUrl)).toBe('closed 4401');
});

test('[DOOR8] only the public name asks for https; where there is none, hosts are compared as they are', () => {
  const policy = { publicUrl: new URL(publicUrl), allowedHosts: ['hall.test'] };
  const asked = (host: string, origin: string): boolean => originAllowed({ headers: { host, origin } }, policy);
  expect(asked('talk.example', 'https://talk.example')).toBe(true);
  expect(asked('talk.example', 'http://talk.example')).toBe(false);
  expect(asked('hall.test:3000', 'http://hall.test:3000')).toBe(true);
  expect(asked('127.0.0.1:3000', 'http://127.0.0.1:3000')).toBe(true);
  expect(asked('127.0.0.1:3000', 'https://talk.example')).toBe(false);
});
