import { getSchema } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { describe, expect, it } from 'vitest';
import { draftExtensions } from './extensions.ts';
import { folded, foundPlaces, placeFrom } from './foundPlaces.ts';

const schema = getSchema(draftExtensions());
const paragraph = (...content: (string | Node)[]): Node =>
  schema.node(
    'paragraph',
    null,
    content.map((part) => (typeof part === 'string' ? schema.text(part) : part)),
  );
const doc = schema.node('doc', null, [
  schema.node('heading', { level: 2 }, [schema.text('公园入口 The Entrance')]),
  paragraph('拟增设一处', schema.text('入口', [schema.mark('bold')]), '，宽度３米。'),
  paragraph('entrance', schema.node('hardBreak'), 'ENTRANCE 😀 entranceentrance'),
  schema.node('table', null, [
    schema.node('tableRow', null, [
      schema.node('tableCell', null, [paragraph('入口')]),
      schema.node('tableCell', null, [paragraph('3 米')]),
    ]),
  ]),
]);

const wordsAt = (words: string): string[] => foundPlaces(doc, words).map(({ from, to }) => doc.textBetween(from, to));

describe('[ED18] finding words in the text', () => {
  it('finds Chinese words over marks and in cells', () => {
    expect(wordsAt('入口')).toEqual(['入口', '入口', '入口']);
    expect(wordsAt('一处入口，')).toEqual(['一处入口，']);
  });

  it('takes capital and small letters, full and half width and all spaces for the same', () => {
    expect(wordsAt('eNTRANCE')).toEqual(['Entrance', 'entrance', 'ENTRANCE', 'entrance', 'entrance']);
    expect(wordsAt('3米')).toEqual(['３米']);
    expect(wordsAt('口　the')).toEqual(['口 The']);
  });

  it('does not look over the end of a line, nor for nothing', () => {
    expect(wordsAt('entranceENTRANCE')).toEqual(['entranceentrance']);
    expect(wordsAt('')).toEqual([]);
    expect(wordsAt('  ')).toEqual([]);
    expect(wordsAt('出口')).toEqual([]);
  });

  it('keeps the length of every text', () => {
    for (const text of ['İstanbul ﬃ ㎏ 😀 ＡＢＣ', 'ß', 'Å']) expect(folded(text)).toHaveLength(text.length);
  });

  it('goes on from where one is, and round', () => {
    const places = foundPlaces(doc, '入口');
    expect(placeFrom(places, 0)).toBe(0);
    expect(placeFrom(places, (places[1]?.from ?? 0) - 1)).toBe(1);
    expect(placeFrom(places, doc.content.size)).toBe(0);
    expect(placeFrom([], 3)).toBe(-1);
  });
});
