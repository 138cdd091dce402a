import { afterAll, beforeAll, expect, test } from 'vitest';
import { RoomClient, until, Visitor } from '../support/people.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

const HOUR_MS = 60 * 60 * 1_000;

let now = Date.UTC(2026, 0, 5, 9);
let server: InProcess;
beforeAll(async () => {
  server = await startInProcess({ now: () => now, lookMs: 20 });
});
afterAll(() => server.dispose());

test('[SAM1] after an hour a copy’s seats end, open connections with them, and the room is removed for good', async () => {
  const response = await fetch(`${server.base}/api/sample`, {
    method: 'POST',
    headers: { origin: server.base, 'content-type': 'application/json' },
    body: JSON.stringify({ lang: 'zh' }),
  });
  const { roomId } = (await response.json()) as { roomId: string };
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  const join = async () => {
    const client = new RoomClient(server.base, cookies.join('; '), roomId, {}, { seat: 'moderator' });
    return { client, answer: await client.tryJoin() };
  };
  const { client, answer } = await join();
  expect(answer.ok).toBe(true);
  let ended: string | null = null;
  client.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));
  now += HOUR_MS - 1;
  expect((await join()).answer.ok).toBe(true);
  now += 1;
  await until(() => ended === 'signInNeeded', 'the end of the seat');
  const late = await join();
  expect(late.answer.ok).toBe(false);
  late.client.close();
  let left = 1;
  const look = async (): Promise<void> => void (left = (await server.store.journal.head({ kind: 'room', id: roomId })).seq);
  await until(() => (void look(), left === 0), 'the removal of the room');
  expect((await new Visitor(server.base).request('GET', `/api/rooms/${roomId}`)).status).toBe(404);
});
