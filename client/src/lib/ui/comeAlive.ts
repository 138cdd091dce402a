/** Tells `static/early.js` that the page works now: what was asked of it before is done, and nothing is held back any more. */
export function comeAlive(): void {
  document.documentElement.dataset['alive'] = '';
  document.dispatchEvent(new Event('alive'));
}
