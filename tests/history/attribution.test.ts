import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { authoredRanges, authorshipOf } from '#client/lib/history/authoredRanges.ts';
import type { AuthoredRange } from '#client/lib/history/authoredRanges.ts';
import { stopsOf } from '#shared/document/history/moments.ts';
import { isShownText, plainDocument, textAt } from '#shared/document/history/textAt.ts';
import type { ShownNode, ShownText } from '#shared/document/history/textAt.ts';
import { Traveller } from '#shared/document/history/traveller.ts';
import { Weave } from '#shared/document/history/weave.ts';
import type { LoggedEntry } from '#shared/document/history/weave.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { canonicalDocument } from '#shared/document/text.ts';
import { buildTextIndex, firstVisible, typeOf } from '#shared/document/text-index.ts';
import { Chance } from '../anchors/random.ts';
import { storm } from './storm.ts';
import type { Storm } from './storm.ts';

const seeds = process.env.NIGHTLY === '1' ? 60 : 6;
const EDITS = 70;

/** One character as [what, who, when]. */
type Signed = readonly [string, string, number];

/** The slow way: the log up to here replayed from nothing, and for each character the first entry whose prefix holds it. */
function oracle({ entries, writers }: Storm, upTo: number, states: readonly ReadonlyMap<number, number>[]) {
  const doc = new Y.Doc();
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    transaction._needFormattingCleanup = false;
  });
  for (const entry of entries.slice(0, upTo)) if (entry.kind === 'update') Y.applyUpdate(doc, entry.bytes);
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  const signed: Signed[] = [];
  const visit = (parent: Y.XmlFragment): void => {
    for (let item = firstVisible(parent); item !== null; item = item.next) {
      const type = typeOf(item);
      if (type instanceof Y.XmlElement) visit(type);
      if (!(type instanceof Y.XmlText)) continue;
      for (let piece = type._start; piece !== null; piece = piece.right) {
        if (piece.deleted || !(piece.content instanceof Y.ContentString)) continue;
        for (let n = 0; n < piece.length; n += 1) {
          const { client, clock } = piece.id;
          const first = states.findIndex((state) => (state.get(client) ?? 0) > clock + n);
          signed.push([piece.content.str[n] ?? '', writers.get(client) ?? '', entries[first]?.at ?? 0]);
        }
      }
    }
  };
  visit(fragment);
  return { signed, document: canonicalDocument(fragment) };
}

function prefixStates(entries: readonly LoggedEntry[]): ReadonlyMap<number, number>[] {
  return entries.map((_, index) => {
    const doc = new Y.Doc();
    for (const entry of entries.slice(0, index + 1)) if (entry.kind === 'update') Y.applyUpdate(doc, entry.bytes);
    return Y.decodeStateVector(Y.encodeStateVector(doc));
  });
}

function signedOf(nodes: readonly (ShownNode | ShownText)[]): Signed[] {
  return nodes.flatMap((node) =>
    isShownText(node)
      ? Array.from({ length: node.text.length }, (_, n): Signed => [node.text[n] ?? '', node.by, node.at])
      : signedOf(node.content ?? []),
  );
}

function weaveOf(entries: readonly LoggedEntry[]): Weave {
  const weave = new Weave();
  for (const entry of entries) weave.take(entry);
  return weave;
}

