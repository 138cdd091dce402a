import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { stepTwoFrame, updateFrame } from '#server/drafts/frames.ts';
import { createDocument } from '#server/drafts/draftText.ts';
import { scanUpdate } from '#server/drafts/scan.ts';
import { documentOf, join, logOf, openTestStore, startDrafts, textOf, until } from './harness.ts';
import { paragraphUpdate, rawUpdate } from '../support/updates.ts';

let stored = 0;

/** Thirty-three million structs promised, none there. */
const sevenBytes = Uint8Array.from([0x01, 0xc0, 0x94, 0xde, 0x0f, 0x01, 0x00]);

test('[DR8] seven bytes that promise 33 million structs are refused at once', async () => {
  const doc = createDocument();
  scanUpdate(doc, paragraphUpdate(5, 'warm'));
  const heap = process.memoryUsage().heapUsed;
  const start = performance.now();
  for (let n = 0; n < 100; n += 1) expect(scanUpdate(doc, sevenBytes)).toEqual({ is: 'bad' });
  expect(performance.now() - start).toBeLessThan(500);
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(50 * 1024 * 1024);
});

test('[DR8] bad frames close their socket, leave no entry, and others go on', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  ana.type('words');
  await until('saved', () => ana.allSaved);
  const log = await logOf(store);
  const good = paragraphUpdate(99, 'good');
  const frames: readonly (readonly [name: string, frame: Uint8Array])[] = [
    ['seven bytes', updateFrame(sevenBytes)],
    ['seven bytes as step 2', stepTwoFrame(sevenBytes)],
    ['nothing', Uint8Array.of()],
    ['an unknown type', Uint8Array.of(9, 1, 2)],
    ['an acknowledgement', Uint8Array.of(120, 1, 1)],
    ['an unknown step', Uint8Array.of(0, 3, 0)],
    ['a frame cut short', updateFrame(good).slice(0, 20)],
    ['a length beyond the frame', Uint8Array.of(0, 2, 0xff, 0xff, 0xff, 0x7f, 0, 0)],
    ['bytes left over', Uint8Array.of(...updateFrame(good), 0)],
    ['a state vector that is none', Uint8Array.of(0, 0, 3, 0xff, 0xff, 0xff)],
    ['awareness that is none', Uint8Array.of(1, 2, 5, 5)],
    ['an update cut short', updateFrame(good.slice(0, good.length - 3))],
    ['a collected struct of 2^40', updateFrame(rawUpdate([1, 1, 7, 0, 0, 2 ** 40, 0]))],
    ['a collected struct of 2^22', updateFrame(rawUpdate([1, 1, 7, 0, 0, 2 ** 22, 0]))],
    ['a struct of no length', updateFrame(rawUpdate([1, 1, 7, 0, 0, 0, 0]))],
    [
      'a client id beyond 53 bits',
      updateFrame(Uint8Array.of(1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, ...rawUpdate([0, 5, 0]))),
    ],
    ['nine new client ids', updateFrame(rawUpdate([9, ...Array.from({ length: 9 }, (_, n) => [1, 100 + n, 0, 0, 1]).flat(), 0]))],
    ['two runs of one client id', updateFrame(rawUpdate([3, 1, 7, 0, 0, 1, 1, 8, 0, 0, 1, 1, 7, 1, 0, 1, 0]))],
    ['deletions out of order', updateFrame(rawUpdate([0, 1, ana.doc.clientID, 2, 3, 1, 1, 1]))],
    ['a deletion of no length', updateFrame(rawUpdate([0, 1, ana.doc.clientID, 1, 1, 0]))],
  ];
  for (const [index, [name, frame]] of frames.entries()) {
    const eve = await join(drafts, `eve-${index}`);
    await until('eve is settled', () => eve.allSaved);
    eve.send(frame);
    await until(`${name} is refused`, () => eve.closed !== null);
    expect([name, eve.closed?.code]).toEqual([name, 4400]);
    expect(eve.standing).toMatchObject({ write: false, why: 'malformed', acceptedFrames: 1 });
  }
  ana.type(' go on');
  await until('saved', () => ana.allSaved);
  expect(await logOf(store)).toHaveLength(log.length + 1);
  expect(textOf(await documentOf(store))).toBe('words go on');
});

