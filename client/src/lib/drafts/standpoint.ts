import type { Editor } from '@tiptap/core';

/** Where a person and his page stand in a text: what is in sight, and the caret, where it is in the text. */
export interface Standpoint {
  readonly scrollTop: number;
  readonly selection: { readonly from: number; readonly to: number } | null;
}

export const atBeginning: Standpoint = { scrollTop: 0, selection: null };

/** Where one stands in an editor that is about to be left. */
export function standpointOf({ view, state }: Editor, scroller: HTMLElement): Standpoint {
  const { from, to } = state.selection;
  return { scrollTop: scroller.scrollTop, selection: view.hasFocus() ? { from, to } : null };
}

/** Goes there in the editor that takes its place. Whoever wrote can write on; who has turned to something else stays there. */
export function returnTo({ scrollTop, selection }: Standpoint, editor: Editor, scroller: HTMLElement): void {
  scroller.scrollTop = scrollTop;
  const { activeElement } = document;
  if (selection === null || (activeElement !== null && activeElement !== document.body)) return;
  editor.view.focus();
  const end = editor.state.doc.content.size;
  editor.commands.setTextSelection({ from: Math.min(selection.from, end), to: Math.min(selection.to, end) });
}
