import type { Limits } from '#shared/domain/limits.ts';
import { Buckets } from './buckets.ts';

/** A hall is told to come back no sooner than this: everybody in it hears the same number. */
const leastOfAddressMs = 1_000;

/**
 * How fast commands may come: of one person, and of everybody behind one address, over both wires. A person's own bucket is asked
 * first, so that one who floods uses up nothing of what his neighbours have.
 */
export class CommandPace {
  readonly #messages: Buckets;
  readonly #requests: Buckets;
  readonly #addresses: Buckets;

  constructor(
    limits: Pick<
      Limits,
      'commandsPerSecond' | 'commandBurst' | 'requestsPerSecond' | 'requestBurst' | 'commandsPerSecondPerAddress' | 'commandBurstPerAddress'
    >,
    now: () => number,
  ) {
    this.#messages = new Buckets(limits.commandsPerSecond, limits.commandBurst, now);
    this.#requests = new Buckets(limits.requestsPerSecond, limits.requestBurst, now);
    this.#addresses = new Buckets(limits.commandsPerSecondPerAddress, limits.commandBurstPerAddress, now);
  }

  /** A command over a socket: 0 if it may be done now, else in how many milliseconds it may be sent again. */
  message(address: string, principal: string): number {
    const own = this.#messages.take(principal);
    return own > 0 ? own : this.#ofAddress(address);
  }

  /** A request that changes something; `principal` is null for a stranger. Answers like `message`. */
  request(address: string, principal: string | null): number {
    const own = principal === null ? 0 : this.#requests.take(principal);
    return own > 0 ? own : this.#ofAddress(address);
  }

  #ofAddress(address: string): number {
    const wait = this.#addresses.take(address);
    return wait === 0 ? 0 : Math.max(leastOfAddressMs, wait);
  }
}
