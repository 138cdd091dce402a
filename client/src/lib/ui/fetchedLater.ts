/** How long to wait before a part that could not be fetched is tried again, in milliseconds; afterwards the caller asks again. */
const pausesMs = [500, 1_500, 4_000, 8_000, 15_000, 30_000] as const;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    }
    // The network came back: no need to sit the pause out.
    addEventListener('online', end);
  });

/**
 * Fetches a part of the page that comes later. A file that got lost on the way is asked for again: browsers do so at the next `import()`,
 * and a stylesheet that failed is asked for under another address, since the bundler asks for each only once.
 * @param part a function that imports it, called once for each attempt
 * @param wait for tests
 * @returns what it imports; rejects where the last attempt failed as well
 */
export async function fetchedLater<Part>(part: () => Promise<Part>, wait: (ms: number) => Promise<void> = pause): Promise<Part> {
  for (const ms of pausesMs) {
    try {
      return await part();
    } catch (error) {
      await wait(ms);
      askForStyleAgain(error);
    }
  }
  return part();
}

/** Vite says which stylesheet it could not fetch. */
function askForStyleAgain(error: unknown): void {
  const address = /Unable to preload CSS for (\S+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (address === undefined || typeof document === 'undefined') return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = `${address}?again`;
  document.head.append(link);
}
