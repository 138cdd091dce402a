import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { StoreUnavailable } from '#server/store/ports.ts';
import type { Journal } from '#server/store/ports.ts';
import { documentOf, draftId, join, logOf, openTestStore, Person, roomId, startDrafts, textOf, until } from './harness.ts';

/** A way to the store that can be held up, in front of it or behind it, and made to fail. */
function gated(): {
  journal: (journal: Journal) => Journal;
  gate: { before: Promise<void>; after: Promise<void>; fail: 'before' | 'after' | null; appends: number };
} {
  const gate = { before: Promise.resolve(), after: Promise.resolve(), fail: null as 'before' | 'after' | null, appends: 0 };
  return {
    gate,
    journal: (journal) => ({
      ...journal,
      append: async (writes) => {
        gate.appends += 1;
        await gate.before;
        if (gate.fail === 'before') throw new StoreUnavailable('the disk is full');
        const outcomes = await journal.append(writes);
        await gate.after;
        if (gate.fail === 'after') throw new StoreUnavailable('no answer');
        return outcomes;
      },
    }),
  };
}

function latch(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('[DR1] [DR2] nothing is acknowledged, told or given to a joiner before it is durable', async () => {
  const store = await openTestStore();
  const { journal, gate } = gated();
  const { drafts } = startDrafts(store, { journal });
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  await until('both are settled', () => ana.allSaved && ben.allSaved);
  const saved = ana.saved.frames;

  const { opened, open } = latch();
  gate.after = opened;
  const appends = gate.appends;
  ana.type('not yet');
  await until('the store was asked', () => gate.appends > appends);
  const carl = new Person(drafts, 'carl');
  const reading = drafts.read(roomId, draftId);
  const order: string[] = [];
  void reading.then(() => order.push('read'));
  // Ten turns of the event loop and a write of another kind to the same store: time enough for what would leak.
  await store.health();
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(await logOf(store)).toHaveLength(1);
  expect([ana.saved.frames, ben.text, carl.synced, carl.standings.length, order.length]).toEqual([saved, '', false, 0, 0]);

  open();
  await until('everybody knows', () => ana.allSaved && ben.text === 'not yet' && carl.text === 'not yet');
  expect((await reading).text).toBe('not yet');
});

test('[DR1] an edit that only deletes is acknowledged by count', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  ana.type('abcdef');
  await until('saved', () => ana.allSaved);
  const vector = Y.encodeStateVector(ana.doc);
  const before = ana.saved;
  ana.erase(1, 3);
  expect(Y.encodeStateVector(ana.doc)).toEqual(vector);
  await until('saved', () => ana.allSaved);
  expect(ana.saved).toEqual({ frames: before.frames + 1, ordinal: before.ordinal + 1 });
  expect(textOf(await documentOf(store))).toBe('aef');
});

test('[DR2] after a crash everything acknowledged is there, and the clients go on', async () => {
  const store = await openTestStore();
  const start = () => {
    const { journal, gate } = gated();
    return { drafts: startDrafts(store, { journal }).drafts, gate };
  };
  let { drafts, gate } = start();
  let ana = await join(drafts, 'ana');
  let ben = await join(drafts, 'ben');
  let acknowledged = 0;
  for (let round = 0; round < 5; round += 1) {
    for (let n = 0; n < 20; n += 1) {
      ana.type('a');
      ben.type('b');
    }
    await until('some is saved', () => ana.saved.frames > 3);
    acknowledged = Math.max(acknowledged, ana.saved.ordinal, ben.saved.ordinal);
    // No goodbye: what has not reached the store never will, and what is on its way to it is not answered.
    gate.before = gate.after = new Promise(() => undefined);
    ana.drop();
    ben.drop();
    ({ drafts, gate } = start());
    expect((await drafts.read(roomId, draftId)).ordinal).toBeGreaterThanOrEqual(acknowledged);
    ana = await join(drafts, 'ana', { doc: ana.doc });
    ben = await join(drafts, 'ben', { doc: ben.doc });
    await until('both have all', () => ana.allSaved && ben.allSaved && ana.text === ben.text);
    expect(ana.text.replaceAll('\n', '')).toHaveLength((round + 1) * 40);
  }
  expect(textOf(await documentOf(store))).toBe(ana.text);
});

