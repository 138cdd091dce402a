import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createJoinCounter } from '#server/drafts/joinCost.ts';
import { shapes } from '../faults/cost/shapes.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { randomOf } from '../support/random.ts';
import type { Person } from './harness.ts';
import { documentOf, join, logOf, openTestStore, startDrafts, textOf, until } from './harness.ts';

const joins = createJoinCounter();
afterAll(() => joins.end());

/** A lower bound than an installation's, so that small shapes meet it; a quarter more may be owed. */
const joinSteps = 100_000;
const mostSteps = 125_000;
const pace = { framesPerSecond: 1_000_000, frameBurst: 1_000_000, frameBytesPerSecond: 1_000_000_000 };

/** Those whose costs differ in kind; T17 has them all, and larger. */
/** Refused by what one frame costs, whatever the draft holds. */
const oneFrame: Readonly<Record<string, true>> = { 'siblings over a chain of paragraphs': true, 'texts at one place of a text': true };
const chosen = [
  'siblings over a chain of paragraphs',
  'the same, ten a frame',
  'values of one attribute, a few a frame',
  'texts at one place of a text',
  'what walks later, under a place contended before',
];

test.for(chosen)('[DR29] %s: refused by name, and a joiner pays little', { timeout: 60_000 }, async (name) => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { limits: { ...pace, joinSteps } });
  const ana = await join(drafts, 'ana');
  const eve = await join(drafts, 'eve');
  await until('settled', () => ana.allSaved && eve.allSaved);
  for (const frame of shapes[name]?.(name in oneFrame ? 1_500 : 500, 1_000_000) ?? []) eve.sendUpdate(frame);
  await until('it is decided', () => eve.allSaved || eve.closed !== null, 50_000);
  expect(eve.closed).toEqual({ code: 4423, reason: 'tooCostly' });
  ana.type('still here');
  await until('ana is saved', () => ana.allSaved);
  const state = Y.encodeStateAsUpdate(await documentOf(store));
  expect((await joins.count(state, Uint8Array.of(0, 0), 100 * mostSteps)).before).toBeLessThanOrEqual(mostSteps);
  expect((await logOf(store)).length).toBeGreaterThan(0);
  await drafts.closeAll();
});

test(
  '[DR31] twenty people who typed at one place for an hour offline, a pasted law and its undoing are never refused',
  { timeout: 120_000 },
  async () => {
    const store = await openTestStore();
    const { drafts } = startDrafts(store, { limits: pace });
    const ana = await join(drafts, 'ana');
    ana.type('第一条 本办法适用于出入口。');
    await until('saved', () => ana.allSaved);
    const base = Y.encodeStateAsUpdate(ana.doc);
    const random = randomOf(20_261_125);
    const away = Array.from({ length: 20 }, () => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, base);
      const text = (doc.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement).get(0) as Y.XmlText;
      let at = 4;
      for (let n = 0; n < 400; n += 1) {
        const dice = random(100);
        if (dice < 80) text.insert(at++, '字');
        else if (dice < 90 && at > 5) text.delete(--at, 1);
        else if (dice < 95) at = 4 + random(text.length - 4);
        else if (dice < 98) text.format(4, 1 + random(text.length - 5), { bold: dice % 2 === 0 ? {} : null });
        else {
          const paragraph = new Y.XmlElement('paragraph');
          doc.getXmlFragment(DRAFT_FIELD).insert(1, [paragraph]);
          paragraph.insert(0, [new Y.XmlText('新的一段')]);
        }
      }
      return doc;
    });
    const people: Person[] = [];
    for (const [index, doc] of away.entries()) people.push(await join(drafts, `person-${String(index)}`, { doc }));
    await until('all is saved', () => people.every(({ allSaved, closed }) => allSaved || closed !== null), 90_000);
    expect(people.map(({ closed }) => closed)).toEqual(people.map(() => null));
    const [first] = people;
    const law = Array.from({ length: 2_500 }, (_, n) => `第${String(n)}条 ${'条文'.repeat(18)}`);
    const fragment = first?.doc.getXmlFragment(DRAFT_FIELD);
    const undo = new Y.UndoManager(fragment ?? [], { captureTimeout: 0 });
    first?.doc.transact(() => {
      const paragraphs = law.map((words) => {
        const paragraph = new Y.XmlElement('paragraph');
        paragraph.insert(0, [new Y.XmlText(words)]);
        return paragraph;
      });
      fragment?.insert(1, paragraphs);
    });
    undo.undo();
    undo.redo();
    await until('the law is saved', () => first?.allSaved === true || first?.closed !== null, 60_000);
    expect(first?.closed).toBeNull();
    expect(textOf(await documentOf(store))).toBe(first?.text);
  },
);
