/** Runs `work` when the page has nothing more urgent to do. Gives back its own undo. */
export function whenIdle(work: () => void): () => void {
  // Safari has no requestIdleCallback, whatever the types say.
  const request = globalThis.requestIdleCallback as typeof requestIdleCallback | undefined;
  if (request) {
    const id = request(work, { timeout: 3_000 });
    return () => cancelIdleCallback(id);
  }
  const id = setTimeout(work, 1_000);
  return () => clearTimeout(id);
}
