import type { EditorView } from '@tiptap/pm/view';

/** Room for half a button at the sides, and for a whole one below, in pixels. */
const ASIDE = 60;
const BELOW = 52;

/**
 * Where words are selected: the place below their end, in pixels within `frame`, and where the frame ends. Null where none are, or
 * where the end is scrolled out of sight.
 */
export function endOfSelection(view: EditorView, frame: HTMLElement): { x: number; y: number } | null {
  const { selection } = view.state;
  if (selection.empty || !view.dom.contains(document.getSelection()?.anchorNode ?? null)) return null;
  const end = view.coordsAtPos(selection.to, -1);
  const around = frame.getBoundingClientRect();
  if (end.bottom < around.top || end.top > around.bottom) return null;
  return {
    x: Math.min(Math.max(end.left - around.left, ASIDE), around.width - ASIDE),
    y: Math.min(end.bottom - around.top, around.height - BELOW),
  };
}
