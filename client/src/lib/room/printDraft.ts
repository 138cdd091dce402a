/** Prints the draft that is shown, without the discussion beside it. */
export function printDraft(): void {
  const root = document.documentElement;
  root.dataset.print = 'draft';
  window.addEventListener('afterprint', () => delete root.dataset.print, { once: true });
  // Behind the menu that asked for it, which is closing.
  requestAnimationFrame(() => setTimeout(() => window.print()));
}
