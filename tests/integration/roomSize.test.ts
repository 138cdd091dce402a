import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import type { Limits } from '#shared/domain/limits.ts';
import type { RoomSizeView } from '#shared/protocol/messages.ts';
import { examine } from '#server/doctor/examine.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { administrator, invited, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

let house: InProcess | null = null;
afterEach(async () => {
  await house?.dispose();
  house = null;
});

async function open(limits: Partial<Limits>) {
  const started = await startInProcess({ limits });
  house = started;
  const ana = await administrator(started.base, started.app.setupSecret ?? '');
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Growing', visibility: 'public' });
  const chair = await ana.join(roomId);
  return { house: started, ana, roomId, chair, draftId: chair.joined?.snapshot?.drafts[0]?.id ?? '' };
}

const sizeOf = async (who: Visitor, roomId: string): Promise<RoomSizeView> =>
  (await who.ok<{ size: RoomSizeView }>('GET', `/api/rooms/${roomId}/size`)).size;

async function writer(house: InProcess, who: Visitor, roomId: string, draftId: string): Promise<DraftSocketClient> {
  return (await new DraftSocketClient(house.base, { cookie: who.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
}

/** What the file holds of a room: bytes of its events, and of the updates of its draft. */
function counted(folder: string, roomId: string, draftId: string): { discussion: number; drafts: number } {
  const database = new DatabaseSync(path.join(folder, 'shangliang.db'), { readOnly: true });
  try {
    const commits = database.prepare('SELECT events FROM commits WHERE stream_id = ?').all(roomId);
    const events = commits.flatMap(({ events }) => JSON.parse(String(events)) as { json: string }[]);
    const updates = database.prepare('SELECT bytes FROM draft_entries WHERE draft_id = ?').all(draftId);
    return {
      discussion: events.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0),
      drafts: updates.reduce((sum, { bytes }) => sum + (bytes as Uint8Array).byteLength, 0),
    };
  } finally {
    database.close();
  }
}

test('[SIZ1] the size of a room is what its logs and files take up, at every moment and after a restart, without reading a log through', async () => {
  const { house: first, ana, roomId, chair, draftId } = await open({});
  const draft = await writer(first, ana, roomId, draftId);
  for (let n = 0; n < 20; n += 1) {
    await chair.act({ type: 'postComment', body: `评论 ${n}` });
    draft.sendUpdate(draft.typed(`文字 ${n}`));
  }
  await until(() => draft.saved === 20, 'the words');
  const content = 'a background file';
  const sent = await fetch(`${first.base}/api/rooms/${roomId}/files?name=a.txt`, {
    method: 'POST',
    headers: { origin: first.base, 'content-type': 'application/octet-stream', cookie: ana.cookie ?? '' },
    body: content,
  });
  expect(sent.status).toBe(201);
  const is = { ...counted(first.folder, roomId, draftId), files: content.length };
  expect(await sizeOf(ana, roomId)).toMatchObject(is);
  draft.close();
  chair.close();
  await first.app.close();

  const asked: string[] = [];
  const second = await startInProcess({
    after: first,
    wrap: (store) => ({
      ...store,
      journal: {
        ...store.journal,
        readDraft: (id, after, limit) => {
          asked.push(`${id} after ${after}`);
          return store.journal.readDraft(id, after, limit);
        },
      },
    }),
  });
  house = second;
  const again = Object.assign(Object.create(ana) as Visitor, { base: second.base });
  expect(await sizeOf(again, roomId)).toMatchObject(is);
  // Only behind the place that was kept.
  expect(asked).toEqual([`${draftId} after 20`]);
});

test('[SIZ2] [SIZ3] moderators are warned in time; a full room is read-only but for last words, closing and steering, and can be taken out', async () => {
  const { house: full, ana, roomId, chair, draftId } = await open({ roomLogBytes: 40_000, roomReserveBytes: 6_000 });
  const ben = await invited(ana, roomId, 'member', 'ben');
  const member = await ben.join(roomId);
  const warned: (RoomSizeView | null)[] = [];
  const overheard: unknown[] = [];
  chair.socket.on('room:size', ({ size }) => warned.push(size));
  member.socket.on('room:size', (message) => overheard.push(message));
  const draft = await writer(full, ben, roomId, draftId);
  let sent = 0;
  const write = async (bytes: number): Promise<void> => {
    draft.sendUpdate(draft.typed('x'.repeat(bytes)));
    sent += 1;
    await until(() => draft.saved === sent || draft.closed !== null, 'an answer');
  };
  expect(chair.joined?.size).toBeUndefined();
  while (warned.length === 0) await write(4_000);
  expect(warned[0]).toMatchObject({ mostWords: 40_000 });
  expect((warned[0]?.discussion ?? 0) + (warned[0]?.drafts ?? 0)).toBeGreaterThanOrEqual(32_000);
  expect((await ana.join(roomId)).joined?.size).toMatchObject({ mostWords: 40_000 });
  expect((await ben.join(roomId)).joined?.size).toBeUndefined();
  expect(draft.standing?.write).toBe(true);

  // Whatever fills the last of it, the draft is told at once.
  while (warned.length === 1) await write(4_000);
  await until(() => draft.standing?.write === false, 'the end of writing');
  expect(draft.standing?.why).toBe('roomFull');
  const late = await writer(full, ben, roomId, draftId);
  expect(late.standing).toMatchObject({ write: false, why: 'roomFull' });
  late.close();
  expect(await member.send({ type: 'gatherSuggestion', sources: [], ask: 'More' })).toMatchObject({ ok: false });
  expect(await chair.send({ type: 'createDraft', title: 'Another' })).toEqual({ ok: false, rejection: { code: 'roomFull' } });
  await member.act({ type: 'postComment', body: 'Goodbye, and thank you.' });
  let said = 0;
  for (;;) {
    const answer = await member.send({ type: 'postComment', body: 'y'.repeat(900) });
    if (!answer.ok) {
      expect(answer.rejection).toEqual({ code: 'roomFull' });
      break;
    }
    said += 1;
  }
  expect(said).toBeGreaterThan(0);
  // Steering, moderation and closing go on; the room can be read and taken out as a whole.
  await chair.act({ type: 'hideComment', comment: 1, reason: { code: 'other' } });
  await chair.act({ type: 'lockDraft', draftId });
  await chair.act({ type: 'closeRoom' });
  const file = await fetch(`${full.base}/api/rooms/${roomId}/record`, { headers: { cookie: ana.cookie ?? '' } });
  expect([file.status, (await file.text()).length > 40_000]).toEqual([200, true]);
  expect(overheard).toEqual([]);
  for (const client of [chair, member]) client.close();
  draft.close();
});

test('[SIZ3] files have a limit of their own; one that is removed makes place for another', async () => {
  const { house: full, ana, roomId, chair } = await open({ roomFileBytes: 30 });
  const put = async (content: string) => {
    const response = await fetch(`${full.base}/api/rooms/${roomId}/files?name=a.txt`, {
      method: 'POST',
      headers: { origin: full.base, 'content-type': 'application/octet-stream', cookie: ana.cookie ?? '' },
      body: content,
    });
    return (await response.json()) as { id?: string; rejection?: unknown };
  };
  const first = await put('twenty bytes of text');
  expect((await put('twenty bytes of more')).rejection).toEqual({ code: 'filesFull', most: 30, got: 40 });
  await chair.act({ type: 'postComment', body: 'words go on' });
  await chair.act({ type: 'removeFile', fileId: first.id ?? '' });
  expect((await put('twenty bytes of more')).rejection).toBeUndefined();
  chair.close();
});

test('[SIZ4] only who runs the room sees its size, and the doctor counts it anew', async () => {
  const { house: looked, ana, roomId, chair, draftId } = await open({});
  const ben = await invited(ana, roomId, 'member', 'ben');
  expect((await ben.request('GET', `/api/rooms/${roomId}/size`)).status).toBe(403);
  expect((await fetch(`${looked.base}/api/rooms/${roomId}/size`)).status).toBe(401);
  const draft = await writer(looked, ana, roomId, draftId);
  draft.sendUpdate(draft.typed('words'));
  await until(() => draft.saved === 1, 'the words');
  draft.close();
  chair.close();
  await looked.app.close();
  const file = path.join(looked.folder, 'shangliang.db');
  const doctor = async () => {
    const inspection = inspectSqlite(file);
    return examine(inspection, null).finally(() => inspection.close());
  };
  expect((await doctor()).findings).toEqual([]);
  const kept = (bytes: number): void => {
    const database = new DatabaseSync(file);
    database.prepare("UPDATE records SET json = json_set(json, '$.logBytes', ?) WHERE kind = 'draftSize' AND id = ?").run(bytes, draftId);
    database.close();
  };
  const { drafts } = counted(looked.folder, roomId, draftId);
  kept(drafts - 1);
  expect((await doctor()).findings).toEqual([{ what: 'sizeDiffers', kind: 'draft', id: draftId, kept: drafts - 1, counted: drafts }]);
  kept(drafts);
});
