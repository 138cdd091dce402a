import { Selection } from '@tiptap/pm/state';
import type { Node, NodeType } from '@tiptap/pm/model';
import type { Transform } from '@tiptap/pm/transform';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { makeAnchor, proseMirrorToRange, rangeToProseMirror, resolveAnchor } from '#shared/document/anchors.ts';
import type { Anchor } from '#shared/document/anchors.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import { schema, stateOf, Writer } from './writer.ts';

function typeOf(name: string): NodeType {
  const type = schema.nodes[name];
  if (type === undefined) throw new Error(`no node ${name}`);
  return type;
}

/** Where words stand in a ProseMirror document; `nth` counts from 1. */
function find(node: Node, words: string, nth = 1): { from: number; to: number } {
  let place: { from: number; to: number } | null = null;
  let seen = 0;
  node.descendants((block, position) => {
    if (!block.isTextblock) return true;
    for (let at = block.textContent.indexOf(words); at !== -1; at = block.textContent.indexOf(words, at + 1)) {
      seen += 1;
      if (seen === nth) place = { from: position + 1 + at, to: position + 1 + at + words.length };
    }
    return false;
  });
  if (place === null) throw new Error(`${words} does not stand there ${nth} times`);
  return place;
}

function anchorOn(writer: Writer, from: number, to: number): Anchor {
  const index = buildTextIndex(writer.draft);
  const anchor = makeAnchor(index, proseMirrorToRange(index, from, to));
  if (typeof anchor === 'string') throw new Error(anchor);
  return anchor;
}

/** The place of an anchor and the words a reader sees highlighted, read from ProseMirror; the same on a reloaded copy. */
function highlight(writer: Writer, anchor: Anchor): { place: string; words: string | null } {
  const index = buildTextIndex(writer.draft);
  const found = resolveAnchor(index, anchor);
  const reloaded = new Y.Doc();
  Y.applyUpdate(reloaded, Y.encodeStateAsUpdate(writer.doc));
  expect(resolveAnchor(buildTextIndex(reloaded.getXmlFragment(DRAFT_FIELD)), anchor)).toEqual(found);
  if (found.place === 'gone') return { place: 'gone', words: null };
  const words = found.ranges.map(({ from, to }) => {
    const range = rangeToProseMirror(index, from, to);
    return writer.node.textBetween(range.from, range.to, '\n', '\n');
  });
  return { place: found.place, words: words.join('|') };
}

const lawLines = [
  '# 公民投票法',
  '依據憲法主權在民之原則，為確保國民直接民權之行使，特制定本法。',
  '本法未規定者，適用其他法律之規定。',
  '全國性公民投票適用事項如下，由主管機關公告之，並送立法院備查。',
];

function room(lines: readonly string[] = lawLines): Writer {
  return new Writer(2, stateOf(lines));
}

function quoting(words: string, lines = lawLines): { ana: Writer; anchor: Anchor } {
  const ana = room(lines);
  const { from, to } = find(ana.node, words);
  return { ana, anchor: anchorOn(ana, from, to) };
}

describe('[ANC1] untouched words are found exactly, whatever happens around them', () => {
  it('words before, after and marks on them', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit((transform) => transform.insert(find(transform.doc, '依據').from, schema.text('謹')));
    ana.edit((transform) => transform.delete(find(transform.doc, '特制定').from, find(transform.doc, '本法。').to));
    ana.edit((transform) => transform.addMark(find(transform.doc, '國民').from, find(transform.doc, '民權').to, schema.mark('bold')));
    expect(highlight(ana, anchor)).toEqual({ place: 'exact', words: '國民直接民權' });
  });

  it('a quote over a border of paragraphs', () => {
    const ana = room();
    const anchor = anchorOn(ana, find(ana.node, '特制定').from, find(ana.node, '本法未規定').to);
    expect(anchor.quote).toBe('特制定本法。\n本法未規定');
    ana.edit((transform) => transform.insert(find(transform.doc, '依據').from, schema.text('謹')));
    expect(highlight(ana, anchor)).toEqual({ place: 'exact', words: '特制定本法。\n本法未規定' });
  });
});

