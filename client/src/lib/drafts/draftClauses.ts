import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView } from '@tiptap/pm/view';

interface Options {
  /** What stands beside the n-th clause, from 1. */
  readonly label: (n: number) => string;
  /** CSS colour of who last wrote in each block at the top, in order. */
  readonly colors: () => readonly (string | null)[];
  /** What an empty draft says. */
  readonly placeholder: () => string;
}

const key = new PluginKey<DecorationSet>('draftClauses');

/** Numbers the clauses (paragraphs at the top with something in them), draws the line of who wrote them, invites to begin. */
export const DraftClauses = Extension.create<Options>({
  name: 'draftClauses',
  addOptions() {
    return { label: String, colors: () => [], placeholder: () => '' };
  },
  addProseMirrorPlugins() {
    const { options } = this;
    return [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: (_, state) => decorate(state.doc, options),
          apply: (transaction, now, _, state) =>
            transaction.docChanged || transaction.getMeta(key) === true ? decorate(state.doc, options) : now,
        },
        props: { decorations: (state) => key.getState(state) },
        view: () => ({
          update: (view, before) => {
            // The Yjs blocks follow the editor's own by one step, and with them who wrote which.
            if (view.state.doc.childCount !== before.doc.childCount) queueMicrotask(() => refreshClauses(view));
          },
        }),
      }),
    ];
  },
});

/** Draws numbers and lines anew: the language or what is known of the writers changed. */
export function refreshClauses(view: EditorView): void {
  if (view.isDestroyed || view.composing) return;
  view.dispatch(view.state.tr.setMeta(key, true).setMeta('addToHistory', false));
}

export function isClause(node: Node): boolean {
  return node.type.name === 'paragraph' && node.content.size > 0;
}

/** How many clauses a draft has. */
export function countClauses(state: EditorState): number {
  let count = 0;
  state.doc.forEach((node) => {
    if (isClause(node)) count += 1;
  });
  return count;
}

function decorate(doc: Node, { label, colors, placeholder }: Options): DecorationSet {
  const first = doc.firstChild;
  if (doc.childCount === 1 && first !== null && first.type.name === 'paragraph' && first.content.size === 0) {
    const attributes = { class: 'is-empty', 'data-placeholder': placeholder() };
    return DecorationSet.create(doc, [Decoration.node(0, first.nodeSize, attributes)]);
  }
  const decorations: Decoration[] = [];
  const colorOf = colors();
  let number = 0;
  doc.forEach((node, offset, index) => {
    const color = colorOf[index] ?? null;
    const attributes: { [name: string]: string } = { class: 'block' };
    if (isClause(node)) {
      number += 1;
      attributes.class = 'block clause';
      attributes['data-clause'] = label(number);
    }
    if (color !== null) attributes.style = `--writer: ${color}`;
    decorations.push(Decoration.node(offset, offset + node.nodeSize, attributes));
  });
  return DecorationSet.create(doc, decorations);
}
