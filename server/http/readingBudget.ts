import type { Limits } from '#shared/domain/limits.ts';

/** Requests that may wait for their turn, in all and of one address. */
const mostWaiting = 512;
const mostWaitingOfAddress = 256;
/** So long a request waits for its turn before it is told to come again. */
const waitMs = 10_000;
/** When who found everything taken may ask again, at least; a random part is added, so that a hall does not come back at once. */
const comeAgainMs = 1_000;

/** What an answer holds in memory while it is made and sent. */
export interface Lease {
  /** It holds so many bytes from now on. */
  resize(bytes: number): void;
  /** It is over. May be called twice. */
  release(): void;
}

export type Leased = { readonly lease: Lease } | { readonly retryAfterMs: number };

interface Waiting {
  readonly address: string;
  readonly bytes: number;
  readonly answer: (leased: Leased) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * How many bytes all answers under way may hold in memory together, and those to one address half of it. Who comes when that is taken
 * waits in a queue with a bound, first come first served, except that an address that has its share lets the others pass.
 */
export class ReadingBudget {
  readonly #most: number;
  readonly #mostOfAddress: number;
  readonly #random: () => number;
  readonly #held = new Map<string, number>();
  #heldInAll = 0;
  #waiting: Waiting[] = [];

  constructor(limits: Pick<Limits, 'answerBytesHeld'>, random: () => number = Math.random) {
    this.#most = limits.answerBytesHeld;
    this.#mostOfAddress = limits.answerBytesHeld / 2;
    this.#random = random;
  }

  /** Bytes that answers hold now, and requests that wait. */
  get levels(): { readonly held: number; readonly waiting: number } {
    return { held: this.#heldInAll, waiting: this.#waiting.length };
  }

  /** Asks for so many bytes for an answer to an address. What is larger than the whole budget gets it alone. */
  take(address: string, bytes: number): Promise<Leased> {
    if (this.#waiting.length === 0 && this.#hasPlace(address, bytes)) return Promise.resolve({ lease: this.#lease(address, bytes) });
    const ofAddress = this.#waiting.filter((other) => other.address === address).length;
    if (this.#waiting.length >= mostWaiting || ofAddress >= mostWaitingOfAddress) return Promise.resolve(this.#comeAgain());
    const { promise, resolve } = Promise.withResolvers<Leased>();
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      resolve(this.#comeAgain());
    }, waitMs);
    timer.unref();
    const waiting: Waiting = { address, bytes, answer: resolve, timer };
    this.#waiting.push(waiting);
    this.#admit();
    return promise;
  }

  #comeAgain(): Leased {
    return { retryAfterMs: Math.round(comeAgainMs * (1 + 2 * this.#random())) };
  }

  #hasShare(address: string, bytes: number): boolean {
    const held = this.#held.get(address) ?? 0;
    return held === 0 || held + bytes <= this.#mostOfAddress;
  }

  #hasPlace(address: string, bytes: number): boolean {
    return this.#hasShare(address, bytes) && (this.#heldInAll === 0 || this.#heldInAll + bytes <= this.#most);
  }

  #admit(): void {
    for (let index = 0; index < this.#waiting.length;) {
      const next = this.#waiting[index] as Waiting;
      if (!this.#hasShare(next.address, next.bytes)) {
        index += 1;
        continue;
      }
      // Smaller ones behind it do not pass, or it would never have its turn.
      if (!this.#hasPlace(next.address, next.bytes)) return;
      this.#waiting.splice(index, 1);
      clearTimeout(next.timer);
      next.answer({ lease: this.#lease(next.address, next.bytes) });
    }
  }

  #lease(address: string, bytes: number): Lease {
    let held = 0;
    let over = false;
    const resize = (to: number): void => {
      if (over) return;
      const ofAddress = (this.#held.get(address) ?? 0) + to - held;
      if (ofAddress > 0) this.#held.set(address, ofAddress);
      else this.#held.delete(address);
      this.#heldInAll += to - held;
      const shrunk = to < held;
      held = to;
      if (shrunk) this.#admit();
    };
    resize(bytes);
    return {
      resize,
      release: () => {
        resize(0);
        over = true;
      },
    };
  }
}