test('[DR8] a megabyte of tiny structs and a very deep value cost little and are refused', async () => {
  const doc = createDocument();
  const tiny = rawUpdate([[1, 500_000, 7, 0], Array.from({ length: 1_000_000 }, (_, n) => n % 2), [0]].flat());
  // An attribute of the root whose value is a list in a list in a list, 200,000 deep.
  const deep = rawUpdate(
    [[1, 1, 7, 0, 0x28, 1, 'draft', 'a', 1], Array.from({ length: 400_000 }, (_, n) => (n % 2 === 0 ? 117 : 1))].flat(),
  );
  for (const update of [tiny, deep]) {
    const start = performance.now();
    expect(scanUpdate(doc, update)).toEqual({ is: 'bad' });
    expect(performance.now() - start).toBeLessThan(1_000);
  }
});

test('[DR7] writing under the client id of somebody else is refused; he loses nothing', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  ana.type('mine');
  await until('saved', () => ana.allSaved);
  const clock = Y.getState(ana.doc.store, ana.doc.clientID);

  const forger = new Y.Doc();
  Y.applyUpdate(forger, Y.encodeStateAsUpdate(ana.doc));
  forger.clientID = ana.doc.clientID;
  const before = Y.encodeStateVector(forger);
  ((forger.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(4, ' FORGED');
  const forged = Y.encodeStateAsUpdate(forger, before);
  const collected = rawUpdate([1, 1, ana.doc.clientID, clock, 0, 2 ** 20, 0]);
  for (const [index, update] of [forged, collected].entries()) {
    const eve = await join(drafts, `eve-${index}`);
    await until('eve is settled', () => eve.allSaved);
    // Her next keystroke is under way under the very same clock.
    eve.sendUpdate(update);
    ana.type('!');
    await until('eve is closed and ana is saved', () => eve.closed !== null && ana.allSaved);
    expect(eve.closed).toEqual({ code: 4403, reason: 'notAllowed' });
    expect(ana.closed).toBeNull();
  }
  expect(ana.text).toBe('mine!!');
  expect(textOf(await documentOf(store))).toBe('mine!!');
  // The binding outlives the memory of the process.
  const reopened = startDrafts(store).drafts;
  const eve = await join(reopened, 'eve');
  eve.sendUpdate(rawUpdate([1, 1, ana.doc.clientID, clock + 2, 0, 1, 0]));
  await until('eve is closed', () => eve.closed !== null);
  expect(eve.closed?.code).toBe(4403);
  const again = await join(reopened, 'ana', { doc: ana.doc });
  again.type('?');
  await until('ana is saved', () => again.allSaved);
  expect(again.text).toBe('mine!!?');
});

test('[DR7] an id somebody shows presence under is his before his first word', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  ana.sendPresence({ clientId: ana.doc.clientID, clock: 1, state: {} });
  const eve = await join(drafts, 'eve');
  eve.sendUpdate(paragraphUpdate(ana.doc.clientID, 'squatter'));
  await until('eve is closed', () => eve.closed !== null);
  expect(eve.closed?.code).toBe(4403);
  ana.type('mine');
  await until('ana is saved', () => ana.allSaved);
  expect(await logOf(store)).toHaveLength(1);
});

