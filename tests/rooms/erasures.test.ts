import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RoomProof, storedAsShown } from '#shared/domain/proof/roomProof.ts';
import { examine } from '#server/doctor/examine.ts';
import { Erasures } from '#server/rooms/erasures.ts';
import { saveRoom } from '#server/rooms/roomLog.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import type { Eraser } from '#server/store/erasing.ts';
import { occurrences } from '../support/fileBytes.ts';
import { Installation, roomWithBen } from '../support/liveRooms.ts';
import type { Process } from '../support/liveRooms.ts';

const ben = { kind: 'participant', id: 'ben' } as const;
const secret = 'secret-7f3a-秘密';
const eraseFirst = { type: 'eraseText', of: { kind: 'comment', comment: 1 } } as const;

let house: Installation;
beforeEach(() => {
  house = new Installation();
});
afterEach(() => house.dispose());

function erasuresOf({ rooms, store, failures }: Process, change: Partial<Eraser> = {}, now: () => number = Date.now): Erasures {
  const { journal, records } = store;
  const erasing = { ...store.erasing, ...change };
  const files = { forget: () => Promise.resolve() };
  const drafts = { erase: () => Promise.resolve() };
  const histories = { forget: () => undefined };
  return new Erasures({ journal, erasing, records, files, rooms, drafts, histories, now, onFailed: (error) => failures.push(error) });
}

const bytesLeft = (): number => occurrences(path.dirname(house.file), secret);

async function talked(process: Process) {
  const room = await roomWithBen(process);
  for (const [index, body] of [`${secret} one`, 'plain'].entries()) {
    expect(await room.submit(ben, `say-${index}`, { type: 'postComment', body })).toMatchObject({ ok: true });
  }
  await saveRoom(process.store.snapshots, room.id, room.position);
  return room;
}

test.for(['eraseWords', 'forgetSnapshots', 'scrub'] as const)(
  '[ERA7] what is interrupted at %s is finished at the next start, and the log is whole',
  async (step) => {
    const first = await house.process();
    const room = await talked(first);
    const erasures = erasuresOf(first, { [step]: () => Promise.reject(new StoreUnavailable('interrupted')) });
    const answer = await erasures.submit(room, ben, 'erase-1', eraseFirst);
    expect(answer).toMatchObject({ ok: true });
    erasures.changed(room.id, [{ type: 'text.erased' }]);
    await erasures.work();
    expect(first.failures).toHaveLength(1);
    // Nobody reads it from here on, and yet it lies in the file.
    expect(room.state.comments.get(0)?.body.text).toBeUndefined();
    expect(bytesLeft()).toBeGreaterThan(0);

    const looked = async () => {
      const inspection = inspectSqlite(house.file);
      const { findings, remarks } = await examine(inspection, null);
      await inspection.close();
      return { findings, left: remarks.filter(({ what }) => what === 'erasureUnfinished') };
    };
    const left = step === 'scrub' ? [] : [{ what: 'erasureUnfinished', room: room.id, texts: 1 }];
    expect(await looked()).toEqual({ findings: [], left });

    const second = await house.process();
    await erasuresOf(second).sweep();
    expect(second.failures).toEqual([]);
    expect(bytesLeft()).toBe(0);
    expect(await looked()).toEqual({ findings: [], left: [] });
    expect(await second.store.records.list('erasure')).toEqual([]);
    const proof = new RoomProof(room.id, [{ size: room.head.seq, head: room.head.hash }]);
    for (const commit of await second.store.journal.readCommits({ kind: 'room', id: room.id }, 0, 100)) {
      const shown = storedAsShown(commit);
      expect('what' in shown ? shown : proof.take(shown)).toBeNull();
    }
    expect(proof.end()).toBeNull();
    expect(proof.state.comments.get(1)?.body.text).toBe('plain');
    // Sent again, it is answered as the first time, and does no harm.
    expect(await erasures.submit(room, ben, 'erase-1', eraseFirst)).toEqual(answer);
    await erasuresOf(second).sweep();
    expect(await second.store.records.list('erasure')).toEqual([]);
  },
);

test('[ERA7] a promise whose command was refused is not kept, and one whose command never came is forgotten', async () => {
  const process = await house.process();
  const room = await talked(process);
  const erasures = erasuresOf(process);
  const stranger = { kind: 'participant', id: 'nobody' } as const;
  expect(await erasures.submit(room, stranger, 'erase-x', eraseFirst)).toMatchObject({ ok: false });
  expect(await process.store.records.list('erasure')).toEqual([]);
  const lost = { id: `${room.id}/ben/lost`, rev: 0, roomId: room.id, actorId: 'ben', commandId: 'lost', createdAt: Date.now() };
  await process.store.records.insert('erasure', lost);
  await erasures.sweep();
  expect(await process.store.records.list('erasure')).toHaveLength(1);
  await erasuresOf(process, {}, () => Date.now() + 2 * 60 * 60 * 1000).sweep();
  expect(await process.store.records.list('erasure')).toEqual([]);
  expect(bytesLeft()).toBeGreaterThan(0);
});
