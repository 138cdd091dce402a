import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { Histories } from '#server/drafts/histories.ts';
import { DraftDamaged, loadText } from '#server/drafts/load.ts';
import { Packer } from '#server/drafts/packer.ts';
import type { PackerParts } from '#server/drafts/packer.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import type { SqliteStore } from '#server/store/sqlite/openSqlite.ts';
import { contentHash } from '#shared/document/text.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { documentOf, draftId, join, lineage, logOf, openTestStore, roomId, startDrafts, until } from './harness.ts';

const pace = { framesPerSecond: 100_000, frameBurst: 100_000 };

function packerOf(store: SqliteStore, parts: Partial<PackerParts> = {}): { readonly packer: Packer; readonly said: string[] } {
  const said: string[] = [];
  const say = (_facts: object, message: string): void => void said.push(message);
  const { journal, snapshots, packing, records } = store;
  const sizes = { entries: 100, bytes: 1024 * 1024, least: 20 };
  return { packer: new Packer({ journal, snapshots, packing, records, sizes, log: { info: say, warn: say, error: say }, ...parts }), said };
}

/** A log of so many entries with two good snapshots, typed by two people. */
async function writtenLog(store: SqliteStore, words: number): Promise<void> {
  const { drafts } = startDrafts(store, { limits: pace, parts: { idleMs: 0 } });
  for (const part of [1, 2]) {
    const ana = await join(drafts, 'ana');
    const ben = await join(drafts, 'ben');
    for (let n = 0; n < words / 2; n += 1) (n % 3 === 0 ? ben : ana).type(`${part}.${n} `);
    ana.erase(3, 5);
    await until('saved', () => ana.allSaved && ben.allSaved);
    ana.drop();
    ben.drop();
    await until('it has left memory', () => drafts.counts().openDrafts === 0);
  }
}

/** Changes the file behind the store's back. */
function damage(store: SqliteStore, sql: string): void {
  const database = new DatabaseSync(/\((.+)\)$/.exec(store.description)?.[1] ?? '', { timeout: 5000 });
  database.exec(sql);
  database.close();
}

/** Leaves no room in the file, not in its free pages either. */
async function fill(store: SqliteStore): Promise<void> {
  await store.limitPages(1);
  for (const size of [100_000, 10_000, 1_000]) {
    for (let n = 0; ; n += 1) {
      try {
        await store.records.insert('installation', { id: `${size} ${n}`, rev: 0, value: 'x'.repeat(size) });
      } catch {
        break;
      }
    }
  }
}

/** Everything anybody reads out of a log: entries, the text, who wrote what. */
async function everything(store: SqliteStore) {
  const histories = new Histories(store.journal);
  const history = await histories.draft({ id: draftId, lineage, erased: [] }, { most: 50, cuts: [], times: [] });
  histories.close();
  const { drafts } = startDrafts(store);
  const { text, contentHash: hash, ordinal } = await drafts.read(roomId, draftId);
  return { log: await logOf(store), history, text, hash, ordinal };
}

test('[DR27] what lies behind the older of two good snapshots is packed; log, text, history and authors stay what they were', async () => {
  const store = await openTestStore();
  const { packer } = packerOf(store);
  await writtenLog(store, 500);
  const before = await everything(store);
  const positions = (await store.snapshots.latest('draft', draftId)).map(({ position }) => position);
  expect(positions).toHaveLength(2);
  const { entries, segments } = await packer.pack(draftId, 20);
  const { ordinal } = await store.packing.packed(draftId);
  expect([entries, segments]).toEqual([ordinal, Math.ceil(ordinal / 100)]);
  expect(ordinal).toBeGreaterThan(200);
  expect(ordinal).toBeLessThan(Math.min(...positions));
  expect(await everything(store)).toEqual(before);
  expect(await packer.pack(draftId, 20)).toMatchObject({ entries: 0, segments: 0 });
  // And from the log alone.
  await store.erasing.forgetSnapshots('draft', draftId);
  expect(await everything(store)).toEqual(before);
  expect(contentHash((await documentOf(store)).getXmlFragment(DRAFT_FIELD))).toBe(before.hash);
});

