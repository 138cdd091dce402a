/** So long after the last scrolling nothing is put in above: it would tear at a list that is still moving. */
const STILL_MS = 250;

/**
 * Lets a list grow upwards while nothing else is to be done, without a line moving on the screen. `grow` puts in a little more
 * and says whether there was more. Asks again whenever the browser is idle; gives its own undo.
 */
export function growing(pane: HTMLElement, grow: () => boolean): () => void {
  let scrolledAt = 0;
  let stopped = false;
  let timer = 0;
  let isOwnScroll = false;
  const onscroll = () => {
    if (!isOwnScroll) scrolledAt = performance.now();
  };
  pane.addEventListener('scroll', onscroll, { passive: true });
  const later = (ms: number) => {
    timer = window.setTimeout(
      () => (typeof requestIdleCallback === 'function' ? requestIdleCallback(turn, { timeout: 1_000 }) : turn()),
      ms,
    );
  };
  const turn = () => {
    if (stopped) return;
    if (performance.now() - scrolledAt < STILL_MS || pane.clientHeight === 0 || document.visibilityState !== 'visible') {
      later(STILL_MS);
      return;
    }
    const below = pane.scrollHeight - pane.scrollTop;
    const more = grow();
    if (!more) {
      later(1_000);
      return;
    }
    isOwnScroll = true;
    requestAnimationFrame(() => {
      const moved = pane.scrollHeight - pane.scrollTop - below;
      if (Math.abs(moved) > 1) pane.scrollTop += moved;
      // The scrolling that this was, or that the browser did for it, is told with the next frame.
      requestAnimationFrame(() => {
        isOwnScroll = false;
        later(0);
      });
    });
  };
  later(0);
  return () => {
    stopped = true;
    window.clearTimeout(timer);
    pane.removeEventListener('scroll', onscroll);
  };
}
