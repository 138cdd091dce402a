import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import type { RoomCard } from '#shared/protocol/messages.ts';
import { administrator, invited, Visitor } from '../support/people.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

const day = 24 * 60 * 60 * 1000;

let inside: InProcess;
let ana: Visitor;
let laterMs = 0;

beforeEach(async () => {
  laterMs = 0;
  inside = await startInProcess({ now: () => Date.now() + laterMs });
  ana = await administrator(inside.base, inside.app.setupSecret ?? '');
});
afterEach(() => inside.dispose());

async function newRoom(settings: object = {}): Promise<string> {
  return (await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Entrances', question: 'Where?', background: 'Parks.', ...settings }))
    .id;
}
async function cardFor(visitor: Visitor, roomId: string): Promise<RoomCard | undefined> {
  const { rooms } = await visitor.ok<{ rooms: RoomCard[] }>('GET', '/api/rooms');
  return rooms.find(({ id }) => id === roomId);
}
async function act(roomId: string, ...commands: Parameters<Awaited<ReturnType<Visitor['join']>>['act']>[0][]): Promise<void> {
  const client = await ana.join(roomId);
  for (const command of commands) await client.act(command);
  client.close();
}
const statusOf = async (visitor: Visitor, path: string): Promise<string> => {
  const { status, json } = await visitor.request('GET', path);
  return (json as { rejection?: { code: string } } | null)?.rejection?.code ?? String(status);
};
const joinCode = async (visitor: Visitor, roomId: string): Promise<string> =>
  visitor.join(roomId).then(
    (client) => {
      client.close();
      return 'ok';
    },
    (error: unknown) => String(error).replace(/.*refused: /, ''),
  );

describe('[LIFE1] a deleted room', () => {
  test('is unreadable at once, to all but its moderators, who can bring it back for thirty days', async () => {
    const roomId = await newRoom({ visibility: 'public' });
    const ben = await invited(ana, roomId, 'member', 'ben');
    const stranger = new Visitor(inside.base);
    const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 30 });
    await act(roomId, { type: 'deleteRoom' });

    for (const visitor of [ben, stranger]) {
      expect(await cardFor(visitor, roomId)).toBeUndefined();
      expect(await statusOf(visitor, `/api/rooms/${roomId}`)).toBe('roomDeleted');
      expect(await statusOf(visitor, `/api/rooms/${roomId}/log`)).toBe('roomDeleted');
      expect(await joinCode(visitor, roomId)).toBe('roomDeleted');
    }
    const secret = path.split('#')[1];
    expect((await stranger.request('POST', '/api/invitations/preview', { secret })).json).toMatchObject({
      rejection: { code: 'roomDeleted' },
    });
    const late = new Visitor(inside.base);
    expect((await late.request('POST', '/api/invitations/accept', { secret, guestName: 'Late' })).json).toMatchObject({
      rejection: { code: 'roomDeleted' },
    });

    const seen = await cardFor(ana, roomId);
    expect(seen?.deletedUntil).toBeGreaterThan(Date.now() + 29 * day);
    expect(await statusOf(ana, `/api/rooms/${roomId}`)).toBe('200');
    expect((await ana.request('POST', '/api/rooms', { from: roomId })).json).toMatchObject({ rejection: { code: 'roomDeleted' } });

    await act(roomId, { type: 'undoDeletion' });
    expect((await cardFor(stranger, roomId))?.deletedUntil).toBeNull();
    expect(await joinCode(ben, roomId)).toBe('ok');
  });

  test('is gone for everybody when the time is over', async () => {
    const roomId = await newRoom();
    await act(roomId, { type: 'deleteRoom' });
    laterMs = 31 * day;
    // Signing in has run out as well: one signs in anew.
    await ana.ok('POST', '/api/session', { handle: 'ana', password: 'correct horse battery' });
    expect(await cardFor(ana, roomId)).toBeUndefined();
    expect(await statusOf(ana, `/api/rooms/${roomId}`)).toBe('roomDeleted');
    expect(await joinCode(ana, roomId)).toBe('roomDeleted');
  });

  test('a private one is to strangers what it was: nothing', async () => {
    const roomId = await newRoom({ visibility: 'private' });
    await act(roomId, { type: 'deleteRoom' });
    const stranger = new Visitor(inside.base);
    expect(await statusOf(stranger, `/api/rooms/${roomId}`)).toBe('notFound');
    expect(await joinCode(stranger, roomId)).not.toBe('roomDeleted');
  });
});

