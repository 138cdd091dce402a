import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { touches } from './heldBack.ts';

const FIELD = 'draft';

function written(...lines: string[]): Y.Doc {
  const doc = new Y.Doc();
  doc.getXmlFragment(FIELD).push(
    lines.map((line) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(line)]);
      return paragraph;
    }),
  );
  return doc;
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

const block = (doc: Y.Doc, at: number) => doc.getXmlFragment(FIELD).get(at) as Y.XmlElement;
const text = (doc: Y.Doc, at: number) => block(doc, at).get(0) as Y.XmlText;

/** The updates that somebody else's acts make. */
function updatesOf(doc: Y.Doc, ...acts: (() => void)[]): Uint8Array[] {
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const act of acts) act();
  return updates;
}

describe('[ED8] what is held back while a word is being composed in a block', () => {
  const cases: readonly [string, boolean, (other: Y.Doc) => void][] = [
    ['letters in the same text', true, (other) => text(other, 1).insert(1, '新')],
    ['letters at the beginning of the same text', true, (other) => text(other, 1).insert(0, '新')],
    ['letters taken from the same text', true, (other) => text(other, 1).delete(0, 1)],
    ['a format of the same text', true, (other) => text(other, 1).format(0, 2, { bold: true })],
    ['an attribute of the block', true, (other) => block(other, 1).setAttribute('level', '2')],
    ['the block taken away', true, (other) => other.getXmlFragment(FIELD).delete(1, 1)],
    ['all blocks taken away', true, (other) => other.getXmlFragment(FIELD).delete(0, 3)],
    ['letters in another text', false, (other) => text(other, 0).insert(1, '新')],
    ['letters taken from another text', false, (other) => text(other, 2).delete(0, 2)],
    ['a block put in before it', false, (other) => other.getXmlFragment(FIELD).insert(1, [new Y.XmlElement('paragraph')])],
    ['another block taken away', false, (other) => other.getXmlFragment(FIELD).delete(0, 1)],
  ];
  test.each(cases)('%s: %s', (_, expected, act) => {
    const mine = written('第一行', '第二行', '第三行');
    const other = copyOf(mine);
    const updates = updatesOf(other, () => act(other));
    expect(updates).toHaveLength(1);
    expect(updates.map((update) => touches(mine, update, new Set([block(mine, 1)])))).toEqual([expected]);
  });

  test('a list around the block taken away', () => {
    const mine = new Y.Doc();
    const list = new Y.XmlElement('bulletList');
    const item = new Y.XmlElement('listItem');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText('一项')]);
    item.insert(0, [paragraph]);
    list.insert(0, [item]);
    mine.getXmlFragment(FIELD).push([list]);
    const other = copyOf(mine);
    const [gone] = updatesOf(other, () => other.getXmlFragment(FIELD).delete(0, 1));
    expect(touches(mine, gone!, new Set([paragraph]))).toBe(true);
  });

  test('what follows something held back is held back too, by whomever it is', () => {
    const mine = written('第一行', '第二行');
    const other = copyOf(mine);
    const third = copyOf(mine);
    const [held, elsewhere] = updatesOf(
      other,
      () => text(other, 1).insert(1, '新'),
      () => text(other, 0).insert(1, '新'),
    );
    const here = new Set([block(mine, 1)]);
    expect(touches(mine, held!, here)).toBe(true);
    // The same person's next edit cannot be applied before the one that is held.
    expect(touches(mine, elsewhere!, here)).toBe(true);
    Y.applyUpdate(third, held!);
    const [behind, free] = updatesOf(
      third,
      () => text(third, 1).insert(2, '又'),
      () => text(third, 0).insert(1, '又'),
    );
    expect(touches(mine, behind!, here)).toBe(true);
    expect(touches(mine, free!, here)).toBe(true);
  });

  test('an update that was applied already touches nothing', () => {
    const mine = written('第一行', '第二行');
    const other = copyOf(mine);
    const [update] = updatesOf(other, () => text(other, 1).insert(1, '新'));
    Y.applyUpdate(mine, update!);
    expect(touches(mine, update!, new Set([block(mine, 1)]))).toBe(false);
  });
});
