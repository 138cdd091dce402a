import type { EditorView } from '@tiptap/pm/view';

/** Room for half a button at the edges of the sheet, in pixels. */
const EDGE = 56;

/** Where words are selected: the place below their end, in pixels within `sheet`. Null where none are. */
export function endOfSelection(view: EditorView, sheet: HTMLElement): { x: number; y: number } | null {
  const { selection } = view.state;
  if (selection.empty || !view.dom.contains(document.getSelection()?.anchorNode ?? null)) return null;
  const end = view.coordsAtPos(selection.to, -1);
  const around = sheet.getBoundingClientRect();
  return { x: Math.min(Math.max(end.left - around.left, EDGE), around.width - EDGE), y: end.bottom - around.top };
}