test('[DR27] without two snapshots that are whole and stand on this log nothing is packed', async () => {
  const store = await openTestStore();
  const { packer } = packerOf(store);
  await writtenLog(store, 300);
  const [newest, older] = await store.snapshots.latest('draft', draftId);
  if (newest === undefined || older === undefined) throw new Error('There are no two snapshots.');
  const bytes = older.bytes.map((byte, index) => (index === 200 ? byte ^ 1 : byte));
  for (const wrong of [
    [],
    [older],
    [newest],
    [newest, { ...older, bytes }],
    [{ ...newest, version: 99 }, older],
    [newest, { ...older, position: older.position - 1 }],
  ]) {
    await store.erasing.forgetSnapshots('draft', draftId);
    for (const snapshot of wrong) await store.snapshots.put(snapshot);
    expect((await packer.pack(draftId, 1)).segments).toBe(0);
  }
  await store.erasing.forgetSnapshots('draft', draftId);
  for (const snapshot of [older, newest]) await store.snapshots.put(snapshot);
  damage(store, "UPDATE draft_entries SET actor_id = 'eve' WHERE ordinal = 150");
  const { packer: careful, said } = packerOf(store);
  await careful.pack(draftId, 1);
  expect([(await store.packing.packed(draftId)).ordinal, said]).toEqual([
    100,
    ['a damaged log is not packed', 'a part of a log was packed'],
  ]);
});

test('[DR27] [DR3] a segment that is damaged is noticed by whoever has to read it, and no other text is served', async () => {
  const store = await openTestStore();
  const { packer } = packerOf(store);
  await writtenLog(store, 500);
  const before = await everything(store);
  await packer.pack(draftId, 20);
  damage(store, 'UPDATE draft_segments SET bytes = zeroblob(20) WHERE first = 101');
  const fresh = await openSqlite({ file: /\((.+)\)$/.exec(store.description)?.[1] ?? '' });
  try {
    // The text rests on a snapshot and the entries behind it.
    expect((await loadText(fresh, draftId)).text.contentHash()).toBe(before.hash);
    const histories = new Histories(fresh.journal);
    await expect(histories.draft({ id: draftId, lineage, erased: [] }, { most: 50, cuts: [], times: [] })).rejects.toThrow(
      'entry 101 is missing',
    );
    histories.close();
    await fresh.erasing.forgetSnapshots('draft', draftId);
    await expect(loadText(fresh, draftId)).rejects.toThrow(DraftDamaged);
    const { drafts } = startDrafts(fresh);
    expect((await join(drafts, 'ana')).closed?.code).toBe(4424);
  } finally {
    await fresh.close();
  }
});

test('[DR27] [ST14] a full disk while a log is packed costs nothing but the packing, and it is packed when there is room', async () => {
  const store = await openTestStore();
  const { packer, said } = packerOf(store, { sizes: { entries: 1_000, bytes: 1024 * 1024, least: 20 } });
  await writtenLog(store, 3_000);
  const before = await logOf(store);
  await fill(store);
  packer.grew(draftId, 1_000_000);
  await until('it was tried', () => said.length > 0);
  expect([said, await logOf(store)]).toEqual([['a log could not be packed'], before]);
  await store.limitPages(null);
  expect((await packer.pack(draftId, 20)).segments).toBeGreaterThan(0);
  expect(await logOf(store)).toEqual(before);
});

test('[DR27] a log is packed while people write into it, and they notice nothing', async () => {
  const store = await openTestStore();
  const { packer, said } = packerOf(store);
  const { drafts, failures } = startDrafts(store, {
    limits: pace,
    parts: { onSize: (_room, id, { ordinal }) => packer.grew(id, ordinal) },
  });
  const people = [await join(drafts, 'ana'), await join(drafts, 'ben')];
  for (let n = 0; n < 1_600; n += 1) {
    const person = people[n % 2];
    person?.type(`${n} `);
    if (n % 100 === 99) await until('saved', () => people.every((one) => one.allSaved));
  }
  await until('saved', () => people.every((one) => one.allSaved) && people[0]?.text === people[1]?.text);
  let packed = 0;
  await until('it is packed', () => {
    void store.packing.packed(draftId).then(({ ordinal }) => (packed = ordinal));
    return packed >= 400;
  });
  await packer.close();
  expect([failures, said.filter((message) => message !== 'a part of a log was packed'), people.map(({ closed }) => closed)]).toEqual([
    [],
    [],
    [null, null],
  ]);
  expect((await logOf(store)).map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 1_600 }, (_, index) => index + 1));
  await store.erasing.forgetSnapshots('draft', draftId);
  expect((await loadText(store, draftId)).text.index().text).toBe(people[0]?.text);
});