test('[DR7] a client id of 53 bits, as yrs draws them, is one like any other', async () => {
  const store = await openTestStore();
  const ids = [2 ** 53 - 1, 6_088_776_687_449_591, 2 ** 32];
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  for (const id of ids) {
    ana.sendPresence({ clientId: id, clock: 1, state: {} });
    ana.sendUpdate(paragraphUpdate(id, `under ${String(id)}`));
  }
  await until('ana is saved', () => ana.allSaved);
  expect(ana.closed).toBeNull();
  const ben = await join(drafts, 'ben');
  expect(ids.map((id) => ben.standings[0]?.authors[id])).toEqual(['ana', 'ana', 'ana']);
  await drafts.closeAll();
  // From the log, and from a snapshot, in another process.
  const again = startDrafts(store).drafts;
  const eve = await join(again, 'eve');
  for (const id of ids) expect(eve.text).toContain(`under ${String(id)}`);
  eve.sendUpdate(rawUpdate([1, 1, ids[1] ?? 0, Y.getState(eve.doc.store, ids[1] ?? 0), 0, 1, 0]));
  await until('eve is closed', () => eve.closed !== null);
  expect(eve.closed?.code).toBe(4403);
});

test('[DR6] frames that rest on missing ones are never parked; the sender is asked once and heals', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  await until('settled', () => ana.allSaved);
  ana.type('start');
  await until('saved', () => ana.allSaved);
  const log = await logOf(store);
  const asked = ana.stepOnes;
  const saved = ana.saved;

  // Three hundred keystrokes of a client whose first one got lost on the way: B13 in small.
  const updates: Uint8Array[] = [];
  const onUpdate = (update: Uint8Array): number => updates.push(update);
  const away = new Y.Doc();
  Y.applyUpdate(away, Y.encodeStateAsUpdate(ana.doc));
  away.on('update', onUpdate);
  const text = (away.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement).get(0) as Y.XmlText;
  for (let n = 0; n < 200; n += 1) text.insert(text.length, 'x');
  Y.applyUpdate(ana.doc, Y.encodeStateAsUpdate(away), ana);
  ana.sendUpdate(updates[1] ?? new Uint8Array());
  await until('ana is asked', () => ana.stepOnes === asked + 1 && ana.allSaved);
  // Her answer was counted, and with it the frame before.
  expect(ana.saved.frames).toBe(saved.frames + 2);
  expect(ana.text).toBe(`start${'x'.repeat(200)}`);
  expect(textOf(await documentOf(store))).toBe(ana.text);
  expect(await logOf(store)).toHaveLength(log.length + 1);

  const eve = await join(drafts, 'eve');
  await until('eve is settled', () => eve.allSaved);
  const length = (await logOf(store)).length;
  for (let n = 1; n < 150; n += 1) eve.sendUpdate(rawUpdate([1, 1, 4_000, n * 10, 0, 1, 0]));
  // A deletion of what is not there waits for it as well.
  eve.sendUpdate(rawUpdate([0, 1, 4_000, 1, 0, 1]));
  await until('eve is asked', () => eve.stepOnes === 2);
  await until('her answer is counted', () => eve.allSaved);
  expect([eve.stepOnes, eve.closed, (await logOf(store)).length]).toEqual([2, null, length]);
});

test('[DR6] frames behind a gap are stored but not counted, until an answer to step 1 closes it', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  await until('settled', () => ana.allSaved);
  ana.answersStepOne = false;
  for (let n = 1; n < 4; n += 1) {
    ana.sendUpdate(rawUpdate([1, 1, 4_000, n * 10, 0, 1, 0]));
    ana.type('w');
    const length = n;
    await until('the good one is stored', () => {
      void logOf(store).then((log) => (stored = log.length));
      return stored === length;
    });
  }
  expect([ana.saved.frames, ana.stepOnes]).toEqual([1, 2]);
  ana.sendStepTwo(Y.encodeStateAsUpdate(ana.doc));
  await until('all is counted', () => ana.allSaved);
  expect(ana.saved.frames).toBe(8);
});

