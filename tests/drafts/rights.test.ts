import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { stepTwoFrame } from '#server/drafts/frames.ts';
import { draftId, join, logOf, openTestStore, roomId, startDrafts, TestAccess, until } from './harness.ts';
import { paragraphUpdate } from '../support/updates.ts';

test('[DR4] in a locked draft the next frame is refused, the log stays as it is, and others do not notice', async () => {
  const store = await openTestStore();
  const { drafts, access } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  ana.type('before');
  await until('saved', () => ana.allSaved && ben.text === 'before');
  const accepted = ana.saved.frames;
  const log = await logOf(store);

  access.locked = true;
  ana.type(' after');
  await until('ana is closed', () => ana.closed !== null);
  expect(ana.closed).toEqual({ code: 4403, reason: 'draftLocked' });
  expect(ana.standing).toEqual({ lineage: 'lineage-1', write: false, why: 'draftLocked', acceptedFrames: accepted, authors: {} });
  expect(await logOf(store)).toEqual(log);
  expect([ben.closed, ben.text]).toEqual([null, 'before']);

  access.locked = false;
  ben.type(' by ben');
  await until('ben is saved', () => ben.allSaved);
  expect(ben.text).toBe('before by ben');
});

test('[DR4] a right that is lost while nothing is sent is told; the connection stays to read, and writes again when it may', async () => {
  const store = await openTestStore();
  const { drafts, access } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  await until('settled', () => ana.allSaved && ben.allSaved);
  access.mayNotWrite.set('ana', { code: 'muted' });
  drafts.rightsChanged(roomId);
  expect(ana.standing).toMatchObject({ write: false, why: 'muted' });
  expect(ben.standings).toHaveLength(1);
  ben.type('ben writes');
  await until('ana reads on', () => ana.text === 'ben writes');
  expect(ana.closed).toBeNull();

  const asked = ana.stepOnes;
  access.mayNotWrite.clear();
  drafts.rightsChanged(roomId);
  await until('ana is asked for what she has', () => ana.stepOnes === asked + 1 && ana.allSaved);
  expect(ana.standing).toMatchObject({ write: true, why: null });
  ana.type(', ana too');
  await until('saved', () => ana.allSaved && ben.text === 'ben writes, ana too');
});

test('[DR4] who may no longer read is closed', async () => {
  const store = await openTestStore();
  const { drafts, access } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  const carl = await join(drafts, 'carl');
  access.mayNotRead.set('ana', { code: 'removed' }).set('ben', { code: 'notAllowed' });
  drafts.rightsChanged(roomId);
  expect([ana.closed?.code, ben.closed?.code, carl.closed]).toEqual([4440, 4403, null]);
  expect(drafts.counts().connections).toBe(1);
});

test('[DR10] nothing by somebody who lost the right stands behind the barrier, whatever was on its way', async () => {
  const store = await openTestStore();
  const { drafts, access } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  await until('settled', () => ana.allSaved && ben.allSaved);
  for (let round = 0; round < 20; round += 1) {
    const writer = await join(drafts, `writer-${round}`);
    // Some of it is on its way to the disk, some waits, some comes after the lock.
    for (let n = 0; n < 5; n += 1) writer.type('w');
    if (round % 3 > 0) await new Promise((resolve) => setImmediate(resolve));
    if (round % 3 === 2) await until('some is saved', () => writer.saved.frames > 0);
    access.mayNotWrite.set(writer.name, { code: 'muted' });
    for (let n = 0; n < 3; n += 1) writer.type('x');
    ben.type('b');
    await drafts.barrier(roomId, [draftId]);
    const log = await logOf(store);
    const barrier = log.findLastIndex(({ kind }) => kind === 'barrier');
    await until('ben is saved and the writer is gone', () => ben.allSaved && writer.closed !== null);
    const after = (await logOf(store)).slice(barrier);
    expect(after.filter(({ actorId }) => actorId === writer.name)).toEqual([]);
    const mine = log.filter(({ actorId }) => actorId === writer.name).length;
    // Its first frame was the empty answer to step 1, which stored nothing.
    expect(writer.standing?.acceptedFrames).toBe(mine + 1);
    expect(writer.closed).toEqual({ code: 4403, reason: 'muted' });
  }
});

