const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]):not([type="hidden"]), textarea:not([disabled]), select:not([disabled]), [contenteditable="true"], [tabindex]:not([tabindex="-1"])';
const FIRST = '[autofocus], input:not([type=hidden], [type=radio]:not(:checked)), textarea, select';

/** How many dialogs are open: the page behind scrolls again once there is none. */
let open = 0;
let letScroll: () => void = () => undefined;

/**
 * Opens a dialog over the page for as long as it is there. Everything behind is inert, so the focus stays inside; it goes in to the
 * first field, else to the dialog itself, and back to where it was.
 * @returns what closes it
 */
export function showsModal(dialog: HTMLDialogElement): () => void {
  const before = document.activeElement;
  if (open === 0) letScroll = holdScroll();
  open += 1;
  dialog.showModal();
  (dialog.querySelector<HTMLElement>(FIRST) ?? dialog).focus();
  dialog.addEventListener('keydown', goRound);
  return () => {
    dialog.close();
    open -= 1;
    if (open === 0) letScroll();
    const at = document.activeElement;
    const isFree = at === null || at === document.body || dialog.contains(at);
    if (isFree && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}

/** From the last place the Tab key goes to the first, and back: the browser's own bar is no part of the dialog. */
function goRound(event: KeyboardEvent): void {
  const dialog = event.currentTarget;
  if (event.key !== 'Tab' || !(dialog instanceof HTMLElement)) return;
  const stops = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.checkVisibility());
  const [first, last] = [stops[0], stops.at(-1)];
  const at = document.activeElement;
  const leaves = event.shiftKey ? at === first || at === dialog : at === last;
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

/** Stops the page from scrolling without moving it: where a scroll bar was, its place is kept. */
function holdScroll(): () => void {
  const { style, scrollHeight, clientHeight } = document.documentElement;
  const before = { overflow: style.overflow, scrollbarGutter: style.scrollbarGutter };
  if (scrollHeight > clientHeight) style.scrollbarGutter = 'stable';
  style.overflow = 'hidden';
  return () => Object.assign(style, before);
}
