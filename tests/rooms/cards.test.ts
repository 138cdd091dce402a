import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { RoomCards } from '#server/rooms/cards.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { emptyRoom } from '#shared/domain/state.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('[OP8] a line of the list of rooms that is still to be written does not hold its room in memory', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shangliang-cards-'));
  const store = await openSqlite({ file: path.join(folder, 'shangliang.db') });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const cards = new RoomCards(store.records, 3_600_000, (error) => {
    throw error;
  });
  /** In a function of its own, so that no variable of the test holds the state. */
  const change = (): WeakRef<RoomState> => {
    const state: RoomState = { ...emptyRoom(), status: 'open', title: { ...emptyRoom().title, text: 'Parks' } };
    cards.changed('r1', { state, seq: 3, hash: '', at: 0, bytes: 0 });
    return new WeakRef(state);
  };
  const state = change();
  // What a weak reference was just made to lives until the turn of the event loop is over.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(state.deref()).toBeUndefined();
  await cards.flush();
  expect(await cards.get('r1')).toMatchObject({ title: 'Parks', position: 3 });
});
