import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealCommit } from '#shared/domain/commit.ts';
import { earliestTime, latestTime } from '#shared/domain/times.ts';
import { administrator } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

/* One number that is no time must not take a page, a list or an export with it, whether it is sent or was stored by an older version. */
const absurd = [2 ** 53 - 1, 8.64e15, latestTime + 1, earliestTime - 1, -(2 ** 53 - 1)];

let inside: InProcess;
let ana: Visitor;

beforeAll(async () => {
  inside = await startInProcess({});
  ana = await administrator(inside.base, inside.app.setupSecret ?? '');
});
afterAll(() => inside.dispose());

async function newRoom(title: string): Promise<string> {
  return (await ana.ok<{ id: string }>('POST', '/api/rooms', { title, visibility: 'public' })).id;
}

test.each(absurd)('[TIME1] a start at %d is refused at the door', async (startsAt) => {
  const client = await ana.join(await newRoom('Never'));
  expect(await client.send({ type: 'scheduleRoom', startsAt })).toEqual({
    ok: false,
    rejection: { code: 'malformed', field: 'command.startsAt' },
  });
  client.close();
});

test.each([earliestTime, latestTime])('[TIME1] the first and last moment people live in are taken', async (startsAt) => {
  const id = await newRoom('Once');
  const client = await ana.join(id);
  await client.act({ type: 'scheduleRoom', startsAt });
  client.close();
  const response = await fetch(`${inside.base}/api/rooms/${id}/invite.ics`);
  expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/DTSTART:\d{8}T000000Z/)]);
});

test('[TIME2] what an older version stored beyond all years folds to no start, and every answer about the room is given', async () => {
  const id = await newRoom('From before');
  const stream = { kind: 'room', id } as const;
  const { seq, hash, at } = await inside.store.journal.head(stream);
  const header = { stream, seq: seq + 1, at: at + 1, actorId: 'system', commandId: 'old-start', commandMac: '', prevHash: hash };
  const commit = sealCommit(header, [{ type: 'room.scheduled', v: 1, startsAt: 2 ** 53 - 1 }], () => '00');
  expect(await inside.store.journal.append([{ kind: 'commit', commit }])).toEqual([{ outcome: 'appended' }]);
  await inside.app.rooms.with(id, (room) => room.refresh());

  const client = await ana.join(id);
  expect(client.joined?.snapshot?.startsAt).toBeNull();
  client.close();
  const { rooms } = await ana.ok<{ rooms: { id: string; startsAt: number | null }[] }>('GET', '/api/rooms');
  expect(rooms.find((card) => card.id === id)?.startsAt).toBeNull();
  expect((await ana.request('GET', `/api/rooms/${id}/invite.ics`)).status).toBe(404);
  for (const path of ['', '/log', '/history', '/outcome', '/outcome/export?format=md', '/record']) {
    expect([path, (await ana.request('GET', `/api/rooms/${id}${path}`)).status]).toEqual([path, 200]);
  }
});
