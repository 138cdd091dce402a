import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { Writers } from './writers.ts';

function person(clientID: number): { doc: Y.Doc; fragment: Y.XmlFragment; say: (block: number, at: number, words: string) => void } {
  const doc = new Y.Doc();
  doc.clientID = clientID;
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  const say = (block: number, at: number, words: string): void => {
    while (fragment.length <= block) {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText()]);
      fragment.push([paragraph]);
    }
    ((fragment.get(block) as Y.XmlElement).get(0) as Y.XmlText).insert(at, words);
  };
  return { doc, fragment, say };
}

const sync = (from: Y.Doc, to: Y.Doc): void => Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));

test('[ED11] a block shows who wrote most of it, and from then on who changed it last', () => {
  const [ana, ben] = [person(1), person(2)];
  ana.say(0, 0, '安娜写了很多');
  ana.say(1, 0, '一');
  sync(ana.doc, ben.doc);
  ben.say(0, 0, '本');
  ben.say(1, 1, '二三四');
  const reader = new Y.Doc();
  let isJoining = true;
  const writers = new Writers(reader, reader.getXmlFragment(DRAFT_FIELD), () => isJoining);
  sync(ben.doc, reader);
  isJoining = false;
  expect(writers.ofBlocks()).toEqual([1, 2]);

  ben.say(0, 0, '也');
  sync(ben.doc, reader);
  expect(writers.ofBlocks()).toEqual([2, 2]);

  // What several wrote may come together.
  sync(ben.doc, ana.doc);
  ana.say(1, 0, '又');
  ben.say(0, 0, '再');
  sync(ana.doc, ben.doc);
  sync(ben.doc, reader);
  expect(writers.ofBlocks()).toEqual([2, 1]);

  ben.say(2, 0, '');
  sync(ben.doc, reader);
  expect(writers.ofBlocks()).toHaveLength(3);
  writers.stop();
});
