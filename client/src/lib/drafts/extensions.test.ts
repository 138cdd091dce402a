import { Editor, getSchema } from '@tiptap/core';
import type { NodeType, Schema } from '@tiptap/pm/model';
import { EditorState } from '@tiptap/pm/state';
import { prosemirrorToYXmlFragment, yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { checkDocument } from '#shared/document/check.ts';
import {
  DRAFT_FIELD,
  LINK_REL,
  LINK_TARGET,
  markRules,
  MAX_DEPTH,
  MAX_TABLE_COLUMNS,
  MAX_TABLE_ROWS,
  nodeRules,
  rootChildren,
} from '#shared/document/schema.ts';
import { canonicalDocument } from '#shared/document/text.ts';
import { draftExtensions, isAllowed } from './extensions.ts';

const schema: Schema = getSchema(draftExtensions());

const initialAttributes = (attrs: Record<string, { default?: unknown }> | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attrs ?? {}).map(([name, attribute]) => [name, attribute.default]));

const ruledAttributes = (rules: ReadonlyMap<string, { initial: unknown }> | undefined): Record<string, unknown> =>
  Object.fromEntries([...(rules ?? [])].map(([name, rule]) => [name, rule.initial]));

const text = (words: string, ...marks: unknown[]): unknown =>
  marks.length === 0 ? { type: 'text', text: words } : { type: 'text', text: words, marks };
const paragraph = (...content: unknown[]): unknown => ({ type: 'paragraph', content });
const link = { type: 'link', attrs: { href: 'https://example.org/', target: LINK_TARGET, rel: LINK_REL, class: null, title: null } };

const cell = (type: string, words: string, attrs: object = {}): unknown => ({
  type,
  attrs: { colspan: 1, rowspan: 1, colwidth: null, ...attrs },
  content: [paragraph(text(words))],
});
const rowOf = (length: number): unknown => ({ type: 'tableRow', content: Array.from({ length }, () => cell('tableCell', 'x')) });

const everything = {
  type: 'doc',
  content: [
    ...[1, 2, 3].map((level) => ({ type: 'heading', attrs: { level }, content: [text(`第${level}章`)] })),
    paragraph(
      text('plain '),
      text('bold', { type: 'bold' }),
      text('all', link, { type: 'bold' }, { type: 'italic' }, { type: 'strike' }),
      { type: 'hardBreak' },
      text('end'),
    ),
    {
      type: 'bulletList',
      content: [
        {
          type: 'listItem',
          content: [
            paragraph(text('a')),
            { type: 'orderedList', attrs: { start: 3, type: null }, content: [{ type: 'listItem', content: [paragraph()] }] },
          ],
        },
      ],
    },
    { type: 'blockquote', content: [paragraph(text('quoted')), { type: 'horizontalRule' }] },
    {
      type: 'taskList',
      content: [
        { type: 'taskItem', attrs: { checked: true }, content: [paragraph(text('done'))] },
        { type: 'taskItem', attrs: { checked: false }, content: [paragraph(text('to do'))] },
      ],
    },
    {
      type: 'table',
      content: [
        { type: 'tableRow', content: [cell('tableHeader', 'a'), cell('tableHeader', 'b', { colspan: 2 })] },
        { type: 'tableRow', content: [cell('tableCell', '1', { rowspan: 2 }), cell('tableCell', '2'), cell('tableCell', '3')] },
        { type: 'tableRow', content: [cell('tableCell', '4'), cell('tableCell', '5')] },
      ],
    },
  ],
};

describe('[DOC8] [DOC10] the editor and the server read one schema', () => {
  it('knows the same nodes and marks', () => {
    expect(Object.keys(schema.nodes).sort()).toEqual(['doc', 'text', ...nodeRules.keys()].sort());
    expect(Object.keys(schema.marks).sort()).toEqual([...markRules.keys()].sort());
  });

  it.each([...nodeRules.keys()])('gives %s the same attributes with the same initial values', (name) => {
    expect(initialAttributes(schema.nodes[name]?.spec.attrs)).toEqual(ruledAttributes(nodeRules.get(name)?.attributes));
  });

  it.each([...markRules.keys()])('gives the mark %s the same attributes, and writes it under its own name', (name) => {
    const type = schema.marks[name];
    expect(initialAttributes(type?.spec.attrs)).toEqual(ruledAttributes(markRules.get(name)));
    expect(type?.excludes(type)).toBe(true);
  });

  it.each(['doc', ...nodeRules.keys()])('lets the same stand in %s, in any order, as often, and nothing too', (name) => {
    const allowed = name === 'doc' ? rootChildren : (nodeRules.get(name)?.children ?? new Set());
    let content = schema.nodes[name]?.contentMatch;
    // A page always has a line to write in.
    expect(content?.validEnd).toBe(name !== 'doc');
    for (const child of [...allowed, ...allowed]) {
      const type = schema.nodes[child];
      content = (type && content?.matchType(type)) ?? undefined;
      expect(content?.validEnd, child).toBe(true);
    }
    const refused = Object.keys(schema.nodes).filter((child) => !allowed.has(child));
    for (const child of refused) expect(content?.matchType(schema.nodes[child] as NodeType) ?? null, child).toBeNull();
  });
});

