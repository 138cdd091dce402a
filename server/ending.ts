import type { Logger } from 'pino';

/** How long what was decided may take to be stored once the process is no longer to be trusted. */
const FLUSH_MS = 5_000;

/** What has to be ended: given once there is something. */
export interface Endable {
  /** Lets nobody and nothing new in. */
  readonly stopAccepting: () => void;
  /** Stores what is under way, says goodbye, closes the store. */
  readonly close: () => Promise<void>;
}

export interface Ending {
  /** From now on there is something to end. */
  begins(running: Endable): void;
  /** Somebody asked for the end: everything is finished, however long it takes. False where it has begun before. */
  asked(): boolean;
  /**
   * An error that nobody caught: whatever it left half done may be wrong, so nothing new is let in; what was decided before is
   * stored, for at most five seconds, and the process ends with 1.
   */
  broken(error: unknown, what: string): void;
}

/** How a process ends: once, whatever comes together. `exit` is given its code, 0 or 1. */
export function createEnding(log: Pick<Logger, 'fatal'>, exit: (code: number) => void): Ending {
  let running: Endable | null = null;
  let ending = false;
  let code = 0;

  function end(): boolean {
    if (ending) return false;
    ending = true;
    if (running === null) {
      exit(code);
      return true;
    }
    running.close().then(
      () => exit(code),
      (error: unknown) => {
        log.fatal({ err: error }, 'not everything could be finished');
        exit(1);
      },
    );
    return true;
  }

  return {
    begins: (endable) => {
      running = endable;
    },
    asked: end,
    broken: (error, what) => {
      log.fatal({ err: error }, what);
      if (code === 0) setTimeout(() => exit(1), FLUSH_MS);
      code = 1;
      try {
        running?.stopAccepting();
      } catch (reason) {
        log.fatal({ err: reason }, 'the doors could not be closed');
      }
      end();
    },
  };
}
