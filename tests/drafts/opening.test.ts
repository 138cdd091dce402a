// @vitest-environment jsdom
import { Editor } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import { initProseMirrorDoc } from '@tiptap/y-tiptap';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { draftBinding } from '#client/lib/drafts/draftBinding.ts';
import { draftExtensions } from '#client/lib/drafts/extensions.ts';
import { shownInstead } from '#client/lib/drafts/shownWhole.ts';
import { checkDocument } from '#shared/document/check.ts';
import { DRAFT_FIELD, nodeRules, rootChildren } from '#shared/document/schema.ts';
import { contentHash, documentText } from '#shared/document/text.ts';
import { Chance } from '../anchors/random.ts';
import { schema, Writer } from '../anchors/writer.ts';
import { honestHistory } from './honest.ts';
import { shapeOf } from './shapes.ts';

const nightly = process.env.NIGHTLY === '1';
const first = Number(process.env.SHAPES_SEED ?? 1);
const seeds = (count: number): number[] => Array.from({ length: nightly ? 20 * count : count }, (_, index) => first + index);

const draftOf = (doc: Y.Doc): Y.XmlFragment => doc.getXmlFragment(DRAFT_FIELD);
const copyOf = (doc: Y.Doc): Y.Doc => {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc), 'server');
  return copy;
};

const open: Editor[] = [];
afterEach(() => {
  for (const editor of open.splice(0)) editor.destroy();
});

/** The editor of a page on a copy of a draft, as boundEditor.ts makes it, and what it has changed in the copy by itself. */
function opened(doc: Y.Doc, editable = true): { editor: Editor; changes: () => number; unshowable: () => number } {
  let changes = 0;
  let unshowable = 0;
  doc.on('update', (_update: Uint8Array, origin: unknown) => {
    if (origin !== 'server') changes += 1;
  });
  const editor = new Editor({
    element: document.createElement('div'),
    editable,
    extensions: [...draftExtensions(), draftBinding(draftOf(doc), () => (unshowable += 1))],
  });
  open.push(editor);
  return { editor, changes: () => changes, unshowable: () => unshowable };
}

/** What a person does who only looks: the caret goes everywhere, and the page draws again. */
function lookAround(editor: Editor): void {
  for (let at = 0; at <= editor.state.doc.content.size; at += 7) {
    editor.view.dispatch(editor.state.tr.setSelection(TextSelection.near(editor.state.doc.resolve(at))));
  }
  editor.view.dispatch(editor.state.tr.setMeta('addToHistory', false));
}

/** Opens a draft as member and as observer; both show it whole, and neither changes it. */
function opensWhole(doc: Y.Doc): void {
  expect(checkDocument(doc)).toBeNull();
  for (const editable of [true, false]) {
    const copy = copyOf(doc);
    const { editor, changes, unshowable } = opened(copy, editable);
    lookAround(editor);
    expect(changes()).toBe(0);
    expect(unshowable()).toBe(0);
    expect(shownInstead(editor.state.doc, draftOf(copy))).toBeNull();
    expect(contentHash(draftOf(copy))).toBe(contentHash(draftOf(doc)));
    if (draftOf(doc).length > 0) editor.state.doc.check();
    // The box of a task repeats its words, for who cannot see.
    for (const label of editor.view.dom.querySelectorAll('label')) label.remove();
    expect(editor.view.dom.textContent).toBe(documentText(draftOf(doc)).replaceAll('\n', ''));
    editor.destroy();
  }
  isLeftByTheSchema(doc);
}

/** y-tiptap alone, without what we put around it, keeps it too: nothing of the editor's schema is narrower than the allow-list. */
function isLeftByTheSchema(doc: Y.Doc): void {
  expect(checkDocument(doc)).toBeNull();
  const alone = copyOf(doc);
  const before = Y.encodeStateAsUpdate(alone);
  const { doc: shown } = initProseMirrorDoc(draftOf(alone), schema);
  expect(Y.encodeStateAsUpdate(alone)).toEqual(before);
  if (shown.childCount > 0) expect(shownInstead(shown, draftOf(doc))).toBeNull();
}

