import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '#server/doctor/examine.ts';
import { readRecord } from '#server/doctor/readRecord.ts';
import { openDiskFiles } from '#server/files/diskFiles.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import type { PersonEntry } from '#shared/protocol/messages.ts';
import { occurrences } from '../support/fileBytes.ts';
import { guestOf } from '../support/furnished.ts';
import { administrator, invited, until } from '../support/people.ts';
import type { RoomClient, Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import './house.ts';

const reason = { code: 'personalData' } as const;
const password = 'correct horse battery';

let server: ServerProcess;
let ana: Visitor;
let ben: Visitor;
let roomId: string;
let chair: RoomClient;
let member: RoomClient;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Erased', visibility: 'public' }));
  ben = await invited(ana, roomId, 'member', 'benjamin-blue');
  chair = await ana.join(roomId);
  member = await ben.join(roomId);
});
afterAll(() => server.dispose());

const inFiles = (text: string): number => occurrences(server.dataDir, text);
// The store rests between two scrubs, the longer the busier the machine is.
const gone = (text: string): Promise<void> => until(() => inFiles(text) === 0, `the end of ${text}`, 100_000);

/** Every door through which somebody reads what is in the room. */
async function read(): Promise<string> {
  const client = await ana.join(roomId);
  client.close();
  const doors = ['log?limit=500', 'outcome', 'outcome/export?format=md', 'record', 'history'];
  const answers = await Promise.all(doors.map(async (door) => (await ana.request('GET', `/api/rooms/${roomId}/${door}`)).json));
  return JSON.stringify([client.joined, answers, chair.commits.slice(0, 0)]);
}

