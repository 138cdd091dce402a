import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import type { Me } from '#shared/protocol/messages.ts';
import { administrator, RoomClient, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

let server: InProcess;
let ana: Visitor;
beforeAll(async () => {
  // Simulated people think and type ten times as fast: their pace has tests of its own.
  server = await startInProcess({ limits: { sampleRooms: 3, samplesPerHourPerAddress: 4 }, simulationPace: 0.1 });
  ana = await administrator(server.base, server.app.setupSecret ?? '');
});
afterAll(() => server.dispose());

interface Sample {
  readonly roomId: string;
  /** What a browser sends that has all three. */
  readonly cookies: string;
}

async function sample(): Promise<Sample> {
  const response = await fetch(`${server.base}/api/sample`, {
    method: 'POST',
    headers: { origin: server.base, 'content-type': 'application/json' },
    body: JSON.stringify({ lang: 'en' }),
  });
  const { roomId } = (await response.json()) as { roomId: string };
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['sid-moderator', 'sid-member', 'sid-observer']);
  return { roomId, cookies: cookies.join('; ') };
}

async function me(cookie: string, query: string): Promise<Me> {
  return (await (await fetch(`${server.base}/api/me${query}`, { headers: { cookie } })).json()) as Me;
}

function socketIn({ roomId, cookies }: Sample, seat: string): RoomClient {
  return new RoomClient(server.base, cookies, roomId, {}, { seat });
}

describe('a visitor tries three seats', () => {
  let made: Sample;
  beforeAll(async () => {
    made = await sample();
  });

  test('[SAM2] each seat is somebody of its own where it is named, and nobody where it is not', async () => {
    const signedIn = `${made.cookies}; ${ana.cookie ?? ''}`;
    expect((await me(signedIn, '')).account?.displayName).toBe('Ana');
    expect((await me(made.cookies, '')).guest).toBeNull();
    expect((await me(signedIn, '?seat=moderator')).guest?.displayName).toBe('You (moderator)');
    expect((await me(signedIn, '?seat=observer')).guest?.displayName).toBe('You (observer)');
    for (const query of ['?seat=recorder', '?seat=other']) {
      const nobody = await me(signedIn, query);
      expect([nobody.account, nobody.guest]).toEqual([null, null]);
    }
    // A cookie under another seat's name, or in place of the browser's own, is nobody's.
    const [moderator] = made.cookies.split('; ').map((cookie) => cookie.split('=')[1] ?? '');
    expect((await me(`sid-observer=${moderator ?? ''}`, '?seat=observer')).guest).toBeNull();
    expect((await me(`sid=${moderator ?? ''}`, '')).guest).toBeNull();
  });

  test('[SAM1] the seats have their roles in a private room that is in nobody’s list', async () => {
    for (const role of ['moderator', 'member', 'observer']) {
      const client = socketIn(made, role);
      await client.join();
      expect(client.joined?.you.role).toBe(role);
      expect(client.joined?.snapshot?.settings.visibility).toBe('private');
      client.close();
    }
    const { rooms } = await ana.ok<{ rooms: { id: string }[] }>('GET', '/api/rooms');
    expect(rooms.some(({ id }) => id === made.roomId)).toBe(false);
    expect((await ana.request('GET', `/api/rooms/${made.roomId}`)).status).toBe(404);
  });

  test('[SAM3] somebody simulated writes and comments while one looks, and says so in his name', async () => {
    const client = socketIn(made, 'member');
    await client.join();
    const draftId = client.joined?.snapshot?.drafts[0]?.id ?? '';
    const draft = new DraftSocketClient(
      server.base,
      { cookie: made.cookies, origin: server.base },
      `${made.roomId}/${draftId}`,
      `editor=${EDITOR_VERSION}&seat=member`,
    );
    await draft.settled();
    await draft.synced();
    const before = draft.text;
    await until(() => draft.text !== before, 'somebody typing', 30_000);
    await until(() => client.commits.length > 0, 'a comment', 60_000);
    const author = client.commits[0]?.actorId;
    expect(client.joined?.people.find(({ id }) => id === author)?.displayName).toMatch(/simulated/);
    draft.ws.close();
    client.close();
  }, 120_000);
});

test('[SAM5] copies are limited, in number and for each address', async () => {
  await sample();
  await sample();
  const refused = await ana.request('POST', '/api/sample', { lang: 'zh' });
  expect(refused.json).toEqual({ rejection: { code: 'tooMany', most: 3 } });
  const { json } = await ana.request('POST', '/api/sample', { lang: 'zh' });
  expect(json).toMatchObject({ rejection: { code: 'tooFast' } });
});
