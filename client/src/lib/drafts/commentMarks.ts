import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView } from '@tiptap/pm/view';

/** A comment's place in the editor, in ProseMirror positions. */
export interface CommentMark {
  readonly number: number;
  readonly resolved: boolean;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

interface Options {
  readonly onPick: (number: number) => void;
}

interface Marks {
  readonly set: DecorationSet;
}

interface Spec {
  readonly number: number;
  readonly length: number;
}

const key = new PluginKey<Marks>('commentMarks');

/** A warm wash with a line under the words that comments are about. Drawn beside the text, never in it. */
export const CommentMarks = Extension.create<Options>({
  name: 'commentMarks',
  addOptions() {
    return { onPick: () => undefined };
  },
  addProseMirrorPlugins() {
    const { onPick } = this.options;
    return [
      new Plugin<Marks>({
        key,
        state: {
          init: () => ({ set: DecorationSet.empty }),
          apply: (transaction, marks) => {
            const drawn = transaction.getMeta(key) as DecorationSet | undefined;
            if (drawn !== undefined) return { set: drawn };
            return transaction.docChanged ? { set: marks.set.map(transaction.mapping, transaction.doc) } : marks;
          },
        },
        props: {
          decorations: (state) => key.getState(state)?.set,
          handleClick: (view, position) => {
            const number = numberAt(view.state, position);
            if (number !== null) onPick(number);
            return false;
          },
        },
      }),
    ];
  },
});

/** Draws these marks in place of those before. Moves neither caret nor page. */
export function drawCommentMarks(view: EditorView, marks: readonly CommentMark[], active: number | null): void {
  if (view.isDestroyed) return;
  const decorations = marks.flatMap((mark) => mark.ranges.map((range) => decorationOf(mark, range, mark.number === active)));
  const set = DecorationSet.create(view.state.doc, decorations);
  view.dispatch(view.state.tr.setMeta(key, set).setMeta('addToHistory', false));
}

/** Brings the beginning of a comment's mark into the middle; false where it has none. */
export function scrollToMark(view: EditorView, number: number): boolean {
  const [found] = key.getState(view.state)?.set.find(undefined, undefined, (spec) => (spec as Spec).number === number) ?? [];
  if (found === undefined) return false;
  const { node } = view.domAtPos(found.from, 1);
  const element = node instanceof Element ? node : node.parentElement;
  const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  element?.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' });
  return true;
}

function decorationOf({ number, resolved }: CommentMark, range: { from: number; to: number }, isActive: boolean): Decoration {
  const className = ['comment-mark', resolved ? 'is-resolved' : '', isActive ? 'is-active' : ''].filter((name) => name !== '').join(' ');
  const attributes = { nodeName: 'mark', class: className, 'data-comment': String(number) };
  const spec: Spec = { number, length: range.to - range.from };
  return Decoration.inline(range.from, range.to, attributes, spec);
}

/** The comment at a position: of several the one about the fewest words, of equals the newest. */
function numberAt(state: EditorState, position: number): number | null {
  const found = (key.getState(state)?.set.find(position, position) ?? []).map(({ spec }) => spec as Spec);
  found.sort((one, other) => one.length - other.length || other.number - one.number);
  return found[0]?.number ?? null;
}
