import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { makeAnchor, proseMirrorToRange, rangeToProseMirror, resolveAnchor } from '#shared/document/anchors.ts';
import type { Anchor, AnchorPlace } from '#shared/document/anchors.ts';
import { checkDocument } from '#shared/document/check.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import { editOnce, nearestText } from './edits.ts';
import { identitiesOf, Oracle } from './oracle.ts';
import { Chance } from './random.ts';
import { chineseLines, chineseWords, englishLines, englishWords, realLines } from './texts.ts';
import { stateOf, Writer } from './writer.ts';

const nightly = process.env.NIGHTLY === '1';
/** Drafts for each text, and edits for each draft: a text that was edited at random for long is soup, and says little about anchors. */
const drafts = nightly ? 50 : 5;
const edits = 500;
const ANCHORS = 24;
const CHECK_EVERY = 10;
const MEET_EVERY = 50;
/** An anchor is retired after this many edits, so that the storm keeps asking about passages that still have a chance. */
const LIFE = 80;

interface Passage {
  readonly anchor: Anchor;
  readonly quoted: ReturnType<Oracle['select']>;
  readonly until: number;
}

type Tally = Record<AnchorPlace['place'], number>;

/** Three people edit one draft at random beside anchored passages; every highlight anyone would see is judged by the oracle. */
function storm(lines: readonly string[], vocabulary: readonly string[], seed: number, tally: Tally, kinds: Map<string, number>): void {
  const chance = new Chance(seed);
  const start = stateOf(lines);
  const people = [101, 202, 303].map((clientId) => new Writer(clientId, start));
  const archive = new Y.Doc({ gc: false });
  const size = (people[0] as Writer).node.content.size;
  let passages: Passage[] = [];

  const look = (writer: Writer, count: boolean): void => {
    const index = buildTextIndex(writer.draft);
    const oracle = new Oracle(writer.draft, writer.node);
    for (const { anchor, quoted } of passages) {
      const place = resolveAnchor(index, anchor);
      const ranges = place.place === 'gone' ? [] : place.ranges.map(({ from, to }) => rangeToProseMirror(index, from, to));
      const wrong = oracle.judge(quoted, anchor, place, ranges);
      if (wrong !== null) throw new Error(`seed ${seed}: ${place.place} for “${anchor.quote}”: ${wrong}`);
      if (count) tally[place.place] += 1;
    }
  };

  const addPassage = (writer: Writer, until: number): void => {
    const length = chance.weighted([
      [2, 3],
      [5, 12],
      [3, 40],
      [1, 120],
    ]);
    const wanted = chance.between(1, writer.node.content.size - 1);
    const from = nearestText(writer.node, wanted);
    const to = nearestText(writer.node, Math.min(wanted + chance.between(1, length), writer.node.content.size - 1));
    const anchor = makeAnchor(buildTextIndex(writer.draft), proseMirrorToRange(buildTextIndex(writer.draft), from, to));
    const quoted = new Oracle(writer.draft, writer.node).select(from, to);
    if (anchor === 'empty' || anchor === 'tooLong') {
      expect(quoted.length === 0 || quoted.length > 400).toBe(true);
      return;
    }
    expect(identitiesOf(anchor)).toEqual(quoted.map(({ id }) => id));
    expect(anchor.quote.replaceAll('\n', '')).toBe(quoted.map(({ letter }) => letter).join(''));
    passages.push({ anchor, quoted, until });
  };

  for (let step = 0, done = 0; done < edits; step += 1) {
    const writer = chance.pick(people);
    passages = passages.filter(({ until }) => until > done);
    if (passages.length < ANCHORS) addPassage(writer, done + LIFE);
    const kind = editOnce(writer, { chance, vocabulary, lines, size, passages: placesIn(writer, passages, chance) });
    if (kind === null) continue;
    done += 1;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (chance.next() < 0.15) writer.sendTo(chance.pick(people));
    if (done % CHECK_EVERY === 0) look(writer, true);
    if (done % MEET_EVERY !== 0) continue;
    // Repairs of one editor are edits too: what one deletes while it draws has to reach the others.
    for (let round = 0; round < 3; round += 1) for (const from of people) for (const to of people) if (from !== to) from.sendTo(to);
    Y.applyUpdate(archive, Y.encodeStateAsUpdate(people[0]?.doc ?? archive, Y.encodeStateVector(archive)));
    expectSameAnswers([...people.map(({ doc }) => doc), archive, reloaded(archive), reloaded(people[1]?.doc ?? archive)], passages, seed);
    for (const each of people) look(each, false);
  }
}

