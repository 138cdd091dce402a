/** Room between a button and what it opens, and between that and the edge of the window, in px. */
const GAP = 6;
const EDGE = 8;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly left: number;
  readonly top: number;
  /** How high it may be there. */
  readonly most: number;
}

/**
 * Where something of a size goes that a button opens: below it, or above where there is more room and below there is not
 * enough; never over the edge of the window. All in px of the window.
 */
export function placeBeside(button: Box, size: Size, window: Size, align: 'start' | 'center' | 'end'): Placed {
  const below = window.height - button.bottom - GAP - EDGE;
  const above = button.top - GAP - EDGE;
  const isAbove = size.height > below && above > below;
  const most = Math.max(isAbove ? above : below, 0);
  const height = Math.min(size.height, most);
  const middle = (button.left + button.right - size.width) / 2;
  const wished = align === 'start' ? button.left : align === 'end' ? button.right - size.width : middle;
  const left = Math.max(EDGE, Math.min(wished, window.width - EDGE - size.width));
  return { left, top: isAbove ? button.top - GAP - height : button.bottom + GAP, most };
}

/** Puts a fixed element beside the button that opened it. */
export function placeAt(element: HTMLElement, button: HTMLElement, align: 'start' | 'center' | 'end'): void {
  element.style.maxHeight = '';
  const size = { width: element.offsetWidth, height: element.offsetHeight };
  const root = document.documentElement;
  const placed = placeBeside(button.getBoundingClientRect(), size, { width: root.clientWidth, height: root.clientHeight }, align);
  element.style.left = `${Math.round(placed.left)}px`;
  element.style.top = `${Math.round(placed.top)}px`;
  if (size.height > placed.most) element.style.maxHeight = `${Math.round(placed.most)}px`;
}
