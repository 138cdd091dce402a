/** Runs something once things are quiet, and at the latest after a while even if they are not. */
export interface Settled {
  /** Something happened. */
  stir(): void;
  /** Runs it now, if anything happened since the last time. */
  flush(): void;
  stop(): void;
}

/** `quietMs` without anything happening, or `mostMs` since the first thing that happened, and `run` is called. */
export function settled(run: () => void, quietMs: number, mostMs: number, now: () => number = Date.now): Settled {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let since = 0;
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const done = (): void => {
    stop();
    run();
  };
  return {
    stir: () => {
      if (timer === null) since = now();
      else clearTimeout(timer);
      timer = setTimeout(done, Math.max(0, Math.min(quietMs, since + mostMs - now())));
    },
    flush: () => {
      if (timer !== null) done();
    },
    stop,
  };
}
