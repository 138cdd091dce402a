import { getSchema } from '@tiptap/core';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import type { Node } from '@tiptap/pm/model';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { ProsemirrorBinding, ySyncPlugin, ySyncPluginKey, yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { DraftNodes } from './draftNodes.ts';
import { draftExtensions } from './extensions.ts';
import { narrowed, realign } from './remoteChanges.ts';

const schema = getSchema(draftExtensions());

/** What is used here of y-tiptap's binding. */
interface Binding {
  initView(view: unknown): void;
  _forceRerender(): void;
  _prosemirrorChanged(doc: Node): void;
  mux(run: () => void): void;
}

/** A screen bound to a copy, without a browser: as much of an editor's view as the binding asks for. */
class Screen {
  readonly doc = new Y.Doc();
  readonly fragment = this.doc.getXmlFragment(DRAFT_FIELD);
  readonly mapping = new DraftNodes(
    this.fragment,
    () => schema,
    () => undefined,
  );
  readonly changes: Transaction[] = [];
  state: EditorState;
  readonly #binding: Binding;

  constructor(update: Uint8Array) {
    Y.applyUpdate(this.doc, update);
    this.#binding = new ProsemirrorBinding(this.fragment, this.mapping) as unknown as Binding;
    this.state = EditorState.create({ schema, plugins: [ySyncPlugin(this.fragment, { mapping: this.mapping }) as never] });
    const current = (): EditorState => this.state;
    this.#binding.initView({
      get state() {
        return current();
      },
      dispatch: (transaction: Transaction) => {
        const small = narrowed(transaction, this.state);
        this.changes.push(small);
        this.state = this.state.apply(small);
        realign(this.fragment, this.state.doc, this.mapping);
      },
      hasFocus: () => false,
    });
    this.mapping.clear();
    this.#binding._forceRerender();
    realign(this.fragment, this.state.doc, this.mapping);
  }

  /** Something the person does. */
  act(transaction: Transaction): void {
    this.state = this.state.apply(transaction);
    this.#binding.mux(() => this.doc.transact(() => this.#binding._prosemirrorChanged(this.state.doc), ySyncPluginKey));
  }
}

/** Numbers that come out the same for the same seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function beginning(): Uint8Array {
  const doc = new Y.Doc();
  const line = (words: string): Y.XmlElement => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText(words)]);
    return paragraph;
  };
  const list = new Y.XmlElement('bulletList');
  list.insert(
    0,
    ['一项', '二项', '三项'].map((words) => {
      const item = new Y.XmlElement('listItem');
      item.insert(0, [line(words)]);
      return item;
    }),
  );
  doc.getXmlFragment(DRAFT_FIELD).insert(0, [line('第一段的话'), list, line('第二段的话'), line('第三段的话')]);
  return Y.encodeStateAsUpdate(doc);
}

/** One change somebody makes somewhere in a text. */
function change(screen: Screen, any: (below: number) => number): void {
  const { state } = screen;
  const places: { at: number; size: number; depth: number }[] = [];
  state.doc.descendants((node, at, parent) => {
    if (node.isTextblock) places.push({ at, size: node.content.size, depth: parent === state.doc ? 1 : 2 });
  });
  const place = places[any(places.length)];
  if (place === undefined) return;
  const inside = place.at + 1 + any(place.size + 1);
  switch (any(5)) {
    case 0:
      screen.act(state.tr.insertText('新字', inside));
      break;
    case 1:
      if (place.size > 1) screen.act(state.tr.delete(place.at + 1, place.at + 2));
      break;
    case 2:
      if (place.depth === 1) screen.act(state.tr.split(inside));
      break;
    case 3:
      if (place.size > 0) screen.act(state.tr.addMark(place.at + 1, place.at + 1 + place.size, schema.marks.bold!.create()));
      break;
    default:
      // A block moved to the end.
      if (place.depth === 1 && state.doc.childCount > 2) {
        const block = state.doc.nodeAt(place.at)!;
        screen.act(state.tr.delete(place.at, place.at + block.nodeSize).insert(state.doc.content.size - block.nodeSize, block));
      }
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  '[ED8] after changes of two people both screens and all that is kept of them are as if made anew, seed %i',
  (seed) => {
    const any = chance(seed);
    const first = beginning();
    const [one, other] = [new Screen(first), new Screen(first)];
    for (let round = 0; round < 60; round += 1) {
      change(one, any);
      if (any(2) === 0) change(other, any);
      Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.doc, Y.encodeStateVector(other.doc)));
      Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(one.doc)));
      for (const screen of [one, other]) {
        const anew = yXmlFragmentToProseMirrorRootNode(screen.fragment, schema);
        expect(screen.state.doc.toJSON()).toEqual(anew.toJSON());
        // Each type's node is the one at its place.
        const types = screen.fragment.createTreeWalker((type) => type instanceof Y.XmlElement);
        const nodes: Node[] = [];
        screen.state.doc.descendants((node) => void (node.isText || nodes.push(node)));
        let at = 0;
        for (const type of types) {
          const node = screen.mapping.get(type) as Node | undefined;
          expect(node?.nodeSize).toBe(nodes[at]?.nodeSize);
          expect(node?.type).toBe(nodes[at]?.type);
          at += 1;
        }
        expect(at).toBe(nodes.length);
      }
    }
    // Changes of others came as small steps: none replaced the whole text.
    const steps = one.changes.slice(1).flatMap(({ steps }) => steps.map((step) => step.getMap()));
    expect(steps.length).toBeGreaterThan(10);
  },
);

