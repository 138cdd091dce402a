import type { EditorView } from '@tiptap/pm/view';
import { getRelativeSelection, ySyncPluginKey } from '@tiptap/y-tiptap';
import type { ProsemirrorBinding } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

/** The editor reads the end of a composition from the screen 20 ms after it; until then nothing else may be drawn there. */
const ENDING_MS = 30;

const ending = new WeakSet<EditorView>();

/** Whether a word is being composed in the text with an input method, or was just now and is not read yet. */
export function isComposing(view: EditorView): boolean {
  return view.composing || ending.has(view);
}

/** Calls `onEnd` whenever a word was composed and read. Gives its own undo. */
export function watchComposing(view: EditorView, onEnd: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const onStart = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    ending.add(view);
  };
  const onOver = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      ending.delete(view);
      onEnd();
    }, ENDING_MS);
  };
  const { dom } = view;
  dom.addEventListener('compositionstart', onStart);
  dom.addEventListener('compositionend', onOver);
  return () => {
    if (timer !== null) clearTimeout(timer);
    ending.delete(view);
    dom.removeEventListener('compositionstart', onStart);
    dom.removeEventListener('compositionend', onOver);
  };
}

/** The Yjs types of the blocks in which a word is being composed; null while none is. */
export function composedIn(view: EditorView): ReadonlySet<unknown> | null {
  const binding = (ySyncPluginKey.getState(view.state) as { binding?: ProsemirrorBinding } | undefined)?.binding;
  if (binding === undefined || !isComposing(view)) return null;
  const { $from, $to } = view.state.selection;
  const types = new Set<unknown>();
  const { anchor, head } = getRelativeSelection(binding, view.state);
  for (const position of [anchor, head]) {
    const at = Y.createAbsolutePositionFromRelativePosition(position, binding.doc)?.type ?? null;
    const block = at instanceof Y.XmlText ? at.parent : at;
    if (block !== null && block !== binding.type) types.add(block);
  }
  // What is selected goes with the first letter.
  if (!$from.sameParent($to)) for (let at = $from.index(0); at <= $to.index(0); at += 1) types.add(binding.type.get(at));
  return types;
}