describe('[DOC10] [T16] whatever the server lets through, a page shows whole and leaves as it is', () => {
  it('any one node in any other, and nothing in it', () => {
    const doc = new Y.Doc();
    for (const [name, rule] of nodeRules) {
      for (const child of [null, ...rule.children]) {
        const element = new Y.XmlElement(name);
        // What stands at no top stands in what it may stand in.
        let top: Y.XmlElement = element;
        while (!rootChildren.has(top.nodeName)) {
          const parent = [...nodeRules].find(([, { children }]) => children.has(top.nodeName))?.[0] ?? '';
          const around = new Y.XmlElement(parent);
          around.insert(0, [top]);
          top = around;
        }
        draftOf(doc).push([top]);
        if (child !== null) element.push([child === 'text' ? new Y.XmlText('w1') : new Y.XmlElement(child)]);
      }
    }
    opensWhole(doc);
  });

  it('drafts made at random from the allow-list', () => {
    for (const seed of seeds(6)) opensWhole(shapeOf(new Chance(seed)).doc);
    for (const seed of seeds(150)) isLeftByTheSchema(shapeOf(new Chance(seed)).doc);
  });

  it('what several honest editors leave who did not wait for each other', () => {
    for (const seed of seeds(4)) opensWhole(honestHistory(new Chance(seed)));
    for (const seed of seeds(20)) isLeftByTheSchema(honestHistory(new Chance(seed)));
  });

  it('the draft that lost words before: of two paragraphs of an item one is deleted, the other becomes a quote', () => {
    const base = new Writer(1);
    const paragraph = (words: string) => schema.node('paragraph', null, [schema.text(words)]);
    base.edit((transform) =>
      transform.replaceWith(
        0,
        transform.doc.content.size,
        schema.node('bulletList', null, [schema.node('listItem', null, [paragraph('w1'), paragraph('w2')])]),
      ),
    );
    const [ana, ben] = [2, 3].map((id) => new Writer(id, Y.encodeStateAsUpdate(base.doc))) as [Writer, Writer];
    ana.edit((transform) => transform.delete(2, 6));
    ben.edit((transform) => transform.replaceWith(6, 10, schema.node('blockquote', null, [paragraph('w2')])));
    ana.sendTo(ben);
    expect(documentText(ben.draft)).toBe('w2');
    opensWhole(ben.doc);
  });

  it('an empty draft, which every page shows as one empty line and none fills', () => {
    const doc = new Y.Doc();
    draftOf(doc).push([new Y.XmlElement('paragraph')]);
    const copies = [copyOf(doc), copyOf(doc)];
    const pages = copies.map((copy) => opened(copy));
    const emptied = copyOf(doc);
    draftOf(emptied).delete(0, 1);
    for (const copy of copies) Y.applyUpdate(copy, Y.encodeStateAsUpdate(emptied), 'server');
    for (const [index, { editor, changes }] of pages.entries()) {
      lookAround(editor);
      expect(changes()).toBe(0);
      expect(draftOf(copies[index] as Y.Doc).length).toBe(0);
      expect(editor.state.doc.childCount).toBe(1);
      expect(shownInstead(editor.state.doc, draftOf(copies[index] as Y.Doc))).toBeNull();
    }
    pages[0]?.editor.commands.insertContentAt(1, 'w1');
    expect(documentText(draftOf(copies[0] as Y.Doc))).toBe('w1');
  });
});