test('[ED8] a letter of somebody else is a step of one letter, and leaves every other block the node it was', () => {
  const first = beginning();
  const [one, other] = [new Screen(first), new Screen(first)];
  const before = one.state.doc;
  other.act(other.state.tr.insertText('字', 3));
  Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(one.doc)));
  const [step] = one.changes.at(-1)!.steps;
  expect(step?.toJSON()).toMatchObject({ stepType: 'replace', from: 3, to: 3 });
  for (let at = 1; at < before.childCount; at += 1) expect(one.state.doc.child(at)).toBe(before.child(at));
});

test('[ED8] letters in two blocks at once are two steps, and the caret between them stays where it is', () => {
  const first = beginning();
  const [one, other] = [new Screen(first), new Screen(first)];
  const middle = one.state.doc.child(0).nodeSize + one.state.doc.child(1).nodeSize + 3;
  one.state = one.state.apply(one.state.tr.setSelection(TextSelection.create(one.state.doc, middle)));
  other.act(other.state.tr.insertText('尾', other.state.doc.content.size - 1));
  other.act(other.state.tr.insertText('头', 1));
  Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(one.doc)));
  expect(one.changes.at(-1)!.steps).toHaveLength(2);
  expect(one.state.selection.from).toBe(middle + 1);
  expect(one.state.doc.toJSON()).toEqual(other.state.doc.toJSON());
});

test('[ED8] a caret at the beginning of a block stays in it, though another block has the same words', () => {
  const doc = new Y.Doc();
  doc.getXmlFragment(DRAFT_FIELD).insert(
    0,
    [0, 1, 2].map(() => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText('同样的话')]);
      return paragraph;
    }),
  );
  const first = Y.encodeStateAsUpdate(doc);
  const [one, other] = [new Screen(first), new Screen(first)];
  one.state = one.state.apply(one.state.tr.setSelection(TextSelection.create(one.state.doc, 1)));
  other.act(other.state.tr.insertText('新', 3));
  Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(one.doc)));
  expect(one.state.doc.child(0).textContent).toBe('同样新的话');
  expect(one.state.selection.from).toBe(1);
});

test('[ED30] what is drawn over the text, such as who wrote what, stays drawn while others type', () => {
  const first = beginning();
  const [one, other] = [new Screen(first), new Screen(first)];
  const { doc } = one.state;
  const end = doc.content.size - 1;
  const set = DecorationSet.create(doc, [
    Decoration.inline(1, 4, { class: 'authored' }),
    Decoration.inline(end - 2, end, { class: 'authored' }),
  ]);
  other.act(other.state.tr.insertText('新', 2));
  Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(one.doc)));
  const { mapping, doc: after } = one.changes.at(-1)!;
  expect(
    set
      .map(mapping, after)
      .find()
      .map(({ from, to }) => [from, to]),
  ).toEqual([
    [1, 5],
    [end - 1, end + 1],
  ]);
});
