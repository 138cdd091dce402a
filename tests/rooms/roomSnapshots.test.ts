import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LiveRoom } from '#server/rooms/liveRoom.ts';
import { RoomSnapshots } from '#server/socket/roomSnapshots.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import { snapshotFor } from '#shared/domain/snapshot.ts';
import type { Process } from '../support/liveRooms.ts';
import { Installation, roomWithBen } from '../support/liveRooms.ts';

const ana: Actor = { kind: 'participant', id: 'ana' };
const ben: Actor = { kind: 'participant', id: 'ben' };
const everyone = { audience: 'everyone', lean: false } as const;
const leanly = { audience: 'everyone', lean: true } as const;

const installation = new Installation();
let process: Process;
let room: LiveRoom;
let sent = 0;
beforeAll(async () => {
  process = await installation.process();
  room = await roomWithBen(process);
});
afterAll(() => installation.dispose());

const act = (actor: Actor, command: RoomCommand) => room.submit(actor, `act-${(sent += 1)}`, command);
const say = (body: string) => act(ben, { type: 'postComment', body });

/** Those of the room, told of what is published as a hub tells them. */
function written() {
  const snapshots = RoomSnapshots.of(room);
  const undo = room.subscribe((publication) => snapshots.note(publication));
  return { snapshots, undo };
}

test('[OP6] a room is made and spelt once per commit and class, however many join', async () => {
  const { snapshots, undo } = written();
  const first = await snapshots.written(everyone, true);
  for (let joiner = 0; joiner < 100; joiner += 1)
    expect((await snapshots.written(everyone, true)).snapshot.ended).toBe(first.snapshot.ended);
  expect((await snapshots.written({ audience: 'moderators', lean: false }, false)).snapshot).not.toBe(first.snapshot);
  await say('A word');
  expect(snapshots.behind(everyone, first)).toBeNull();
  expect((await snapshots.written(everyone, true)).snapshot).not.toBe(first.snapshot);
  undo();
});

test('[LRG3] of a large room what was written out serves for a while, with what happened behind it, until words in it are withheld', async () => {
  await Promise.all(Array.from({ length: 2_000 }, (_, n) => say(`SECRET-${n}`)));
  const { snapshots, undo } = written();
  const first = await snapshots.written(everyone, true);
  expect(JSON.parse(first.snapshot.text)).toEqual(JSON.parse(JSON.stringify(snapshotFor(room.state, 'everyone'))));
  for (let joiner = 0; joiner < 20; joiner += 1) {
    const again = await snapshots.written(everyone, true);
    expect(again.snapshot).toBe(first.snapshot);
    expect(again.packed).toBe(first.packed);
  }
  await say('later');
  const later = await snapshots.written(everyone, true);
  expect(later.snapshot).toBe(first.snapshot);
  expect(snapshots.behind(everyone, later)?.map(({ seq }) => seq)).toEqual([room.head.seq]);

  await act(ana, { type: 'hideComment', comment: 7, reason: { code: 'spam' } });
  expect(snapshots.behind(everyone, later)).toBeNull();
  const after = await snapshots.written(everyone, false);
  expect(after.snapshot.text).not.toContain('SECRET-5"');
  expect(snapshots.behind(everyone, after)).toEqual([]);
  for (let n = 0; n < 11; n += 1) await say(`more ${n}`);
  // Too far behind to be worth it.
  expect(snapshots.behind(everyone, after)).toBeNull();

  const leaner = JSON.parse((await snapshots.written(leanly, false)).snapshot.text) as RoomSnapshot;
  expect(leaner.comments.map(({ body }) => body.text)).toEqual(snapshotFor(room.state, 'everyone').comments.map(({ body }) => body.text));
  expect(leaner.comments.every(({ body }) => body.digest === '' && body.salt === undefined)).toBe(true);
  undo();
});

test('[LRG4] a room that lives long writes a snapshot while it lives, and who loads it reads a short tail', async () => {
  await process.rooms.with('r1', async (held) => {
    await held.settled();
    for (let turn = 0; turn < 200 && (await process.store.snapshots.latest('room', 'r1')).length === 0; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
  });
  const [snapshot] = await process.store.snapshots.latest('room', 'r1');
  expect(snapshot?.position).toBeGreaterThanOrEqual(1_000);
});
