import type { EditorView } from '@tiptap/pm/view';

/** Pixels between the caret and what lies over the text. */
const GAP = 12;

/**
 * Keeps the caret above the keyboard of a phone, which opens after the caret was set and covers the lower half of the text: the browser
 * shows the caret only with the first letter. Where the keyboard lies over the page, the text can be scrolled up from under it.
 * Gives its own undo.
 */
export function keepCaretInSight(view: EditorView, scroller: HTMLElement): () => void {
  const { visualViewport: seen } = window;
  if (seen === null) return () => undefined;
  let height = seen.height;
  let frame = 0;
  const look = (): void => {
    frame = 0;
    const isSmaller = seen.height < height;
    height = seen.height;
    const floor = seen.offsetTop + seen.height;
    const { bottom } = scroller.getBoundingClientRect();
    scroller.style.paddingBlockEnd = bottom > floor + 1 ? `${bottom - floor}px` : '';
    if (!isSmaller || view.isDestroyed || !view.hasFocus()) return;
    const caret = view.coordsAtPos(view.state.selection.head);
    const hidden = caret.bottom + GAP - Math.min(floor, bottom);
    if (hidden > 0) scroller.scrollTop += hidden;
  };
  const onResize = (): void => {
    frame ||= requestAnimationFrame(look);
  };
  seen.addEventListener('resize', onResize);
  return () => {
    cancelAnimationFrame(frame);
    seen.removeEventListener('resize', onResize);
    scroller.style.paddingBlockEnd = '';
  };
}
