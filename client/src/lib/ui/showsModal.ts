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
  return () => {
    dialog.close();
    open -= 1;
    if (open === 0) letScroll();
    const at = document.activeElement;
    const isFree = at === null || at === document.body || dialog.contains(at);
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