test('[DR6] a copy whose answer to step 1 rests on what this draft never held is given up', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  ana.send(stepTwoFrame(rawUpdate([1, 1, 4_000, 10, 0, 1, 0])));
  await until('ana is asked', () => ana.stepOnes === 2);
  ana.send(stepTwoFrame(rawUpdate([1, 1, 4_000, 10, 0, 1, 0])));
  ana.send(stepTwoFrame(rawUpdate([1, 1, 4_000, 10, 0, 1, 0])));
  await until('ana is closed', () => ana.closed !== null);
  expect(ana.closed).toEqual({ code: 4409, reason: 'reloadNeeded' });
  expect(await logOf(store)).toEqual([]);
});

function badContent(clientId: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const script = new Y.XmlElement('script');
  script.insert(0, [new Y.XmlText('alert(1)')]);
  doc.getXmlFragment(DRAFT_FIELD).insert(0, [script]);
  return Y.encodeStateAsUpdate(doc);
}

test('[DR9] bad content takes only its sender with it; the frames of others in the same turn are stored', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  const eve = await join(drafts, 'eve');
  const mal = await join(drafts, 'mal');
  const ben = await join(drafts, 'ben');
  await until('all are settled', () => [ana, ben, eve, mal].every(({ allSaved }) => allSaved));
  ana.type('one ');
  eve.type('good ');
  eve.sendUpdate(badContent(66));
  eve.type('never');
  ben.type('two ');
  mal.sendUpdate(badContent(67));
  ana.type('three');
  await until('it is decided', () => eve.closed !== null && mal.closed !== null && ana.allSaved && ben.allSaved && ana.text === ben.text);
  expect([eve.closed, mal.closed]).toEqual([
    { code: 4422, reason: 'malformed' },
    { code: 4422, reason: 'malformed' },
  ]);
  expect(eve.standing).toMatchObject({ write: false, why: 'malformed', acceptedFrames: 2 });
  const doc = await documentOf(store);
  expect(textOf(doc).split('\n').sort()).toEqual(['good ', 'one three', 'two ']);
  expect(textOf(doc)).toBe(ana.text);
  expect((await logOf(store)).map(({ actorId }) => actorId)).toEqual(['ana', 'eve', 'ben', 'ana']);
});

test('[DR9] bad content that another frame of the same turn deletes does not slip through', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const eve = await join(drafts, 'eve');
  const ana = await join(drafts, 'ana');
  await until('settled', () => eve.allSaved && ana.allSaved);
  const bad = badContent(66);
  const accomplice = new Y.Doc();
  Y.applyUpdate(accomplice, bad);
  const vector = Y.encodeStateVector(accomplice);
  accomplice.getXmlFragment(DRAFT_FIELD).delete(0, 1);
  eve.sendUpdate(bad);
  ana.sendUpdate(Y.encodeStateAsUpdate(accomplice, vector));
  await until('eve is closed', () => eve.closed !== null);
  expect(eve.closed?.code).toBe(4422);
  expect(await logOf(store)).toEqual([]);
});

test('[DR9] a disguised link and what is no text at all are refused, one by one', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const make: readonly ((doc: Y.Doc) => void)[] = [
    (doc) => {
      const text = new Y.XmlText();
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [text]);
      doc.getXmlFragment(DRAFT_FIELD).insert(0, [paragraph]);
      text.insert(0, 'click', { link: { href: 'java\nscript:alert(1)' } });
    },
    (doc) => doc.getMap('other').set('key', 'value'),
    (doc) => doc.getXmlFragment(DRAFT_FIELD).insert(0, [new Y.XmlText('bare text')]),
    (doc) => doc.getMap('docs').set('sub', new Y.Doc()),
  ];
  for (const [index, fill] of make.entries()) {
    const eve = await join(drafts, `eve-${index}`);
    const doc = new Y.Doc();
    fill(doc);
    eve.sendUpdate(Y.encodeStateAsUpdate(doc));
    await until('eve is closed', () => eve.closed !== null);
    expect([index, eve.closed?.code]).toEqual([index, 4422]);
  }
  expect(await logOf(store)).toEqual([]);
});
