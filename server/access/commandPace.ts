import type { Limits } from '#shared/domain/limits.ts';
import { Buckets } from './buckets.ts';

/** A hall is told to come back no sooner than this: everybody in it hears the same number. */
const leastOfAddressMs = 1_000;

/** Strangers behind one address share what so many people have. */
const strangersShare = 10;

/**
 * How fast commands and questions may come: of one person, and of everybody behind one address, over both wires. A person's own bucket is asked
 * first, so that one who floods uses up nothing of what his neighbours have.
 */
export class CommandPace {
  readonly #messages: Buckets;
  readonly #requests: Buckets;
  readonly #addresses: Buckets;
  readonly #heavy: Buckets;
  readonly #heavyOfStrangers: Buckets;
  readonly #reads: Buckets;
  readonly #readsOfAddress: Buckets;

  constructor(
    limits: Pick<
      Limits,
      | 'commandsPerSecond'
      | 'commandBurst'
      | 'requestsPerSecond'
      | 'requestBurst'
      | 'commandsPerSecondPerAddress'
      | 'commandBurstPerAddress'
      | 'heavyReadsPerMinute'
      | 'readsPerSecond'
      | 'readBurst'
      | 'readsPerSecondPerAddress'
      | 'readBurstPerAddress'
    >,
    now: () => number,
  ) {
    this.#messages = new Buckets(limits.commandsPerSecond, limits.commandBurst, now);
    this.#requests = new Buckets(limits.requestsPerSecond, limits.requestBurst, now);
    this.#addresses = new Buckets(limits.commandsPerSecondPerAddress, limits.commandBurstPerAddress, now);
    this.#reads = new Buckets(limits.readsPerSecond, limits.readBurst, now);
    this.#readsOfAddress = new Buckets(limits.readsPerSecondPerAddress, limits.readBurstPerAddress, now);
    const { heavyReadsPerMinute: heavy } = limits;
    this.#heavy = new Buckets(heavy / 60, heavy, now);
    this.#heavyOfStrangers = new Buckets((strangersShare * heavy) / 60, strangersShare * heavy, now);
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

  /** A question whose answer costs much. Answers like `message`. */
  heavy(address: string, principal: string | null): number {
    return principal === null ? this.#heavyOfStrangers.take(address) : this.#heavy.take(principal);
  }

  /** A question; `cost` is 1 for a small answer, and more by what an answer holds. Answers like `message`. */
  read(address: string, principal: string | null, cost: number): number {
    const own = principal === null ? 0 : this.#reads.take(principal, cost);
    const wait = own > 0 ? own : this.#readsOfAddress.take(address, cost);
    return wait === 0 ? 0 : Math.max(own > 0 ? 0 : leastOfAddressMs, wait);
  }

  #ofAddress(address: string): number {
    const wait = this.#addresses.take(address);
    return wait === 0 ? 0 : Math.max(leastOfAddressMs, wait);
  }
}
