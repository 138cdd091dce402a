/** A seeded source of chance (mulberry32): the same seed gives the same storm on every machine. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer from `low` to `high`, both possible. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<Entry>(list: readonly Entry[]): Entry {
    const entry = list[this.between(0, list.length - 1)];
    if (entry === undefined) throw new Error('nothing to pick from');
    return entry;
  }

  /** One of several things, each as likely as its weight says. */
  weighted<Entry>(table: readonly (readonly [weight: number, entry: Entry])[]): Entry {
    let left = this.next() * table.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, entry] of table) {
      left -= weight;
      if (left < 0) return entry;
    }
    return this.pick(table)[1];
  }
}
