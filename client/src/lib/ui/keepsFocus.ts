const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]):not([type="hidden"]), textarea:not([disabled]), select:not([disabled]), [contenteditable="true"], [tabindex]:not([tabindex="-1"])';
const FIRST = '[autofocus], input:not([type=hidden], [type=radio]:not(:checked)), textarea, select';

/** Dialogs that are open, the one in front last: only that one keeps the focus. */
const open: HTMLElement[] = [];

/**
 * Makes an element keep the focus while it is there: the focus goes in to its first field, else to itself, stays in, and goes
 * back to where it was. The page behind does not scroll meanwhile.
 */
export function keepsFocus(panel: HTMLElement): () => void {
  const before = document.activeElement;
  open.push(panel);
  const letScroll = open.length === 1 ? holdScroll() : () => undefined;
  // Behind whatever still moves the panel to its place in the page: an element that is moved loses the focus.
  queueMicrotask(() => {
    if (open.at(-1) === panel && !panel.contains(document.activeElement)) (panel.querySelector<HTMLElement>(FIRST) ?? panel).focus();
  });

  const onKey = (event: KeyboardEvent) => {
    if (open.at(-1) !== panel) return;
    // What had the focus may have gone from the panel: then the key is brought to it.
    if (event.key === 'Escape' && event.target instanceof Node && !panel.contains(event.target)) {
      event.stopPropagation();
      panel.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true, bubbles: true }));
    }
    if (event.key !== 'Tab') return;
    const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.checkVisibility());
    const [first, last] = [stops[0], stops.at(-1)];
    const at = document.activeElement;
    const leaves = event.shiftKey ? at === first || at === panel : at === last;
    if (!leaves && panel.contains(at)) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  };
  const onFocus = (event: FocusEvent) => {
    if (open.at(-1) === panel && event.target instanceof Node && !panel.contains(event.target)) panel.focus();
  };
  document.addEventListener('keydown', onKey, true);
  document.addEventListener('focusin', onFocus);
  return () => {
    document.removeEventListener('keydown', onKey, true);
    document.removeEventListener('focusin', onFocus);
    open.splice(open.indexOf(panel), 1);
    letScroll();
    const at = document.activeElement;
    const isFree = at === null || at === document.body || panel.contains(at);
    if (isFree && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}

/** Stops the page from scrolling without moving it: where a scroll bar was, its place is kept. */
function holdScroll(): () => void {
  const { style, scrollHeight, clientHeight } = document.documentElement;
  const before = { overflow: style.overflow, scrollbarGutter: style.scrollbarGutter };
  if (scrollHeight > clientHeight) style.scrollbarGutter = 'stable';
  style.overflow = 'hidden';
  return () => Object.assign(style, before);
}
