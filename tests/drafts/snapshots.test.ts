import { expect, test } from 'vitest';
import { contentHash } from '#shared/document/text.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { openSnapshot } from '#server/drafts/snapshot.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import type { Snapshot, Snapshots } from '#server/store/ports.ts';
import { documentOf, draftId, join, logOf, openTestStore, roomId, startDrafts, until } from './harness.ts';

test('[DR15] rounds of leaving memory and coming back leave the text as it is, with clients that kept their copies', async () => {
  const store = await openTestStore();
  let puts = 0;
  const snapshots: Snapshots = {
    ...store.snapshots,
    put: (snapshot) => {
      puts += 1;
      return store.snapshots.put(snapshot);
    },
  };
  const { drafts } = startDrafts(store, { parts: { idleMs: 0, snapshots } });
  let ana = await join(drafts, 'ana');
  for (let n = 0; n < 40; n += 1) ana.type(`${n} `);
  await until('saved', () => ana.allSaved);
  let length = ana.text.length;
  for (let round = 0; round < 30; round += 1) {
    ana.type('.');
    length += 1;
    await until('saved', () => ana.allSaved);
    ana.drop();
    if (round % 2 === 0) await until('the draft has left memory', () => drafts.counts().openDrafts === 0);
    ana = await join(drafts, 'ana', { doc: ana.doc });
    await until('saved', () => ana.allSaved);
    expect(ana.text).toHaveLength(length);
  }
  const hash = contentHash(ana.doc.getXmlFragment(DRAFT_FIELD));
  expect((await drafts.read(roomId, draftId)).contentHash).toBe(hash);
  expect(contentHash((await documentOf(store)).getXmlFragment(DRAFT_FIELD))).toBe(hash);
  // One when the tail had become long, none for the few entries behind it.
  expect(puts).toBe(1);
});

test('[DR15] a long tail is put into a snapshot while people write, and loading from it gives the same draft and authors', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { limits: { framesPerSecond: 100_000, frameBurst: 100_000 } });
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  for (let n = 0; n < 700; n += 1) (n % 3 === 0 ? ben : ana).type(`${n} `);
  ana.erase(3, 20);
  await until('saved', () => ana.allSaved && ben.allSaved && ana.text === ben.text);
  let snapshots: readonly Snapshot[] = [];
  await until('there is a snapshot', () => {
    void store.snapshots.latest('draft', draftId).then((found) => (snapshots = found));
    return snapshots.length > 0;
  });
  expect(snapshots[0]?.position).toBeGreaterThanOrEqual(500);
  const reads: number[] = [];
  const other = startDrafts(store, {
    journal: (journal) => ({
      ...journal,
      readDraft: (id, after, limit) => {
        reads.push(after);
        return journal.readDraft(id, after, limit);
      },
    }),
  });
  const carl = await join(other.drafts, 'carl');
  expect(carl.text).toBe(ana.text);
  expect(carl.standing?.authors).toEqual({ [ana.doc.clientID]: 'ana', [ben.doc.clientID]: 'ben' });
  expect(Math.min(...reads)).toBeGreaterThanOrEqual(499);
  expect(await logOf(store)).toHaveLength(701);
});

test('[DR15] a damaged, unknown or foreign snapshot is passed over', async () => {
  const store = await openTestStore();
  const first = startDrafts(store, { parts: { idleMs: 0 } });
  const ana = await join(first.drafts, 'ana');
  for (let n = 0; n < 60; n += 1) ana.type(`${n} `);
  await until('saved', () => ana.allSaved);
  ana.drop();
  await until('the draft has left memory', () => first.drafts.counts().openDrafts === 0);
  const [good] = await store.snapshots.latest('draft', draftId);
  if (good === undefined) throw new Error('There is no snapshot.');
  const flipped = Uint8Array.from(good.bytes);
  flipped[flipped.length - 20] = (flipped[flipped.length - 20] ?? 0) ^ 1;
  // Of another history: a good snapshot of a draft that was typed by somebody else.
  const otherStore = await openTestStore();
  const other = startDrafts(otherStore, { parts: { idleMs: 0 } });
  const eve = await join(other.drafts, 'eve');
  for (let n = 0; n < 60; n += 1) eve.type('evil ');
  await until('saved', () => eve.allSaved);
  eve.drop();
  await until('it has left memory', () => other.drafts.counts().openDrafts === 0);
  const [foreign] = await otherStore.snapshots.latest('draft', draftId);
  if (foreign === undefined) throw new Error('There is no snapshot.');
  for (const bad of [{ ...good, bytes: flipped }, { ...good, version: 99 }, foreign]) {
    await store.snapshots.put(bad);
    expect((await store.snapshots.latest('draft', draftId))[0]).toEqual(bad);
    const { drafts } = startDrafts(store);
    expect((await drafts.read(roomId, draftId)).text).toBe(ana.text);
  }
  expect(openSnapshot(good)?.contentHash()).toBe(contentHash(ana.doc.getXmlFragment(DRAFT_FIELD)));
  expect(openSnapshot({ ...good, version: 99 })).toBeNull();
});

test('[DR15] a snapshot that cannot be written costs nothing but the next load, and is not tried with every frame', async () => {
  const store = await openTestStore();
  let tries = 0;
  const snapshots: Snapshots = {
    ...store.snapshots,
    put: () => {
      tries += 1;
      return Promise.reject(new StoreUnavailable('no room for caches'));
    },
  };
  const { drafts } = startDrafts(store, { parts: { snapshots }, limits: { framesPerSecond: 100_000, frameBurst: 100_000 } });
  const ana = await join(drafts, 'ana');
  for (let n = 0; n < 900; n += 1) {
    ana.type('a');
    if (n % 30 === 0) await until('saved', () => ana.allSaved);
  }
  await until('saved', () => ana.allSaved);
  expect([tries, ana.closed]).toEqual([1, null]);
});

test('[DR15] what is written into snapshots grows with what is written, not with its square', async () => {
  const store = await openTestStore();
  let bytes = 0;
  const snapshots: Snapshots = {
    ...store.snapshots,
    put: (snapshot) => {
      bytes += snapshot.bytes.byteLength;
      return store.snapshots.put(snapshot);
    },
  };
  const { drafts } = startDrafts(store, { parts: { snapshots } });
  const ana = await join(drafts, 'ana');
  const pieces = 100;
  const pieceBytes = 60_000;
  for (let n = 0; n < pieces; n += 1) {
    ana.type('a'.repeat(pieceBytes));
    await until('saved', () => ana.allSaved);
  }
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(6 * pieces * pieceBytes);
});
