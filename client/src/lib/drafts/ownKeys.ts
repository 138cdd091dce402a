/** So long after a key its letter is being drawn, on a slow machine too. */
const HANDLED_MS = 60;

let pressedAt = Number.NEGATIVE_INFINITY;

if (typeof document !== 'undefined')
  document.addEventListener('keydown', () => (pressedAt = performance.now()), { capture: true, passive: true });

/** Whether a key of this person's is being handled and drawn, anywhere on the page, or waits to be. */
export function isHandlingKey(): boolean {
  const { scheduling } = navigator as { scheduling?: { isInputPending?(): boolean } };
  return performance.now() - pressedAt < HANDLED_MS || scheduling?.isInputPending?.() === true;
}
