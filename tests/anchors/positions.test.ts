import type { Node } from '@tiptap/pm/model';
import { prosemirrorToYXmlFragment } from '@tiptap/y-tiptap';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { proseMirrorToRange, rangeToProseMirror } from '#shared/document/anchors.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import { schema } from './writer.ts';

const paragraph = (...content: (string | Node)[]): Node =>
  schema.node(
    'paragraph',
    null,
    content.map((part) => (typeof part === 'string' ? schema.text(part) : part)),
  );
const cell = (name: string, ...blocks: Node[]): Node => schema.node(name, null, blocks);
const item = (...blocks: Node[]): Node => schema.node('listItem', null, blocks);

const doc = schema.node('doc', null, [
  paragraph(),
  schema.node('heading', { level: 2 }, [schema.text('公民😀投票')]),
  schema.node('horizontalRule'),
  schema.node('bulletList', null, [
    item(paragraph('one')),
    item(paragraph('two', schema.node('hardBreak'), 'three'), schema.node('orderedList', null, [item(paragraph('four'))])),
  ]),
  paragraph(schema.node('hardBreak'), schema.node('hardBreak')),
  schema.node('blockquote', null, [paragraph(), paragraph(schema.text('bold', [schema.mark('bold')]), schema.text(' plain'))]),
  schema.node('horizontalRule'),
  schema.node('taskList', null, [schema.node('taskItem', { checked: true }, [paragraph('done'), paragraph()])]),
  schema.node('table', null, [
    schema.node('tableRow', null, [cell('tableHeader', paragraph('one')), cell('tableHeader', paragraph('二'))]),
    schema.node('tableRow', null, [cell('tableCell', paragraph()), cell('tableCell', paragraph('x'), paragraph('y'))]),
    schema.node('tableRow', null, []),
  ]),
  paragraph('end'),
]);

const draft = new Y.Doc().getXmlFragment(DRAFT_FIELD);
prosemirrorToYXmlFragment(doc, draft);
const index = buildTextIndex(draft);

describe('[ANC8] text offsets and ProseMirror positions', () => {
  it('every text position goes there and back', () => {
    let seen = 0;
    for (let position = 0; position <= doc.content.size; position += 1) {
      if (!doc.resolve(position).parent.isTextblock) continue;
      seen += 1;
      for (const side of ['start', 'end'] as const) expect(index.positionOf(index.offsetOf(position, side))).toBe(position);
    }
    expect(seen).toBeGreaterThan(40);
  });

  it('every range of text offsets covers the same words in ProseMirror', () => {
    for (let from = 0; from < index.text.length; from += 1) {
      for (let to = from; to <= index.text.length; to += 1) {
        const range = rangeToProseMirror(index, from, to);
        expect(doc.textBetween(range.from, range.to, '', '')).toBe(index.text.slice(from, to).replaceAll('\n', ''));
      }
    }
  });

  it('every selection gives the words that are in it', () => {
    for (let from = 0; from <= doc.content.size; from += 1) {
      for (let to = from; to <= doc.content.size; to += 1) {
        const range = proseMirrorToRange(index, from, to);
        expect(range.to).toBeGreaterThanOrEqual(range.from);
        expect(index.text.slice(range.from, range.to).replaceAll('\n', '')).toBe(doc.textBetween(from, to, '', ''));
      }
    }
  });

  it('positions outside the draft count as its nearest end', () => {
    expect(proseMirrorToRange(index, -5, 10_000)).toEqual({ from: 0, to: index.text.length });
    expect(rangeToProseMirror(index, -5, 10_000)).toEqual({ from: 1, to: index.positionOf(index.text.length) });
  });
});
