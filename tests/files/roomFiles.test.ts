import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDiskFiles } from '#server/files/diskFiles.ts';
import { fileTypes } from '#server/files/fileType.ts';
import { RoomFiles } from '#server/files/roomFiles.ts';
import type { Files } from '#server/files/ports.ts';
import type { LiveRoom } from '#server/rooms/liveRoom.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import { startInProcess } from '../integration/inProcess.ts';
import type { InProcess } from '../integration/inProcess.ts';
import { administrator } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';

const day = 24 * 60 * 60 * 1000;

let inside: InProcess;
let folder: string;
let files: Files;
let ana: Visitor;
let roomId: string;
/** Seen from the sweep, this much later than it is. */
let laterMs = 0;

beforeEach(async () => {
  laterMs = 0;
  inside = await startInProcess({});
  folder = await mkdtemp(path.join(tmpdir(), 'shangliang-sweep-'));
  // Where the installation itself has them: what it leaves is whole only with its files.
  files = await openDiskFiles(path.join(inside.folder, 'files'));
  ana = await administrator(inside.base, inside.app.setupSecret ?? '');
  roomId = (await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Files' })).id;
});
afterEach(async () => {
  await inside.dispose();
  await rm(folder, { recursive: true, force: true });
});

const roomFiles = (): RoomFiles => new RoomFiles(files, inside.store.records, inside.app.rooms, () => Date.now() + laterMs);
const moderator = (room: LiveRoom) => ({ kind: 'participant', id: [...room.state.participants.keys()][0] ?? '' }) as const;
const stored = async (): Promise<readonly string[]> => (await files.list('', 1_000)).map(({ sha256 }) => sha256);

async function add(fileId: string, words: string, bytes?: number): Promise<{ readonly ok: boolean; readonly sha256: string }> {
  const place = path.join(folder, fileId);
  await writeFile(place, words);
  const sha256 = createHash('sha256').update(words).digest('hex');
  const file = { sha256, bytes: bytes ?? words.length, contentType: fileTypes.text, path: place };
  const answer = await inside.app.rooms.with(roomId, (room) => roomFiles().add(room, moderator(room), { fileId, name: 'x.txt', file }));
  return { ok: answer.ok, sha256 };
}

test('[FIL5] a content stays as long as one file of a room is made of it, and goes a day after the last', async () => {
  const { sha256 } = await add('first', 'same');
  await add('second', 'same');
  const other = await add('third', 'other');
  const drop = (fileId: string) =>
    inside.app.rooms.with(roomId, (room) => room.submit(moderator(room), `drop-${fileId}`, { type: 'removeFile', fileId }));
  await drop('first');
  laterMs = 2 * day;
  expect(await roomFiles().sweep()).toBe(0);
  expect(await stored()).toEqual([sha256, other.sha256].sort());
  await drop('second');
  laterMs = 0;
  expect(await roomFiles().sweep()).toBe(0);
  laterMs = 2 * day;
  expect(await roomFiles().sweep()).toBe(1);
  expect(await stored()).toEqual([other.sha256]);
});

test('[FIL5] what a room refused, and what was stored before a crash, is swept; what is under way is not', async () => {
  const refused = await add('large', 'refused', defaultLimits.fileBytes + 1);
  expect(refused.ok).toBe(false);
  const underWay = createHash('sha256').update('under way').digest('hex');
  await inside.store.records.insert('roomFile', { id: 'crashed', rev: 0, roomId, sha256: underWay, createdAt: Date.now() });
  await files
    .put(underWay, () => {
      throw new Error('not needed');
    })
    .catch(() => undefined);
  expect(await roomFiles().sweep()).toBe(0);
  expect(await stored()).toEqual([refused.sha256]);
  laterMs = 2 * day;
  expect(await roomFiles().sweep()).toBe(1);
  expect(await inside.store.records.list('roomFile')).toEqual([]);
});
