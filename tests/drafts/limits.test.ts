import { expect, test, vi } from 'vitest';
import { documentOf, join, logOf, openTestStore, Person, startDrafts, textOf, until } from './harness.ts';
import { paragraphUpdate } from '../support/updates.ts';

test('[DR18] who sends too fast is read more slowly and loses nothing', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { limits: { framesPerSecond: 500, frameBurst: 50 } });
  const ana = await join(drafts, 'ana');
  for (let n = 0; n < 150; n += 1) ana.type('a');
  expect(ana.paused).toBe(true);
  await until('all is saved', () => ana.allSaved);
  await until('it is read again', () => !ana.paused);
  expect(ana.saved.frames).toBe(151);
  expect(textOf(await documentOf(store))).toBe('a'.repeat(150));
});

test('[DR18] who sends too many bytes is read more slowly and loses nothing; what he made offline comes at once', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { limits: { frameBytesPerSecond: 100_000, joiningFrameBytes: 80_000 } });
  const ana = await join(drafts, 'ana');
  await until('settled', () => ana.allSaved);
  const startedAt = performance.now();
  // The second overdraws what may come at once, and is taken all the same.
  ana.type('o'.repeat(50_000));
  ana.type('o'.repeat(50_000));
  expect(ana.paused).toBe(false);
  for (let n = 0; n < 3; n += 1) ana.type('x'.repeat(20_000));
  expect(ana.paused).toBe(true);
  await until('all is saved', () => ana.allSaved && !ana.paused);
  // The last is read when the 60 kB before it that were too many have been waited for, however fast the machine is.
  expect(performance.now() - startedAt).toBeGreaterThan(500);
  expect(textOf(await documentOf(store))).toHaveLength(160_000);
  expect(ana.closed).toBeNull();
});

test('[DR18] what is not stored yet holds up reading', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { limits: { frameBytes: 20_000 } });
  const ana = await join(drafts, 'ana');
  await until('settled', () => ana.allSaved);
  for (let n = 0; n < 5; n += 1) ana.type('x'.repeat(15_000));
  expect(ana.paused).toBe(true);
  await until('all is saved', () => ana.allSaved && !ana.paused);
  expect(textOf(await documentOf(store))).toHaveLength(75_000);
});

test('[DR18] who reads too slowly loses presence, then the connection, and resumes from what he has', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { limits: { outgoingSoftBytes: 1_000, outgoingHardBytes: 5_000 } });
  const ana = await join(drafts, 'ana');
  const slow = await join(drafts, 'slow');
  await until('settled', () => ana.allSaved && slow.allSaved);
  slow.bufferedBytes = 2_000;
  ana.sendPresence({ clientId: ana.doc.clientID, clock: 1, state: {} });
  const ben = await join(drafts, 'ben');
  await until('ben sees ana', () => ben.presence.size === 1);
  ana.type('still told');
  await until('the words arrive', () => slow.text === 'still told');
  expect([slow.presence.size, slow.closed]).toEqual([0, null]);
  slow.bufferedBytes = 500_000;
  ana.type(', and more');
  await until('it is closed', () => slow.closed !== null);
  expect(slow.closed).toEqual({ code: 4008, reason: 'slow' });
  const again = await join(drafts, 'slow', { doc: slow.doc });
  expect(again.text).toBe('still told, and more');
});

test('[DR18] a whole draft may be larger than what may wait otherwise', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { limits: { outgoingSoftBytes: 1_000, outgoingHardBytes: 5_000 } });
  const ana = await join(drafts, 'ana');
  ana.type('x'.repeat(20_000));
  await until('saved', () => ana.allSaved);
  const slow = new Person(drafts, 'slow');
  slow.reads = false;
  await until('it has got the draft', () => slow.synced);
  ana.type('y'.repeat(2_000));
  await until('saved', () => ana.allSaved);
  expect(slow.closed).toBeNull();
  ana.type('z'.repeat(4_000));
  await until('it is closed', () => slow.closed !== null);
  expect(slow.closed?.code).toBe(4008);
});

test('[DR18] [DR21] a reader that stands still is closed after a while; a quiet one hears something every 20 seconds', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'Date'] });
  try {
    const { drafts } = startDrafts(await openTestStore());
    const ana = await join(drafts, 'ana');
    const stuck = await join(drafts, 'stuck');
    const slow = await join(drafts, 'slow');
    stuck.bufferedBytes = slow.bufferedBytes = 3 * 1024 * 1024;
    const frames = ana.frames.length;
    for (let second = 0; second < 13; second += 1) {
      slow.bufferedBytes -= 1_000;
      vi.advanceTimersByTime(1_000);
    }
    expect([stuck.closed?.code, slow.closed, ana.closed]).toEqual([4008, null, null]);
    vi.advanceTimersByTime(7_000);
    expect(ana.frames.slice(frames)).toEqual([Uint8Array.of(1, 1, 0)]);
  } finally {
    vi.useRealTimers();
  }
});

test('[DR19] too large a frame, a full draft and a full log are refused, and a full draft is read-only', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, {
    limits: { draftStateBytes: 100_000, draftLogBytes: 220_000, frameBytes: 90_000, joiningFrameBytes: 95_000 },
  });
  const ana = await join(drafts, 'ana');
  await until('settled', () => ana.allSaved);
  ana.type('x'.repeat(60_000));
  await until('saved', () => ana.allSaved);
  const accepted = ana.saved.frames;
  ana.type('y'.repeat(60_000));
  await until('it is refused', () => ana.closed !== null);
  expect(ana.closed).toEqual({ code: 4413, reason: 'textTooLong' });
  expect(ana.standing).toMatchObject({ write: false, why: 'textTooLong', acceptedFrames: accepted });

  const ben = await join(drafts, 'ben');
  ben.erase(0, 59_000);
  await until('saved', () => ben.allSaved);
  expect(ben.text).toHaveLength(1_000);
  const log = await logOf(store);
  ben.sendUpdate(paragraphUpdate(9, 'z'.repeat(91_000)));
  await until('it is refused', () => ben.closed !== null);
  expect(ben.closed?.code).toBe(4413);
  expect(await logOf(store)).toEqual(log);

  // What was erased makes room in the draft, not in its log.
  for (let n = 0; n < 2; n += 1) {
    const carl = await join(drafts, `carl-${n}`);
    carl.type('w'.repeat(70_000));
    await until('saved', () => carl.allSaved);
    carl.erase(0, carl.text.indexOf('w') + 70_000);
    await until('saved', () => carl.allSaved);
  }
  const dora = await join(drafts, 'dora');
  dora.type('w'.repeat(70_000));
  await until('the log is full', () => dora.closed !== null);
  expect(dora.closed?.code).toBe(4413);

  const smaller = startDrafts(store, { limits: { draftLogBytes: 100_000 } });
  const emil = await join(smaller.drafts, 'emil');
  expect([emil.standing, emil.stepOnes, emil.closed]).toMatchObject([{ write: false, why: 'textTooLong' }, 0, null]);
});
