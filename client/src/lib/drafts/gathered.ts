/** What comes in within so long is dealt with together. */
const GATHER_MS = 40;

/**
 * Gathers what comes in and hands it on at most 25 times a second, the first at once. Each time the whole text is compared and drawn
 * anew, however small the change, so twenty people who type at once would otherwise keep a phone busy with nothing else.
 */
export class Gathered<Item> {
  readonly #handOn: (items: readonly Item[]) => void;
  readonly #now: () => number;
  #items: Item[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(handOn: (items: readonly Item[]) => void, now: () => number) {
    this.#handOn = handOn;
    this.#now = now;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#timer !== null) return;
    const waitMs = Math.min(GATHER_MS, this.#lastAt + GATHER_MS - this.#now());
    if (waitMs <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), waitMs);
  }

  /** Hands on what there is, now. */
  flush(): void {
    this.#clear();
    if (this.#items.length === 0) return;
    this.#lastAt = this.#now();
    this.#handOn(this.#items.splice(0));
  }

  /** Forgets what there is. */
  stop(): void {
    this.#clear();
    this.#items = [];
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
