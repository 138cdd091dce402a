import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '../schema.ts';
import type { Run } from '../text-index.ts';
import { canonicalDocument } from '../text.ts';
import { deletionOf, eraseFromUpdate } from './eraseFromUpdate.ts';
import { quietDoc, writtenLog } from '../../../tests/support/writtenLog.ts';
import { RunSet } from './runSet.ts';

function played(log: readonly Uint8Array[], gc = true): Y.Doc {
  const doc = quietDoc(gc);
  for (const update of log) Y.applyUpdate(doc, update);
  return doc;
}

const shown = (doc: Y.Doc): unknown => canonicalDocument(doc.getXmlFragment(DRAFT_FIELD));

function randomRuns(doc: Y.Doc, next: (most: number) => number): Run[] {
  return [...doc.store.clients].flatMap(([client, structs]): Run[] => {
    const end = Y.getState(doc.store, client);
    return structs.length === 0 ? [] : [0, 1, 2].map(() => [client, next(end), 1 + next(7)]);
  });
}

test('[ERA11] characters taken out of every update of a log: the same identities, the same text as with them deleted, and they are nowhere', () => {
  let erasedSomething = 0;
  for (let seed = 1; seed <= 25; seed += 1) {
    const log = writtenLog(seed, 60);
    let state = seed * 7;
    const next = (most: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1) % Math.max(1, most);
    const whole = played(log, false);
    const gone = new RunSet(randomRuns(whole, next));
    const erased = log.map((update) => eraseFromUpdate(update, gone) ?? update);
    erasedSomething += erased.filter((update, index) => update !== log[index]).length;
    const doc = played(erased);
    expect(doc.store.pendingStructs, `seed ${seed}`).toBeNull();
    expect(Y.encodeStateVector(doc), `seed ${seed}`).toEqual(Y.encodeStateVector(played(log)));
    const deleted = played(log);
    const deletion = deletionOf(deleted, gone);
    if (deletion !== null) Y.applyUpdate(deleted, deletion);
    expect(shown(doc), `seed ${seed}`).toEqual(shown(deleted));
    expect(deletionOf(deleted, gone)).toBeNull();
    // Whoever holds the text comes to the same text, whichever log he goes on with.
    const half = Math.floor(log.length / 2);
    expect(shown(played([...log.slice(0, half), ...erased.slice(half), ...(deletion === null ? [] : [deletion])]))).toEqual(shown(doc));
    for (const [client, structs] of played(erased, false).store.clients)
      for (const struct of structs) {
        if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue;
        expect(gone.touches(client, struct.id.clock, struct.id.clock + struct.length), `seed ${seed}`).toBe(false);
      }
    // Done once, nothing is left to do.
    expect(erased.every((update) => eraseFromUpdate(update, gone) === null)).toBe(true);
  }
  expect(erasedSomething).toBeGreaterThan(200);
});

test('[ERA11] elements and what they hold stay, whatever is asked for', () => {
  const doc = quietDoc();
  doc.clientID = 5;
  const paragraph = new Y.XmlElement('heading');
  doc.getXmlFragment(DRAFT_FIELD).push([paragraph]);
  paragraph.setAttribute('level', 2 as never);
  paragraph.push([new Y.XmlText('abc')]);
  const update = Y.encodeStateAsUpdate(doc);
  const erased = eraseFromUpdate(update, new RunSet([[5, 0, 1_000]])) ?? update;
  expect(shown(played([erased]))).toEqual({ type: 'doc', content: [{ type: 'heading', attrs: { level: 2 } }] });
  expect(Buffer.from(erased).includes('abc')).toBe(false);
});

test('[ERA11] a set of runs knows what it holds, and cuts what is put beside it', () => {
  const set = new RunSet([
    [1, 5, 3],
    [1, 7, 3],
    [1, 20, 1],
    [2, 0, 2],
  ]);
  expect(set.runs()).toEqual([
    [1, 5, 5],
    [1, 20, 1],
    [2, 0, 2],
  ]);
  expect([4, 5, 9, 10, 20, 21].map((clock) => set.has(1, clock))).toEqual([false, true, true, false, true, false]);
  expect(set.has(3, 0)).toBe(false);
  expect(set.cut(1, 0, 30).map(({ clock, length, isIn }) => [clock, length, isIn])).toEqual([
    [0, 5, false],
    [5, 5, true],
    [10, 10, false],
    [20, 1, true],
    [21, 9, false],
  ]);
  expect(set.cut(1, 6, 2)).toEqual([{ clock: 6, length: 2, isIn: true }]);
  expect(set.cut(3, 6, 2)).toEqual([{ clock: 6, length: 2, isIn: false }]);
});