for (let seed = 1; seed <= seeds; seed += 1) {
  test(`[HI1] [HI2] at every entry the text is the log's, and every character has its author and its time (seed ${seed})`, () => {
    const all = storm(seed, EDITS);
    const weave = weaveOf(all.entries);
    expect(weave.isWhole).toBe(true);
    const every = weave.entries.map((_, index) => index);
    const draft = weave.draft('d', 'l', every);
    // What crosses the wire is JSON.
    const read = JSON.parse(JSON.stringify(draft)) as typeof draft;
    const states = prefixStates(all.entries);
    expect(weave.entries.length).toBeGreaterThan(EDITS / 2);
    let characters = 0;
    for (const [moment, { ordinal }] of read.moments.entries()) {
      const expected = oracle(all, ordinal, states);
      const shown = textAt(read, moment);
      expect(plainDocument(shown), `document at ${ordinal}`).toEqual(expected.document);
      expect(signedOf(shown), `attribution at ${ordinal}`).toEqual(expected.signed);
      characters += expected.signed.length;
    }
    expect(characters).toBeGreaterThan(1_000);
  });

  test(`[HI3] with fewer stops each of them shows the same text (seed ${seed})`, () => {
    const all = storm(seed, EDITS);
    const weave = weaveOf(all.entries);
    const every = weave.draft(
      'd',
      'l',
      weave.entries.map((_, index) => index),
    );
    const stops = stopsOf(weave.entries, 7, [all.entries.length >> 1], []);
    const few = weave.draft('d', 'l', stops);
    expect(few.moments.length).toBeLessThanOrEqual(9);
    expect(JSON.stringify(few).length).toBeLessThan(JSON.stringify(every).length);
    for (const [moment, { ordinal }] of few.moments.entries()) {
      const same = every.moments.findIndex((one) => one.ordinal === ordinal);
      expect(plainDocument(textAt(few, moment))).toEqual(plainDocument(textAt(every, same)));
      expect(signedOf(textAt(few, moment)).map(([what, who]) => what + who)).toEqual(
        signedOf(textAt(every, same)).map(([what, who]) => what + who),
      );
    }
  });
}

test('[HI11] in the live text every character shows who wrote it and when, what is newer than the history by whose it is', () => {
  for (const seed of [4, 5, 6]) {
    const all = storm(seed, EDITS);
    const weave = weaveOf(all.entries);
    const half = weave.draft('d', 'l', [weave.entries.length >> 1]);
    const whole = weave.draft('d', 'l', [weave.entries.length - 1]);
    const doc = new Y.Doc();
    for (const entry of all.entries) if (entry.kind === 'update') Y.applyUpdate(doc, entry.bytes);
    const index = buildTextIndex(doc.getXmlFragment(DRAFT_FIELD));
    const owners = (client: number): string | undefined => all.writers.get(client);
    const spelt = (ranges: readonly AuthoredRange[]): string[] =>
      ranges.flatMap(({ from, to, by }) => [...index.text.slice(from, to).replaceAll('\n', '')].map((what) => `${by}: ${what}`));
    const expected = signedOf(textAt(whole, 0));
    const ranges = authoredRanges(index, authorshipOf(whole), () => 'nobody');
    const characters = expected.map(([what]) => what).join('');
    expect(
      spelt(ranges)
        .map((line) => line.slice(line.indexOf(': ') + 2))
        .join(''),
    ).toBe(characters);
    expect(ranges.every(({ at, by }) => at !== null && by !== 'nobody')).toBe(true);
    const byWhole = expected.map(([what, by]) => `${by}: ${what}`).join('');
    const units = (list: readonly AuthoredRange[]): string =>
      list
        .flatMap(({ from, to, by }) =>
          [...index.text.slice(from, to)].flatMap((what) => what.split('').map((unit) => (unit === '\n' ? '' : `${by}: ${unit}`))),
        )
        .join('');
    expect(units(ranges)).toBe(byWhole);
    const late = authoredRanges(index, authorshipOf(half), owners);
    expect(units(late)).toBe(byWhole);
    expect(late.some(({ at }) => at === null)).toBe(true);
  }
});

test('[HI2] whoever travels to and fro sees at each moment what there is, and the same object where nothing changed', () => {
  const weave = weaveOf(storm(3, EDITS).entries);
  const draft = weave.draft(
    'd',
    'l',
    weave.entries.map((_, index) => index),
  );
  const traveller = new Traveller(draft);
  const chance = new Chance(3);
  let same = 0;
  for (let step = 0; step < 300; step += 1) {
    const moment = chance.between(-1, draft.moments.length - 1);
    expect(traveller.at(moment).map(({ node }) => node)).toEqual(textAt(draft, moment));
    const again = new Map(traveller.at(moment).map((block) => [block.key, block]));
    for (const block of traveller.at(moment + 1)) if (again.get(block.key) === block) same += 1;
  }
  expect(same).toBeGreaterThan(100);
});

test('[HI1] an entry out of its order is not taken in', () => {
  const { entries } = storm(1, 10);
  const weave = new Weave();
  expect(() => weave.take(entries[1] as LoggedEntry)).toThrow(RangeError);
});