describe('[LIFE2] an archived room', () => {
  test('is read and nothing else, until it is taken out again', async () => {
    const roomId = await newRoom({ visibility: 'public' });
    const ben = await invited(ana, roomId, 'member', 'ben');
    await act(roomId, { type: 'archiveRoom' });
    expect((await cardFor(new Visitor(inside.base), roomId))?.archived).toBe(true);
    const client = await ben.join(roomId);
    expect(await client.send({ type: 'postComment', body: 'late' })).toMatchObject({ ok: false, rejection: { code: 'roomClosed' } });
    await act(roomId, { type: 'unarchiveRoom' });
    expect((await client.send({ type: 'postComment', body: 'in time' })).ok).toBe(true);
    client.close();
  });
});

describe('[START2] the start of a room', () => {
  test('stands in the list, and as a file for calendars with the address it was asked at', async () => {
    const roomId = await newRoom();
    expect(await statusOf(ana, `/api/rooms/${roomId}/invite.ics`)).toBe('notFound');
    const startsAt = Date.UTC(2030, 0, 2, 3, 4);
    await act(roomId, { type: 'scheduleRoom', startsAt });
    expect((await cardFor(ana, roomId))?.startsAt).toBe(startsAt);
    const response = await fetch(`${inside.base}/api/rooms/${roomId}/invite.ics`);
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=Entrances.ics');
    const file = await response.text();
    expect(file).toContain('\r\nDTSTART:20300102T030400Z\r\n');
    expect(file.replace(/\r\n /g, '')).toContain(`\r\nURL:${inside.base}/rooms/${roomId}\r\n`);
    expect(file).toContain('\r\nSEQUENCE:0\r\n');
    // The same start is the same file; another one is a newer entry under the same name.
    expect(await (await fetch(`${inside.base}/api/rooms/${roomId}/invite.ics`)).text()).toBe(file);
    await act(roomId, { type: 'scheduleRoom', startsAt: startsAt + day });
    const moved = await (await fetch(`${inside.base}/api/rooms/${roomId}/invite.ics`)).text();
    expect(moved).toContain('\r\nSEQUENCE:1\r\n');
    expect(/UID:.*/.exec(moved)?.[0]).toBe(/UID:.*/.exec(file)?.[0]);
  });
});

describe('[TPL1] a room made after another', () => {
  test('has its description, settings and texts, and nobody and nothing else of it', async () => {
    const roomId = await newRoom({ visibility: 'private', whoComments: 'participants', guests: false });
    const ben = await invited(ana, roomId, 'member', 'ben');
    await act(
      roomId,
      { type: 'changeSettings', settings: { visibility: 'private', whoComments: 'participants', guests: false, slowModeMs: 30_000 } },
      { type: 'postComment', body: 'a word' },
      { type: 'createDraft', title: 'Second' },
      { type: 'scheduleRoom', startsAt: Date.now() + day },
      { type: 'archiveRoom' },
    );
    for (const [visitor, outcome] of [
      [ben, 'notAllowed'],
      [new Visitor(inside.base), 'signInNeeded'],
    ] as const) {
      expect((await visitor.request('POST', '/api/rooms', { from: roomId })).json).toMatchObject({ rejection: { code: outcome } });
    }
    const elsewhere = await invited(ana, await newRoom(), 'moderator', 'cy');
    expect((await elsewhere.request('POST', '/api/rooms', { from: roomId })).json).toMatchObject({ rejection: { code: 'notFound' } });
    expect((await ana.request('POST', '/api/rooms', {})).json).toMatchObject({ rejection: { code: 'malformed' } });

    const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { from: roomId, title: 'Entrances, next year' });
    const client = await ana.join(id);
    const snapshot = client.joined?.snapshot as RoomSnapshot;
    client.close();
    expect(snapshot.title.text).toBe('Entrances, next year');
    expect([snapshot.question.text, snapshot.background.text]).toEqual(['Where?', 'Parks.']);
    expect(snapshot.settings).toMatchObject({ visibility: 'private', whoComments: 'participants', guests: false, slowModeMs: 30_000 });
    expect(snapshot.drafts.map(({ title }) => title?.text ?? null)).toEqual([null, 'Second']);
    expect(snapshot.participants.length).toBe(1);
    expect(snapshot.comments.length).toBe(0);
    expect([snapshot.startsAt, snapshot.archived, snapshot.files.length]).toEqual([null, false, 0]);
    expect((await ana.ok<{ id: string }>('POST', '/api/rooms', { from: roomId })).id).not.toBe(id);
  });
});
