import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { quietDoc, writtenLog } from '../../../tests/support/writtenLog.ts';
import { DRAFT_FIELD } from '../schema.ts';
import type { Run } from '../text-index.ts';
import type { FoundPassage, WantedPassage } from './passages.ts';
import { Weave } from './weave.ts';

function woven(log: readonly Uint8Array[]): Weave {
  const weave = new Weave();
  log.forEach((bytes, index) => weave.take({ ordinal: index + 1, at: index, actorId: 'ana', kind: 'update', bytes }));
  return weave;
}

/** The characters of every text as it stands, in its order. */
function texts(doc: Y.Doc): { readonly text: string; readonly ids: string[] }[] {
  const found: { text: string; ids: string[] }[] = [];
  const walk = (parent: Y.XmlFragment | Y.XmlElement): void => {
    for (const child of parent.toArray()) {
      if (!(child instanceof Y.XmlText)) {
        walk(child as Y.XmlElement);
        continue;
      }
      const text = { text: '', ids: [] as string[] };
      for (let item = child._start; item !== null; item = item.right) {
        if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
        text.text += item.content.str;
        for (let n = 0; n < item.length; n += 1) text.ids.push(`${item.id.client}.${item.id.clock + n}`);
      }
      found.push(text);
    }
  };
  walk(doc.getXmlFragment(DRAFT_FIELD));
  return found;
}

/** The characters of every place at which a line ever stood, found by looking at every moment. */
function everStood(log: readonly Uint8Array[], line: string): { readonly places: number; readonly ids: string[] } {
  const doc = quietDoc(false);
  const places = new Set<string>();
  for (const update of log) {
    Y.applyUpdate(doc, update);
    for (const { text, ids } of texts(doc)) {
      for (let at = text.indexOf(line); at >= 0; at = text.indexOf(line, at + 1)) places.add(ids.slice(at, at + line.length).join());
    }
  }
  return { places: places.size, ids: [...new Set([...places].flatMap((place) => place.split(',')))].sort() };
}

function passage(weave: Weave, wanted: WantedPassage): FoundPassage | null {
  const search = weave.passage(wanted);
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
  }
}

const idsOf = (runs: readonly Run[]): string[] =>
  runs.flatMap(([client, clock, length]) => Array.from({ length }, (_, n) => `${client}.${clock + n}`)).sort();

test('[ERA13] words are found wherever they ever stood: the same as by looking at every moment', () => {
  let found = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const log = writtenLog(seed, 80);
    const weave = woven(log);
    for (const line of ['张三丰', 'secret', '三丰', 'ts', '的secret', 'secr张', 'never']) {
      const expected = everStood(log, line);
      const got = passage(weave, { words: line });
      found += expected.places;
      expect([got?.elsewhere.places ?? 0, idsOf(got?.elsewhere.runs ?? [])], `seed ${seed}: ${line}`).toEqual([
        expected.places,
        expected.ids,
      ]);
    }
  }
  expect(found).toBeGreaterThan(300);
});

/** A log of one person, one entry for each change. */
function logOf(...changes: ((text: Y.XmlText, fragment: Y.XmlFragment) => void)[]): Uint8Array[] {
  const doc = quietDoc();
  doc.clientID = 1;
  const log: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => log.push(update));
  const text = new Y.XmlText();
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    fragment.push([paragraph]);
    paragraph.push([text]);
  });
  for (const change of changes) doc.transact(() => change(text, fragment));
  return log;
}

test('[ERA13] a passage knows its words, when it stood, its other places, links that begin in it, and what was deleted under it', () => {
  const weave = woven(
    logOf(
      (text) => text.insert(0, 'by zhangsan!'),
      (text) => {
        text.delete(3, 8);
        text.insert(3, '张三');
      },
      (text) => text.format(3, 2, { link: { href: 'mailto:zhang@example.org' } }),
      (text) => text.insert(0, '张三, '),
      (text) => text.delete(0, 4),
    ),
  );
  const all = passage(weave, { words: '张三' });
  expect([all?.lines, all?.here.places, all?.elsewhere.places]).toEqual([['张三'], 0, 2]);
  const [first] = all?.elsewhere.runs.filter(([, , length]) => length >= 2) ?? [];
  if (first === undefined) throw new Error('nothing found');
  const one = passage(weave, { runs: [[first[0], first[1], 2]] });
  expect([one?.lines, one?.here.places, one?.here.under.words, one?.elsewhere.places]).toEqual([['张三'], 1, ['zhangsan'], 1]);
  // The two letters and the beginning of the link.
  expect(one?.here.runs.reduce((sum, [, , length]) => sum + length, 0)).toBe(3);
  expect(weave.span(one?.here.runs ?? [])).toEqual({ since: 3, until: null });
  expect(weave.span(one?.elsewhere.runs ?? [])).toEqual({ since: 5, until: 6 });
  expect(passage(weave, { runs: [[1, 9_999, 1]] })).toBeNull();
  expect(passage(weave, { words: 'nobody' })).toBeNull();
});
