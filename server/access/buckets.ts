/**
 * Token buckets, one per key. `take` gives 0 when the act may go on, else how many milliseconds until it may. Keys that have
 * been full for a while are forgotten, so that the table does not grow with strangers.
 */
export class Buckets {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #levels = new Map<string, { level: number; at: number }>();

  constructor(perSecond: number, burst: number, now: () => number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#now = now;
  }

  /** `cost`: how many tokens it takes; no more than fit in a bucket. */
  take(key: string, cost = 1): number {
    const now = this.#now();
    const held = this.#levels.get(key);
    const level = Math.min(this.#burst, held === undefined ? this.#burst : held.level + Math.max(0, now - held.at) * this.#perMs);
    const wanted = Math.min(cost, this.#burst);
    if (level < wanted) {
      this.#levels.set(key, { level, at: now });
      return Math.ceil((wanted - level) / this.#perMs);
    }
    this.#levels.set(key, { level: level - wanted, at: now });
    if (this.#levels.size > 10_000) this.#forget(now);
    return 0;
  }

  /** Takes one `take` back. */
  giveBack(key: string): void {
    const held = this.#levels.get(key);
    if (held !== undefined) this.#levels.set(key, { ...held, level: Math.min(this.#burst, held.level + 1) });
  }

  #forget(now: number): void {
    for (const [key, { level, at }] of this.#levels) {
      if (level + (now - at) * this.#perMs >= this.#burst) this.#levels.delete(key);
    }
  }
}