/** Where some of the passages are for this writer, so that edits can be aimed at them. */
function placesIn(writer: Writer, passages: readonly Passage[], chance: Chance): { from: number; to: number }[] {
  if (passages.length === 0) return [];
  const index = buildTextIndex(writer.draft);
  const place = resolveAnchor(index, chance.pick(passages).anchor);
  return place.place === 'gone' ? [] : [rangeToProseMirror(index, place.from, place.to)];
}

function reloaded(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

function expectSameAnswers(docs: readonly Y.Doc[], passages: readonly Passage[], seed: number): void {
  const answers = docs.map((doc) => {
    const draft = doc.getXmlFragment(DRAFT_FIELD);
    const index = buildTextIndex(draft);
    return JSON.stringify({ hash: contentHash(draft), places: passages.map(({ anchor }) => resolveAnchor(index, anchor)) });
  });
  if (new Set(answers).size !== 1)
    throw new Error(`seed ${seed}: replicas disagree: ${answers.map((answer) => answer.slice(0, 200)).join('\n')}`);
  for (const doc of docs) expect(checkDocument(doc)).toBeNull();
}

function beginning(path: string, revision: number): readonly string[] | null {
  return realLines(path, revision)?.slice(0, 60) ?? null;
}

describe('[ANC5] ten thousand random edits beside anchored passages, and not one wrong highlight', () => {
  type Text = [title: string, lines: readonly string[] | null, vocabulary: readonly string[], firstSeed: number];
  const texts: Text[] = [
    ['own text in Chinese', chineseLines, chineseWords, 20_260],
    ['own text in English', englishLines, englishWords, 20_270],
    ['the beginning of a law in Chinese', beginning('drafts-zh-laws/referendum-act.jsonl.gz', 0), chineseWords, 20_280],
    ['the beginning of a governance text in English', beginning('drafts-en-peps/pep-0013.jsonl.gz', -1), englishWords, 20_290],
  ];
  for (const [title, lines, vocabulary, firstSeed] of texts) {
    it.skipIf(lines === null)(`${title}, seeds ${firstSeed} to ${firstSeed + drafts - 1}`, { timeout: 60_000 * drafts }, () => {
      const tally: Tally = { exact: 0, changed: 0, found: 0, gone: 0 };
      const kinds = new Map<string, number>();
      for (let draft = 0; draft < drafts; draft += 1) storm(lines ?? [], vocabulary, firstSeed + draft, tally, kinds);
      const all = tally.exact + tally.changed + tally.found + tally.gone;
      const counted = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
      console.log(
        `${title}: seeds ${firstSeed} to ${firstSeed + drafts - 1}, ${drafts * edits} edits (${counted}), ${all} highlights judged, 0 wrong:`,
        `exact ${tally.exact}, changed ${tally.changed}, found ${tally.found}, gone ${tally.gone}`,
      );
      // A ladder that gives up at the first difficulty would never be wrong either.
      expect((tally.exact + tally.changed + tally.found) / all).toBeGreaterThan(0.5);
      for (const place of ['exact', 'changed', 'found', 'gone'] as const) expect(tally[place] / all).toBeGreaterThan(0.03);
    });
  }
});