describe('[ANC2] words that were written anew in their place are found', () => {
  const split =
    (words: string, offset = 0) =>
    (transform: Transform) =>
      transform.split(find(transform.doc, words).from + offset);

  it('behind a split of the paragraph', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit(split('為確保'));
    expect(highlight(ana, anchor)).toEqual({ place: 'found', words: '國民直接民權' });
  });

  it('with a split in the middle of them', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit(split('直接'));
    expect(highlight(ana, anchor)).toEqual({ place: 'found', words: '國民\n直接民權' });
  });

  it('after a split and the join that heals it', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit(split('直接'));
    ana.edit((transform) => transform.join(find(transform.doc, '直接').from - 1));
    expect(highlight(ana, anchor)).toEqual({ place: 'found', words: '國民直接民權' });
  });

  it('over two paragraphs that become one', () => {
    const ana = room();
    const anchor = anchorOn(ana, find(ana.node, '特制定').from, find(ana.node, '本法未規定').to);
    ana.edit((transform) => transform.join(find(transform.doc, '本法未').from - 1));
    expect(highlight(ana, anchor)).toEqual({ place: 'found', words: '特制定本法。本法未規定' });
  });

  it('in a paragraph that becomes a heading', () => {
    const { ana, anchor } = quoting('適用其他法律');
    ana.edit((transform) => {
      const { from } = find(transform.doc, '本法未');
      transform.setBlockType(from, from, typeOf('heading'), { level: 2 });
    });
    expect(highlight(ana, anchor)).toEqual({ place: 'found', words: '適用其他法律' });
  });

  it('after a deletion that was undone', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit((transform) => transform.delete(find(transform.doc, '為確保').from, find(transform.doc, '之行使').to));
    expect(highlight(ana, anchor)).toEqual({ place: 'gone', words: null });
    expect(ana.undo()).toBe(true);
    expect(highlight(ana, anchor)).toEqual({ place: 'found', words: '國民直接民權' });
    const ben = new Writer(3, Y.encodeStateAsUpdate(ana.doc));
    expect(highlight(ben, anchor)).toEqual(highlight(ana, anchor));
  });

  it('in a paragraph that was cut and pasted elsewhere', () => {
    const { ana, anchor } = quoting('直接民權');
    const block = ana.node.child(1);
    const start = ana.node.child(0).nodeSize;
    ana.edit((transform) => transform.delete(start, start + block.nodeSize));
    expect(highlight(ana, anchor).place).toBe('gone');
    ana.edit((transform) => transform.insert(Selection.atEnd(transform.doc).to + 1, block));
    expect(highlight(ana, anchor)).toEqual({ place: 'found', words: '直接民權' });
  });

  it('when the whole draft is one title that changes its level', () => {
    const { ana, anchor } = quoting('票', ['投票']);
    ana.edit((transform) => transform.setBlockType(1, 1, typeOf('heading'), { level: 1 }));
    expect(highlight(ana, anchor)).toEqual({ place: 'found', words: '票' });
  });
});

describe('[ANC3] of words that were edited, what is left of them is shown', () => {
  it('with what was put between them', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit((transform) => transform.insert(find(transform.doc, '直接').from, schema.text('之')));
    expect(highlight(ana, anchor)).toEqual({ place: 'changed', words: '國民之直接民權' });
  });

  it('without what was deleted', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit((transform) => transform.delete(find(transform.doc, '國民').from, find(transform.doc, '國民').to));
    expect(highlight(ana, anchor)).toEqual({ place: 'changed', words: '直接民權' });
  });

  it('in pieces, when much was put between them', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit((transform) => transform.insert(find(transform.doc, '直接').from, schema.text('與其他一切有關之人'.repeat(9))));
    expect(highlight(ana, anchor)).toEqual({ place: 'changed', words: '國民|直接民權' });
  });

  it('but not when less than half of them is left', () => {
    const { ana, anchor } = quoting('國民直接民權');
    ana.edit((transform) => transform.delete(find(transform.doc, '直接').from, find(transform.doc, '民權').to));
    expect(highlight(ana, anchor)).toEqual({ place: 'gone', words: null });
  });
});

describe('[ANC4] no guess: words that only look like the quoted ones are left alone', () => {
  const boilerplate = [
    '第十二條 前項規定，由主管機關定之。',
    '第二十條 審議委員會應於三十日內作成決定，並通知提案人之領銜人。',
    '第三十條 主管機關應於三十日內完成審核，並通知提案人之領銜人。',
  ];

  it('the same words in another clause, after their own clause was deleted', () => {
    const { ana, anchor } = quoting('三十日內', boilerplate);
    const start = ana.node.child(0).nodeSize;
    ana.edit((transform) => transform.delete(start, start + ana.node.child(1).nodeSize));
    expect(highlight(ana, anchor)).toEqual({ place: 'gone', words: null });
  });

  it('two equally good places', () => {
    const { ana, anchor } = quoting('三十日內', boilerplate);
    const start = ana.node.child(0).nodeSize;
    const clause = ana.node.child(1);
    ana.edit((transform) => transform.delete(start, start + clause.nodeSize));
    ana.edit((transform) => transform.insert(0, [clause, clause]));
    expect(highlight(ana, anchor)).toEqual({ place: 'gone', words: null });
  });

  it('a copy does not take the place of the original', () => {
    const { ana, anchor } = quoting('三十日內', boilerplate);
    // Pasted nodes are parsed anew, so they are never the same objects as those that were copied.
    const copy = schema.nodeFromJSON(ana.node.child(1).toJSON());
    ana.edit((transform) => transform.insert(0, copy));
    expect(highlight(ana, anchor)).toEqual({ place: 'exact', words: '三十日內' });
    expect(find(ana.node, '三十日內', 2).from).toBe(rangeOf(ana, anchor)?.from);
  });
});

function rangeOf(writer: Writer, anchor: Anchor): { from: number; to: number } | null {
  const index = buildTextIndex(writer.draft);
  const found = resolveAnchor(index, anchor);
  return found.place === 'gone' ? null : rangeToProseMirror(index, found.from, found.to);
}