describe('[ED26] a page changes a draft with a change of its own person, and in no other way', () => {
  it('what others write while it is open is shown and left as it is', () => {
    for (const seed of seeds(4)) {
      const chance = new Chance(seed);
      const base = honestHistory(chance, { rounds: 1 });
      const copy = copyOf(base);
      const { editor, changes } = opened(copy);
      const later = honestHistory(chance, { base: Y.encodeStateAsUpdate(base) });
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(later, Y.encodeStateVector(copy)), 'server');
      lookAround(editor);
      expect(changes()).toBe(0);
      expect(shownInstead(editor.state.doc, draftOf(copy))).toBeNull();
      expect(contentHash(draftOf(copy))).toBe(contentHash(draftOf(later)));
    }
  });

  it('what a page’s schema does not know stays in the draft; the page says so once and writes no more', () => {
    const doc = new Y.Doc();
    const known = new Y.XmlElement('paragraph');
    known.insert(0, [new Y.XmlText('w1')]);
    const unknown = new Y.XmlElement('ofAnotherVersion');
    unknown.insert(0, [new Y.XmlText('w2')]);
    draftOf(doc).push([known, unknown]);
    const { editor, changes, unshowable } = opened(doc);
    expect(unshowable()).toBe(1);
    editor.commands.insertContentAt(1, 'w3');
    lookAround(editor);
    expect(changes()).toBe(0);
    expect(draftOf(doc).toString()).toContain('w2');
  });

  it('a first change that empties the draft is written', () => {
    const doc = new Y.Doc();
    const line = new Y.XmlElement('paragraph');
    line.insert(0, [new Y.XmlText('w1')]);
    draftOf(doc).push([line]);
    const { editor } = opened(doc);
    editor.commands.clearContent();
    expect(documentText(draftOf(doc))).toBe('');
  });

  it('is noticed where a page shows another text than its copy holds', () => {
    const { doc } = shapeOf(new Chance(7));
    const { editor } = opened(doc);
    const shown = editor.state.doc;
    expect(shownInstead(shown, draftOf(doc))).toBeNull();
    expect(
      shownInstead(shown.type.create(null, shown.content.cut(0, shown.content.size - (shown.lastChild?.nodeSize ?? 0))), draftOf(doc)),
    ).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('[ED27] two people who begin in the same empty paragraph', () => {
  const emptyLine = (): Y.Doc => {
    const doc = new Y.Doc();
    draftOf(doc).push([new Y.XmlElement('paragraph')]);
    return doc;
  };

  it('keep what each types while it meets, once', () => {
    const base = emptyLine();
    const copies = [copyOf(base), copyOf(base)] as const;
    copies.forEach((copy, index) => (copy.clientID = 10 + index));
    const pages = copies.map((copy) => opened(copy));
    const meet = (): void => {
      const states = copies.map((copy) => Y.encodeStateAsUpdate(copy));
      for (const copy of copies) for (const state of states) Y.applyUpdate(copy, state, 'server');
    };
    const type = (index: number, words: string): void => {
      const page = pages[index]?.editor;
      const at = page?.state.doc.textContent.lastIndexOf(index === 0 ? 'a' : 'b') ?? -1;
      page?.commands.insertContentAt(at + 2, words);
    };
    for (let round = 0; round < 5; round += 1) {
      type(0, 'aa');
      type(1, 'bb');
      meet();
    }
    const text = documentText(draftOf(copies[0]));
    expect(documentText(draftOf(copies[1]))).toBe(text);
    expect([...text].sort().join('')).toBe('a'.repeat(10) + 'b'.repeat(10));
    for (const { editor } of pages) expect(editor.state.doc.textContent).toBe(text);
  });

  it('each with marks of their own, and deletions over the border', () => {
    const base = emptyLine();
    const line = draftOf(base).get(0) as Y.XmlElement;
    line.insert(0, [new Y.XmlText('abc'), new Y.XmlText('def'), new Y.XmlText('ghi')]);
    const { editor } = opened(base);
    editor.chain().setTextSelection({ from: 3, to: 6 }).toggleBold().run();
    editor.commands.deleteRange({ from: 2, to: 4 });
    editor.commands.insertContentAt(2, 'X');
    expect(editor.state.doc.textContent).toBe('aXdefghi');
    expect(documentText(draftOf(base))).toBe('aXdefghi');
    expect(shownInstead(editor.state.doc, draftOf(base))).toBeNull();
    // No text was deleted: whoever types in one of them meanwhile keeps it.
    expect(line.length).toBe(3);
  });
});

describe('[ED28] what two people left empty', () => {
  const draftWith = (...blocks: Y.XmlElement[]): Y.Doc => {
    const doc = new Y.Doc();
    draftOf(doc).push(blocks);
    return doc;
  };
  const element = (name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement => {
    const made = new Y.XmlElement(name);
    made.insert(0, children);
    return made;
  };

  it('gets a line from who changes its block, and from nobody else', () => {
    const doc = draftWith(
      element('bulletList', element('listItem'), element('listItem', element('paragraph', new Y.XmlText('w1')))),
      element('blockquote'),
    );
    const { editor, changes } = opened(doc);
    lookAround(editor);
    expect(changes()).toBe(0);
    editor.commands.insertContentAt(5, 'x');
    const shown = editor.getJSON().content as { type: string; content?: { content?: unknown[] }[] }[];
    expect(shown[0]?.content?.map(({ content }) => content?.length)).toEqual([1, 1]);
    expect(shown[1]?.content).toBeUndefined();
    expect(shownInstead(editor.state.doc, draftOf(doc))).toBeNull();
  });

  it('a list goes with its last item, by who takes that away', () => {
    const doc = draftWith(element('paragraph', new Y.XmlText('w1')), element('bulletList', element('listItem', element('paragraph'))));
    const { editor } = opened(doc);
    editor.view.dispatch(editor.state.tr.delete(5, 9));
    expect(editor.state.doc.childCount).toBe(1);
    expect(draftOf(doc).length).toBe(1);
  });

  it.each([
    ['- ', 'bulletList'],
    ['1. ', 'orderedList'],
    ['> ', 'blockquote'],
  ])('typing "%s" at the beginning of an item makes no list in it', (words, kind) => {
    const doc = draftWith(element('taskList', element('taskItem', element('paragraph'))));
    const { editor } = opened(doc);
    const at = 3;
    editor.commands.setTextSelection(at);
    for (const [index, letter] of [...words].entries()) {
      const place = at + index;
      const isTaken = editor.view.someProp('handleTextInput', (handle) => handle(editor.view, place, place, letter, () => editor.state.tr));
      if (isTaken !== true) editor.view.dispatch(editor.state.tr.insertText(letter, place));
    }
    expect(editor.state.doc.textContent).toBe(words);
    expect(editor.isActive(kind)).toBe(false);
  });

  it('a button for lists takes a heading, and the first line of another kind of list, out of it', () => {
    const doc = draftWith(
      element('heading', new Y.XmlText('w1')),
      element('bulletList', element('listItem', element('paragraph', new Y.XmlText('w2')))),
    );
    const { editor } = opened(doc);
    editor.chain().setTextSelection(2).toggleBulletList().run();
    editor
      .chain()
      .setTextSelection(editor.state.doc.content.size - 4)
      .toggleTaskList()
      .run();
    const kinds: string[] = [];
    editor.state.doc.descendants((node) => void kinds.push(node.type.name));
    expect(kinds).toEqual(['bulletList', 'listItem', 'paragraph', 'text', 'taskList', 'taskItem', 'paragraph', 'text']);
  });
});
