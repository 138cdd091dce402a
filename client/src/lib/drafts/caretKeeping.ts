import { Extension } from '@tiptap/core';
import type { EditorView } from '@tiptap/pm/view';

/** Right after the focus came the browser's selection is not what the person chose. */
const FOCUS_MS = 60;

/**
 * Keeps the caret where its person put it. A browser tells of a caret that was moved by key or mouse only with its next frame; what is
 * drawn before that, because of others, would put the old caret back. With twenty people typing that is every second key.
 */
export const CaretKeeping = Extension.create<object, { focusedAt: number }>({
  name: 'caretKeeping',
  // Outermost, so that the caret is read before anything else looks at it.
  priority: 10_000,
  addStorage() {
    return { focusedAt: Number.NEGATIVE_INFINITY };
  },
  onFocus() {
    this.storage.focusedAt = performance.now();
  },
  dispatchTransaction({ transaction, next }) {
    const { view } = this.editor;
    // Text from others was read before it was applied; one's own changes bring their caret along.
    const isDrawingOnly =
      !transaction.docChanged && !transaction.selectionSet && !transaction.getMeta('focus') && !transaction.getMeta('blur');
    if (isDrawingOnly && performance.now() - this.storage.focusedAt > FOCUS_MS) {
      readCaret(view);
      if (!view.state.selection.eq(transaction.selection)) transaction.setSelection(view.state.selection);
    }
    next(transaction);
  },
});

/** Has the editor look now where the browser's caret is. */
export function readCaret(view: EditorView): void {
  if (view.isDestroyed || view.composing) return;
  const document = view.dom.ownerDocument;
  const anchor = document.getSelection()?.anchorNode ?? null;
  if (anchor !== null && view.dom.contains(anchor)) document.dispatchEvent(new Event('selectionchange'));
}
