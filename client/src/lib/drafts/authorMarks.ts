import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView } from '@tiptap/pm/view';

/** A stretch of the text by one author, in ProseMirror positions. `color`: of CSS. `says`: who and when, in words. */
export interface AuthorMark {
  readonly from: number;
  readonly to: number;
  readonly color: string;
  readonly says: string;
}

const key = new PluginKey<DecorationSet>('authorMarks');

/** Shows, while somebody wants to know, who wrote what: a wash and a line in the author's colour, his name as a tooltip. */
export const AuthorMarks = Extension.create({
  name: 'authorMarks',
  addProseMirrorPlugins() {
    return [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply: (transaction, now) =>
            (transaction.getMeta(key) as DecorationSet | undefined) ??
            (transaction.docChanged ? now.map(transaction.mapping, transaction.doc) : now),
        },
        props: { decorations: (state) => key.getState(state) },
      }),
    ];
  },
});

/** Draws these in place of those before; none take them away. Moves neither caret nor page. Not while a word is being composed. */
export function drawAuthorMarks(view: EditorView, marks: readonly AuthorMark[]): void {
  if (view.isDestroyed) return;
  const decorations = marks.map(({ from, to, color, says }) =>
    Decoration.inline(from, to, { class: 'authored', style: `--author: ${color}`, title: says }),
  );
  const set = decorations.length === 0 ? DecorationSet.empty : DecorationSet.create(view.state.doc, decorations);
  view.dispatch(view.state.tr.setMeta(key, set).setMeta('addToHistory', false));
}