async function upload(name: string, words: string): Promise<string> {
  const headers = { origin: server.url, cookie: ana.cookie ?? '', 'content-type': 'application/octet-stream' };
  const answer = await fetch(`${server.url}/api/rooms/${roomId}/files?name=${name}`, { method: 'POST', headers, body: words });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

test('[ERA2] [ERA3] comment, suggestion and file: read through no door, and in no file of the installation; the record still holds', async () => {
  await member.act({ type: 'postComment', body: 'zebra-comment 秘密留言' });
  await member.act({ type: 'editComment', comment: 1, body: 'zebra-edited' });
  await chair.act({ type: 'postComment', body: 'an answer', parent: 1 });
  const quote = 'zebra-quote';
  await chair.act({ type: 'gatherSuggestion', ask: 'zebra-ask', sources: [{ kind: 'comment', comment: 1, quote }] });
  const fileId = await upload('zebra-name.txt', 'zebra-content');
  expect(await read()).toContain('zebra');
  expect(inFiles('zebra')).toBeGreaterThan(0);
  await member.act({ type: 'eraseText', of: { kind: 'comment', comment: 1 } });
  await chair.act({ type: 'eraseText', of: { kind: 'suggestion', suggestion: 1 }, reason });
  const last = await chair.act({ type: 'eraseText', of: { kind: 'file', fileId }, reason });
  await member.reached(last);
  expect(await read()).not.toContain('zebra');
  expect((await fetch(`${server.url}/api/rooms/${roomId}/files/${fileId}`)).status).toBe(410);
  await gone('zebra');
  await gone('秘密留言');
  expect(await read()).not.toContain('zebra');
  await chair.act({ type: 'closeRoom' });
  const exported = String((await ana.request('GET', `/api/rooms/${roomId}/record`)).json);
  expect(exported).not.toContain('zebra');
  const record = await readRecord(linesOf(exported));
  expect('is' in record ? record : null).toBeNull();
  await chair.act({ type: 'reopenRoom' });
});

async function* linesOf(text: string): AsyncGenerator<string> {
  for (const line of text.trimEnd().split('\n')) yield await Promise.resolve(line);
}

test('[ERA4] the administrator erases in a room he has no seat in; nobody else does by that door', async () => {
  const { id } = await ben.ok<{ id: string }>('POST', '/api/rooms', { title: 'Private', visibility: 'private' });
  const own = await ben.join(id);
  await own.act({ type: 'postComment', body: 'giraffe' });
  const of = { kind: 'comment', comment: 1 };
  expect((await ben.request('POST', `/api/rooms/${id}/erasures`, { of, reason })).status).toBe(403);
  expect((await ana.request('POST', '/api/rooms/none/erasures', { of, reason })).status).toBe(404);
  await ana.ok('POST', `/api/rooms/${id}/erasures`, { of, reason });
  await until(() => own.commits.some(({ events }) => events.some(({ event }) => event?.type === 'text.erased')), 'the erasure');
  await gone('giraffe');
  own.close();
});

test('[ERA8] a guest erases himself, and what he wrote, as long as he is signed in; nobody else erases him by that door', async () => {
  const guest = await guestOf(ana, roomId, 'member', 'tapir-guest');
  const other = await guestOf(ana, roomId, 'member', 'other guest');
  const own = await guest.join(roomId);
  await own.act({ type: 'postComment', body: 'quagga words' });
  await other.ok('POST', '/api/me/erasure', { texts: true });
  expect(await read()).toContain('quagga');
  const before = guest.cookie;
  await guest.ok('POST', '/api/me/erasure', { texts: true });
  await until(() => !own.socket.connected, 'the end of his line');
  expect(await read()).not.toMatch(/quagga|tapir/);
  guest.cookie = before;
  expect(await guest.ok('GET', '/api/me')).toMatchObject({ guest: null });
  expect((await guest.request('POST', '/api/me/erasure', { texts: true })).status).toBe(401);
  await gone('quagga');
  await gone('tapir');
});

test('[ERA6] [ERA8] a person: nobody signs in as him, his name is nowhere, in no file either, and what was counted stays', async () => {
  await chair.act({ type: 'postComment', body: 'what Ben supports' });
  await member.act({ type: 'supportComment', comment: 4 });
  await member.act({ type: 'postComment', body: 'okapi words' });
  await ana.ok('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1, label: 'for benjamin-blue' });
  await ben.ok('POST', '/api/tokens', { label: 'tool', days: 1, scopes: ['read'] });
  const { people } = await ana.ok<{ people: PersonEntry[] }>('GET', '/api/people?q=BENJAMIN');
  expect(people).toMatchObject([{ displayName: 'benjamin-blue', handle: 'benjamin-blue' }]);
  expect((await ben.request('GET', '/api/people')).status).toBe(403);
  const me = ben.cookie;
  expect((await ben.request('POST', '/api/me/erasure', { password: 'wrong', texts: true })).status).toBe(401);
  expect((await ana.request('POST', '/api/me/erasure', { password, texts: true })).json).toEqual({
    rejection: { code: 'lastAdministrator' },
  });
  await ben.ok('POST', '/api/me/erasure', { password, texts: true });
  ben.cookie = me;
  expect(await ben.ok('GET', '/api/me')).toMatchObject({ account: null });
  expect((await ben.request('POST', '/api/session', { handle: 'benjamin-blue', password })).status).toBe(401);
  await until(() => !member.socket.connected, 'the end of his line');
  await gone('benjamin-blue');
  await gone('okapi');
  const room = await read();
  expect(room).not.toContain('benjamin-blue');
  expect(room).toContain('"former":true');
  const client = await ana.join(roomId);
  client.close();
  const seat = client.joined?.snapshot?.participants.find(({ erased }) => erased !== undefined);
  expect(seat).toMatchObject({ role: 'member', erased: { as: 'author', texts: true } });
  expect(client.joined?.snapshot?.comments[3]?.supporters).toEqual([seat?.id]);
  expect(await server.stop()).toBe(0);
  const inspection = inspectSqlite(path.join(server.dataDir, 'shangliang.db'));
  const files = await openDiskFiles(path.join(server.dataDir, 'files'));
  expect((await examine(inspection, files)).findings).toEqual([]);
  await inspection.close();
  await files.close();
});
