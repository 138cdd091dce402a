import { Extension } from '@tiptap/core';
import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView } from '@tiptap/pm/view';
import { clauseLabels } from '#shared/domain/drafts/clauses.ts';
import type { ClauseId, NumberedClause } from '#shared/domain/drafts/events.ts';

interface Options {
  /** What stands beside the clause of a number, such as 5 or 5-1. A zero-width space in it says where it may be broken. */
  readonly label: (number: string) => string;
  /** The numbers that clauses keep, or null where they are simply counted. */
  readonly numbered: () => readonly NumberedClause[] | null;
  /** Who each block at the top is in Yjs, in order; may be one step behind the text. */
  readonly blockIds: () => readonly ClauseId[];
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
    return { label: String, numbered: () => null, blockIds: () => [], colors: () => [], placeholder: () => '' };
  },
  addKeyboardShortcuts() {
    return { Enter: () => insertLineBefore(this.editor) };
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

/**
 * Enter at the beginning of a block puts an empty line before it. Splitting it there would look the same, but to Yjs the empty line
 * would be the old block and the words would be written anew: a clause would leave its number, and the marks of comments, behind.
 */
function insertLineBefore({ state, view }: Editor): boolean {
  const { empty, $from } = state.selection;
  const line = state.schema.nodes.paragraph?.create();
  if (!empty || line === undefined || $from.depth !== 1 || $from.parentOffset !== 0 || $from.parent.content.size === 0) return false;
  view.dispatch(state.tr.insert($from.before(), line).scrollIntoView());
  return true;
}

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

/** The numbers of the clauses of a document, in order, such as 1, 2 or 5-1. */
export function clauseNumbers(doc: Node, numbered: readonly NumberedClause[] | null, ids: readonly ClauseId[]): readonly string[] {
  const order: ClauseId[] = [];
  doc.forEach((node, _, index) => {
    // A block that Yjs does not know yet is nobody, and is called so for the length of a step.
    if (isClause(node)) order.push(ids[index] ?? [-1, index]);
  });
  return clauseLabels(order, numbered);
}

function decorate(doc: Node, { label, numbered, blockIds, colors, placeholder }: Options): DecorationSet {
  const first = doc.firstChild;
  if (doc.childCount === 1 && first !== null && first.type.name === 'paragraph' && first.content.size === 0) {
    const attributes = { class: 'is-empty', 'data-placeholder': placeholder() };
    return DecorationSet.create(doc, [Decoration.node(0, first.nodeSize, attributes)]);
  }
  const decorations: Decoration[] = [];
  const colorOf = colors();
  const numbers = clauseNumbers(doc, numbered(), blockIds());
  let clause = 0;
  doc.forEach((node, offset, index) => {
    const color = colorOf[index] ?? null;
    const attributes: { [name: string]: string } = { class: 'block' };
    if (isClause(node)) {
      const written = label(numbers[clause] ?? '');
      clause += 1;
      attributes.class = written.includes('\u200b') ? 'block clause is-long' : 'block clause';
      attributes['data-clause'] = written;
    }
    if (color !== null) attributes.style = `--writer: ${color}`;
    decorations.push(Decoration.node(offset, offset + node.nodeSize, attributes));
  });
  return DecorationSet.create(doc, decorations);
}
