import { Worker } from 'node:worker_threads';

export interface JoinQuestion {
  readonly id: number;
  readonly state: Uint8Array;
  readonly update: Uint8Array;
  readonly bound: number;
}

/** Steps past other items that a join takes, before and after an update; Infinity beyond the bound. */
export interface JoinCost {
  readonly before: number;
  readonly after: number;
  /** Items that may have to step past whatever is put between their neighbours later. */
  readonly walkers: number;
}

export interface JoinAnswer extends JoinCost {
  readonly id: number;
}

/** Counts what joins cost, in a thread of its own. */
export interface JoinCounter {
  /** What it takes to join a draft in `state`, and with `update` on top. Rejects where the thread ends or does not answer. */
  count(state: Uint8Array, update: Uint8Array, bound: number): Promise<JoinCost>;
  end(): Promise<void>;
}

/** No count takes longer by far: it is bounded in steps, and the draft in bytes. */
const watchdogMs = 60_000;
/** Without a question for so long the thread is ended. */
const idleMs = 60_000;

interface Waiting {
  readonly resolve: (cost: JoinCost) => void;
  readonly reject: (reason: unknown) => void;
  readonly watchdog: NodeJS.Timeout;
}

/** A counter whose thread begins with the first question. */
export function createJoinCounter(): JoinCounter {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let last = 0;
  let idle: NodeJS.Timeout | null = null;

  function begin(): Worker {
    const begun = new Worker(new URL('./joinWorker.ts', import.meta.url), { execArgv: [] });
    begun.unref();
    begun.on('message', ({ id, ...cost }: JoinAnswer) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      clearTimeout(asked?.watchdog);
      asked?.resolve(cost);
      if (waiting.size === 0) idle = setTimeout(() => void stop(new Error('idle')), idleMs).unref();
    });
    begun.on('error', (error) => void stop(error));
    worker = begun;
    return begun;
  }

  async function stop(reason: unknown): Promise<void> {
    const stopped = worker;
    worker = null;
    for (const { reject, watchdog } of waiting.values()) {
      clearTimeout(watchdog);
      reject(reason);
    }
    waiting.clear();
    await stopped?.terminate();
  }

  return {
    count(state, update, bound) {
      if (idle !== null) clearTimeout(idle);
      idle = null;
      const id = (last += 1);
      return new Promise((resolve, reject) => {
        const watchdog = setTimeout(() => void stop(new Error('A join could not be counted in time.')), watchdogMs).unref();
        waiting.set(id, { resolve, reject, watchdog });
        const question: JoinQuestion = { id, state, update, bound };
        (worker ?? begin()).postMessage(question);
      });
    },
    async end() {
      if (idle !== null) clearTimeout(idle);
      await stop(new Error('The server ends.'));
    },
  };
}