describe('[DOC1] what the editor writes passes the content check', () => {
  it('with every node and mark, and comes back as it was', () => {
    const doc = new Y.Doc();
    const node = schema.nodeFromJSON(everything);
    node.check();
    expect(isAllowed(node, 0)).toBe(true);
    prosemirrorToYXmlFragment(node, doc.getXmlFragment(DRAFT_FIELD));
    expect(checkDocument(doc)).toBeNull();
    expect(yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment(DRAFT_FIELD), schema).toJSON()).toEqual(node.toJSON());
  });

  it('and the canonical document is one the editor can load', () => {
    const doc = new Y.Doc();
    const node = schema.nodeFromJSON(everything);
    prosemirrorToYXmlFragment(node, doc.getXmlFragment(DRAFT_FIELD));
    expect(schema.nodeFromJSON(canonicalDocument(doc.getXmlFragment(DRAFT_FIELD))).eq(node)).toBe(true);
  });
});

describe('[DOC9] the editor makes no edit that the server refuses', () => {
  const nested = (levels: number): unknown =>
    levels === 0 ? paragraph(text('deep')) : { type: 'blockquote', content: [nested(levels - 1)] };

  it.each<[string, unknown]>([
    ['too deep a nesting', { type: 'doc', content: [nested(MAX_DEPTH - 1)] }],
    [
      'a list that begins with 0',
      { type: 'doc', content: [{ type: 'orderedList', attrs: { start: 0 }, content: [{ type: 'listItem', content: [paragraph()] }] }] },
    ],
    [
      'a cell over too many columns',
      { type: 'doc', content: [{ type: 'table', content: [{ type: 'tableRow', content: [cell('tableCell', 'x', { colspan: 41 })] }] }] },
    ],
    ['a row of too many cells', { type: 'doc', content: [{ type: 'table', content: [rowOf(2 * MAX_TABLE_COLUMNS + 1)] }] }],
    [
      'a table of too many rows',
      { type: 'doc', content: [{ type: 'table', content: Array.from({ length: 2 * MAX_TABLE_ROWS + 1 }, () => rowOf(1)) }] },
    ],
    ['a heading of level 4', { type: 'doc', content: [{ type: 'heading', attrs: { level: 4 } }] }],
    ['a link to javascript:', { type: 'doc', content: [paragraph(text('x', { type: 'link', attrs: { href: 'javascript:alert(1)' } }))] }],
  ])('such as %s', (_title, json) => {
    expect(isAllowed(schema.nodeFromJSON(json), 0)).toBe(false);
    const doc = new Y.Doc();
    prosemirrorToYXmlFragment(schema.nodeFromJSON(json), doc.getXmlFragment(DRAFT_FIELD));
    expect(checkDocument(doc)).not.toBeNull();
  });

  it('but one of the greatest depth', () => {
    expect(isAllowed(schema.nodeFromJSON({ type: 'doc', content: [nested(MAX_DEPTH - 2)] }), 0)).toBe(true);
  });

  it('drops an edit of its own that would be refused, keeps others and what comes from other people', () => {
    const editor = new Editor({ element: null, extensions: draftExtensions(), content: { type: 'doc', content: [{ type: 'paragraph' }] } });
    const document = (levels: number) => editor.schema.nodeFromJSON({ type: 'doc', content: [nested(levels)] });
    const whole = document(MAX_DEPTH - 2);
    const state = EditorState.create({ doc: whole, plugins: editor.extensionManager.plugins });
    const deeper = () => state.tr.replaceWith(0, whole.content.size, document(MAX_DEPTH - 1).content);
    expect(state.apply(deeper()).doc.eq(whole)).toBe(true);
    expect(state.apply(deeper().setMeta('y-sync$', { isChangeOrigin: true })).doc.eq(whole)).toBe(false);
    expect(state.apply(state.tr.insertText('x', MAX_DEPTH - 2)).doc.textContent).toBe('xdeep');
    editor.destroy();
  });
});