test('[DR10] a barrier can be written into a draft nobody has open', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { parts: { idleMs: 0 } });
  await drafts.barrier(roomId, ['draft-a', 'draft-b']);
  expect((await logOf(store, 'draft-a')).map(({ kind, bytes }) => [kind, bytes.byteLength])).toEqual([['barrier', 0]]);
  expect(await logOf(store, 'draft-b')).toHaveLength(1);
  await until('both have left memory', () => drafts.counts().openDrafts === 0);
});

test('[DR13] an observer sees the draft live and can add neither a byte nor presence', async () => {
  const store = await openTestStore();
  const { drafts, access } = startDrafts(store);
  access.mayNotWrite.set('olga', { code: 'notAllowed' });
  const ana = await join(drafts, 'ana');
  ana.sendPresence({ clientId: ana.doc.clientID, clock: 1, state: { cursor: null } });
  const olga = await join(drafts, 'olga', { observer: true });
  const nemo = await join(drafts, 'nemo', { anonymous: true });
  expect([olga.stepOnes, nemo.stepOnes]).toEqual([0, 0]);
  expect(olga.standing).toMatchObject({ write: false, why: 'notAllowed' });
  expect(nemo.standing).toMatchObject({ write: false, why: 'signInNeeded' });
  ana.type('live');
  await until('they see it', () => olga.text === 'live' && nemo.text === 'live' && ana.allSaved);
  await until('they see her', () => olga.presence.size === 1 && nemo.presence.size === 1);

  for (const reader of [olga, nemo]) {
    reader.sendPresence({ clientId: reader.doc.clientID, clock: 1, state: { user: { name: 'ana' } } });
    reader.sendPresence({ clientId: ana.doc.clientID, clock: 99, state: null });
    reader.send(stepTwoFrame(Y.encodeStateAsUpdate(ana.doc)));
  }
  const log = await logOf(store);
  ana.sendPresence({ clientId: ana.doc.clientID, clock: 2, state: { cursor: 'here' } });
  await until('the next presence has come', () => olga.presence.get(ana.doc.clientID)?.state.cursor === 'here');
  expect([ana.presence.size, olga.presence.size, olga.closed, nemo.closed]).toEqual([0, 1, null, null]);

  olga.sendUpdate(paragraphUpdate(77, 'intruder'));
  nemo.send(stepTwoFrame(paragraphUpdate(78, 'intruder')));
  await until('both are closed', () => olga.closed !== null && nemo.closed !== null);
  expect([olga.closed, nemo.closed]).toEqual([
    { code: 4403, reason: 'notAllowed' },
    { code: 4403, reason: 'signInNeeded' },
  ]);
  expect(olga.standing?.acceptedFrames).toBe(1);
  expect(await logOf(store)).toEqual(log);
  expect(ana.text).toBe('live');
});

test('[DR25] a draft that is read is judged by rights that were read behind it', async () => {
  const store = await openTestStore();
  const north = startDrafts(store);
  const ana = await join(north.drafts, 'ana');
  ana.type('before');
  await until('saved', () => ana.allSaved);
  // The other process has not heard of the end of her right; its log would show it.
  const stale = new TestAccess();
  let refreshed = 0;
  const refresh = (): Promise<void> => {
    refreshed += 1;
    if (north.access.mayNotWrite.has('ana')) stale.mayNotWrite.set('ana', { code: 'notAllowed' });
    return Promise.resolve();
  };
  const south = startDrafts(store, { access: Object.assign(stale, { refresh }) });
  const ben = await join(south.drafts, 'ben');
  expect(refreshed).toBe(1);
  north.access.mayNotWrite.set('ana', { code: 'notAllowed' });
  await north.drafts.barrier(roomId, [draftId]);
  await south.drafts.catchUp(roomId);
  expect(refreshed).toBe(2);
  const again = await join(south.drafts, 'ana');
  expect(again.standing).toMatchObject({ write: false, why: 'notAllowed' });
  again.type('behind it');
  await until('ana is sent away', () => again.closed !== null);
  expect([again.closed?.code, ben.text]).toEqual([4403, 'before']);
});
