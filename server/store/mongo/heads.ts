/**
 * The newest position of logs that was seen lately, so that an append need not ask for it. A log only grows and its positions
 * are dense: if what is remembered is old, the position after it is taken, and the unique key says so.
 */
export class Heads<Head> {
  readonly #heads = new Map<string, Head>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(id: string): Head | undefined {
    return this.#heads.get(id);
  }

  set(id: string, head: Head): void {
    // Deleted first, so that the order of the map is the order of last use and the oldest is the first.
    this.#heads.delete(id);
    this.#heads.set(id, head);
    if (this.#heads.size > this.#capacity) {
      const [oldest] = this.#heads.keys();
      if (oldest !== undefined) this.#heads.delete(oldest);
    }
  }

  forget(id: string): void {
    this.#heads.delete(id);
  }
}
