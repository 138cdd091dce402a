import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { RoomClient, Visitor } from '../support/people.ts';
import { administrator, invited, until } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

/* One stored thing is damaged while nobody looks; the house starts on it and goes on with everything else. */
let house: InProcess;
let ana: Visitor;
let roomId: string;
let draftId: string;
let benId: string;
let otherId: string;
const clients: RoomClient[] = [];
/** What anybody was told of the store. */
let told: boolean[] = [];

beforeEach(async () => {
  house = await startInProcess({});
  ana = await administrator(house.base, house.app.setupSecret ?? '');
  roomId = (await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Entrances', visibility: 'public' })).id;
  otherId = (await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Elsewhere', visibility: 'public' })).id;
  const ben = await invited(ana, roomId, 'member', 'ben');
  const seat = await ben.join(roomId);
  benId = seat.joined?.you.participantId ?? '';
  seat.close();
  const chair = await ana.join(roomId);
  draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  chair.close();
  const draft = await new DraftSocketClient(house.base, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
  await draft.synced();
  for (const words of ['first. ', 'second. ', 'third. ']) draft.sendUpdate(draft.typed(words));
  await until(() => draft.saved === 3, 'the draft');
  draft.close();
  told = [];
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await house.app.close();
  rmSync(house.folder, { recursive: true, force: true });
});

const rows = (sql: string, ...values: (string | number | Uint8Array)[]): readonly Record<string, unknown>[] => {
  const database = new DatabaseSync(path.join(house.folder, 'shangliang.db'));
  try {
    return database.prepare(sql).all(...values);
  } finally {
    database.close();
  }
};

/** Ends the server, changes what is stored, and starts it on that. */
async function restartedAfter(damage: () => void): Promise<void> {
  await house.app.close();
  damage();
  house = await startInProcess({ after: house });
  const cookie = ana.cookie;
  ana = Object.assign(Object.create(Object.getPrototypeOf(ana) as object) as Visitor, { base: house.base, cookie });
}

async function joined(id: string): Promise<RoomClient> {
  const client = await ana.join(id);
  client.socket.on('room:storing', ({ storing }) => told.push(storing));
  clients.push(client);
  return client;
}

/** Everything works in another room, and nobody was told that the store is gone. */
async function othersGoOn(): Promise<void> {
  const other = await joined(otherId);
  await other.act({ type: 'postComment', body: 'all is well here' });
  await other.act({ type: 'pauseRoom' });
  await other.act({ type: 'resumeRoom' });
  expect((await ana.request('GET', '/readyz')).status).toBe(200);
  expect((await ana.request('GET', '/api/rooms')).status).toBe(200);
  expect(told).toEqual([]);
}

const damageEntry = (): void => {
  rows('DELETE FROM snapshots');
  rows('UPDATE draft_entries SET bytes = ? WHERE draft_id = ? AND ordinal = 2', new Uint8Array([0, 0]), draftId);
};

test('[ST25] [DR40] with a damaged draft its room is steered as any other: each act is accepted once, behind a mark, and the store is not taken for lost', async () => {
  await restartedAfter(damageEntry);
  const chair = await joined(roomId);
  const editor = await new DraftSocketClient(house.base, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
  expect(await editor.ended()).toBe(4424);
  const marks = (): number => rows("SELECT 1 FROM draft_entries WHERE draft_id = ? AND kind = 'barrier'", draftId).length;
  const acts: readonly RoomCommand[] = [
    { type: 'pauseRoom' },
    { type: 'resumeRoom' },
    { type: 'lockDraft', draftId },
    { type: 'unlockDraft', draftId },
    { type: 'muteParticipant', participantId: benId, reason: { code: 'disruption' } },
    { type: 'nameVersion', draftId, label: 'of a text nobody reads' },
    { type: 'postComment', body: 'the talk goes on' },
    { type: 'closeRoom' },
  ];
  for (const [index, command] of acts.entries()) {
    const before = marks();
    expect({ ...command, answer: await chair.send(command, `the-act-number-${index}`) }).toEqual({
      ...command,
      answer: { ok: true, seq: expect.any(Number) as number },
    });
    if (['pauseRoom', 'lockDraft', 'muteParticipant', 'closeRoom'].includes(command.type)) expect(marks()).toBeGreaterThan(before);
    // Sent again it is answered again.
    expect(await chair.send(command, `the-act-number-${index}`)).toMatchObject({ ok: true });
  }
  await othersGoOn();
  for (const way of ['', '/history', '/export?format=md']) {
    const { status, json } = await ana.request('GET', `/api/rooms/${roomId}/drafts/${draftId}${way}`);
    expect([way, status, json]).toEqual([way, 500, { rejection: { code: 'damaged', what: 'draft' } }]);
  }
  // Its log is what it was, with marks behind it: brought back from a backup it can be read again.
  expect(rows('SELECT ordinal FROM draft_entries WHERE draft_id = ? ORDER BY ordinal', draftId).map((row) => row['ordinal'])).toEqual(
    Array.from({ length: 3 + marks() }, (_, index) => index + 1),
  );
});

test('[ST25] a room whose log is damaged is refused by name; the house starts, lists, and goes on with the others', async () => {
  await restartedAfter(() => {
    rows('DELETE FROM snapshots');
    rows("UPDATE commits SET events = '[{' || events WHERE stream_id = ? AND seq = 2", roomId);
    // Without its line the start has to fold it.
    rows("DELETE FROM records WHERE kind = 'roomCard' AND id = ?", roomId);
  });
  await othersGoOn();
  expect(await ana.request('GET', `/api/rooms/${roomId}`)).toMatchObject({
    status: 500,
    json: { rejection: { code: 'damaged', what: 'room' } },
  });
  await expect(ana.join(roomId)).rejects.toThrow('join refused: damaged');
  await house.app.purge.sweep();
  await othersGoOn();
});

test('[ST25] an entry that is damaged or missing while the room is open refuses what is asked of that room alone', async () => {
  const chair = await joined(roomId);
  const head = Number(rows('SELECT max(seq) AS seq FROM commits WHERE stream_id = ?', roomId)[0]?.['seq']);
  // As another process would have written it, had its disk not turned the bytes.
  rows(
    `INSERT INTO commits SELECT stream_kind, stream_id, seq + 1, at + 1, 'system', 'broken', '', '{', hash, 'none' FROM commits
     WHERE stream_id = ? AND seq = ?`,
    roomId,
    head,
  );
  expect(await chair.send({ type: 'pauseRoom' })).toEqual({ ok: false, rejection: { code: 'damaged', what: 'room' } });
  await house.app.rooms.followOthers();
  await othersGoOn();
});

test('[ST25] a record that cannot be read takes no list with it, and one that can be made anew is', async () => {
  const before = (await house.store.records.list('person')).map(({ id }) => id);
  const cards = (await house.store.records.list('roomCard')).map(({ id }) => id);
  await restartedAfter(() => {
    rows("UPDATE records SET json = substr(json, 2) WHERE kind = 'person' AND id = ?", benId);
    rows("UPDATE records SET json = substr(json, 2) WHERE kind IN ('roomCard', 'draftSize')");
  });
  const { records } = house.store;
  await expect(records.get('person', benId)).rejects.toMatchObject({ name: 'Damaged', what: 'record' });
  const rest = before.filter((id) => id !== benId);
  expect((await records.list('person')).map(({ id }) => id)).toEqual(rest);
  // A page is full all the same: a short one is taken for the end.
  for (let limit = 1; limit <= rest.length; limit += 1) expect(await records.list('person', { limit })).toHaveLength(limit);
  expect((await records.list('roomCard')).map(({ id }) => id)).toEqual(cards);
  const chair = await joined(roomId);
  await chair.act({ type: 'muteParticipant', participantId: benId, reason: { code: 'disruption' } });
  await othersGoOn();
});

test('[ST25] a file whose content is cut, changed or gone is never given as the file', async () => {
  const put = async (content: string): Promise<{ readonly id: string; readonly sha256: string }> => {
    const headers = { origin: house.base, 'content-type': 'application/octet-stream', cookie: ana.cookie ?? '' };
    const answer = await fetch(`${house.base}/api/rooms/${roomId}/files?name=a.txt`, { method: 'POST', headers, body: content });
    return (await answer.json()) as { readonly id: string; readonly sha256: string };
  };
  const [cut, gone, changed, whole] = [
    await put('it is cut'),
    await put('it is gone'),
    await put('it is changed'),
    await put('it is whole'),
  ];
  const placeOf = ({ sha256 }: { readonly sha256: string }): string => path.join(house.folder, 'files', sha256.slice(0, 2), sha256);
  truncateSync(placeOf(cut), 3);
  rmSync(placeOf(gone));
  rmSync(placeOf(changed));
  writeFileSync(placeOf(changed), 'it is CHANGED');
  for (const { id } of [cut, gone]) {
    expect(await ana.request('GET', `/api/rooms/${roomId}/files/${id}`)).toMatchObject({
      status: 500,
      json: { rejection: { code: 'damaged', what: 'file' } },
    });
  }
  const read = async ({ id }: { readonly id: string }): Promise<string> =>
    (await fetch(`${house.base}/api/rooms/${roomId}/files/${id}`, { headers: { cookie: ana.cookie ?? '' } })).text();
  await expect(read(changed)).rejects.toThrow();
  expect(await read(whole)).toBe('it is whole');
  await othersGoOn();
});
