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

/** How one block at the top is drawn. */
interface Look {
  readonly isClause: boolean;
  readonly attributes: { readonly [name: string]: string };
}

interface Drawn {
  /** One for each block; none while the draft is empty. */
  readonly looks: readonly Look[];
  readonly set: DecorationSet;
}

const key = new PluginKey<Drawn>('draftClauses');

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
      new Plugin<Drawn>({
        key,
        state: {
          init: (_, state) => decorate(state.doc, options),
          apply: (transaction, now, _, { doc }) => {
            if (transaction.getMeta(key) === true) return decorate(doc, options);
            if (!transaction.docChanged) return now;
            return fits(doc, now.looks) ? { looks: now.looks, set: setOf(doc, now.looks) } : decorate(doc, options);
          },
        },
        props: { decorations: (state) => key.getState(state)?.set },
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

function decorate(doc: Node, { label, numbered, blockIds, colors, placeholder }: Options): Drawn {
  const first = doc.firstChild;
  if (isEmpty(doc) && first !== null) {
    const attributes = { class: 'is-empty', 'data-placeholder': placeholder() };
    return { looks: [], set: DecorationSet.create(doc, [Decoration.node(0, first.nodeSize, attributes)]) };
  }
  const colorOf = colors();
  const numbers = clauseNumbers(doc, numbered(), blockIds());
  const looks: Look[] = [];
  let clause = 0;
  doc.forEach((node, _, index) => {
    const color = colorOf[index] ?? null;
    const attributes: { [name: string]: string } = { class: 'block' };
    if (isClause(node)) {
      const written = label(numbers[clause] ?? '');
      clause += 1;
      attributes.class = written.includes('\u200b') ? 'block clause is-long' : 'block clause';
      attributes['data-clause'] = written;
    }
    if (color !== null) attributes.style = `--writer: ${color}`;
    looks.push({ isClause: isClause(node), attributes });
  });
  return { looks, set: setOf(doc, looks) };
}

function isEmpty(doc: Node): boolean {
  const first = doc.firstChild;
  return doc.childCount === 1 && first !== null && first.type.name === 'paragraph' && first.content.size === 0;
}

/** Whether the blocks are as many as before, and clauses where clauses were: then numbers and lines stay what they are. */
function fits(doc: Node, looks: readonly Look[]): boolean {
  if (doc.childCount !== looks.length || isEmpty(doc)) return false;
  for (let at = 0; at < looks.length; at += 1) if (isClause(doc.child(at)) !== looks[at]?.isClause) return false;
  return true;
}

function setOf(doc: Node, looks: readonly Look[]): DecorationSet {
  const decorations: Decoration[] = [];
  doc.forEach((node, offset, index) => {
    decorations.push(Decoration.node(offset, offset + node.nodeSize, { ...looks[index]?.attributes }));
  });
  return new BlockSet(decorations, []);
}

/**
 * A set of decorations that are whole blocks at the top, one each. ProseMirror's own set looks through all of them for every block, when
 * it is made and again whenever it is drawn: a million steps for a thousand blocks, with every letter. Here it is known that none of
 * them concerns the inside of a block. (The constructor is ProseMirror's own way to a set, though its types do not name it.)
 */
class BlockSet extends (DecorationSet as unknown as new (local: readonly Decoration[], children: readonly never[]) => DecorationSet) {
  override forChild(): DecorationSet {
    return DecorationSet.empty;
  }
}