test('[DR5] a client that comes back with its whole delete set adds nothing, and that is acknowledged', async () => {
  const store = await openTestStore();
  const { drafts, access } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  ana.type('x'.repeat(400));
  for (let n = 0; n < 150; n += 1) ana.erase(n, 1);
  await until('saved', () => ana.allSaved);
  ana.drop();
  const log = await logOf(store);
  const again = await join(drafts, 'ana', { doc: ana.doc });
  await until('its step 2 is acknowledged', () => again.allSaved && again.sentWrites === 1);
  // Even for somebody who may not write any more.
  access.locked = true;
  again.sendUpdate(Y.encodeStateAsUpdate(ana.doc));
  await until('that is acknowledged too', () => again.allSaved && again.sentWrites === 2);
  expect(again.closed).toBeNull();
  expect(await logOf(store)).toEqual(log);
});

test('[DR17] when the store fails nothing is acknowledged, editors go and bring their words again, readers stay', async () => {
  const store = await openTestStore();
  for (const fail of ['before', 'after'] as const) {
    const { journal, gate } = gated();
    const { drafts, access, failures } = startDrafts(store, { journal });
    access.mayNotWrite.set('olga', { code: 'notAllowed' });
    const ana = await join(drafts, 'ana');
    const olga = await join(drafts, 'olga', { observer: true });
    await until('settled', () => ana.allSaved);
    const before = olga.text;
    const { opened, open } = latch();
    gate.before = opened;
    const appends = gate.appends;
    gate.fail = fail;
    ana.type(`${fail} `);
    await until('the store was asked', () => gate.appends > appends);
    // Who came meanwhile only to read is answered all the same.
    const nemo = new Person(drafts, 'nemo', { anonymous: true });
    const barrier = drafts.barrier(roomId, [draftId]);
    open();
    await expect(barrier).rejects.toThrow(StoreUnavailable);
    await until('nemo has got the draft', () => nemo.synced);
    await until('ana is sent away', () => ana.closed !== null);
    expect(ana.closed).toEqual({ code: 1013, reason: 'storeUnavailable' });
    // Where only the answer was lost the words are in the log, and readers may see them.
    expect([ana.allSaved, olga.closed, olga.text]).toEqual([false, null, fail === 'before' ? before : textOf(await documentOf(store))]);
    expect(nemo.text).toBe(olga.text);
    expect(failures.length).toBeGreaterThan(0);

    gate.fail = null;
    const again = await join(drafts, 'ana', { doc: ana.doc });
    await until('saved', () => again.allSaved && olga.text === again.text);
    expect(again.text).toContain(`${fail} `);
    expect(textOf(await documentOf(store))).toBe(again.text);
    await drafts.closeAll();
  }
});

test('[DR16] two processes on one store: both converge, lose nothing, and the log is one', async () => {
  const store = await openTestStore();
  const [north, south] = [startDrafts(store), startDrafts(store)];
  const people = await Promise.all([
    join(north.drafts, 'ana'),
    join(north.drafts, 'ben'),
    join(south.drafts, 'carl'),
    join(south.drafts, 'dora'),
  ]);
  people[0]?.type('start ');
  await until('saved', () => people.every(({ allSaved }) => allSaved));
  await south.drafts.catchUp(roomId);
  for (let round = 0; round < 15; round += 1) {
    for (const person of people) person.type(person.name[0] ?? '?');
    await until('somebody is saved', () => people.some(({ allSaved }) => allSaved));
  }
  await until('all are saved', () => people.every(({ allSaved }) => allSaved));
  await Promise.all([north.drafts.catchUp(roomId), south.drafts.catchUp(roomId)]);
  const [ana] = people;
  await until('all see the same', () => people.every(({ text }) => text === ana?.text));
  const letters = [...(ana?.text ?? '').replace('start ', '')].filter((letter) => letter !== '\n');
  for (const { name, closed } of people) {
    expect(letters.filter((letter) => letter === name[0])).toHaveLength(15);
    expect(closed).toBeNull();
  }
  expect(letters).toHaveLength(60);
  expect(textOf(await documentOf(store))).toBe(ana?.text);
  expect((await logOf(store)).map(({ ordinal }) => ordinal)).toEqual((await logOf(store)).map((_, index) => index + 1));
});
