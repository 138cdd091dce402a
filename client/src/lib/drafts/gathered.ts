/** What comes in within so long is dealt with together. */
const GATHER_MS = 40;
/** Dealing with it takes at most one part in so many of a page's time, ... */
const SHARE = 6;
/** ... but nothing waits longer than this because of that, nor because the person is typing. */
const MOST_MS = 250;
/** While the person's own key is being handled and painted, it is asked again so often. */
const AGAIN_MS = 16;

/**
 * Gathers what comes in and hands it on at most 25 times a second, the first at once; less often on a machine on which dealing with it
 * takes long, and not while `isBusy`, that is, while a key of the person's own is being handled.
 */
export class Gathered<Item> {
  readonly #handOn: (items: readonly Item[]) => void;
  readonly #now: () => number;
  readonly #isBusy: () => boolean;
  #items: Item[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** When it may be handed on again, and when the first that waits came in. */
  #nextAt = Number.NEGATIVE_INFINITY;
  #since = 0;

  constructor(handOn: (items: readonly Item[]) => void, now: () => number, isBusy: () => boolean = () => false) {
    this.#handOn = handOn;
    this.#now = now;
    this.#isBusy = isBusy;
  }

  add(item: Item): void {
    if (this.#items.length === 0) this.#since = this.#now();
    this.#items.push(item);
    if (this.#timer === null) this.#whenDue(Math.min(MOST_MS, this.#nextAt - this.#now()));
  }

  /** Hands on what there is, now. */
  flush(): void {
    this.#clear();
    if (this.#items.length === 0) return;
    const begun = this.#now();
    this.#handOn(this.#items.splice(0));
    const ended = this.#now();
    this.#nextAt = ended + Math.min(MOST_MS, Math.max(GATHER_MS, SHARE * (ended - begun)));
  }

  /** Forgets what there is. */
  stop(): void {
    this.#clear();
    this.#items = [];
  }

  #whenDue(waitMs: number): void {
    this.#timer = null;
    if (waitMs > 0) this.#timer = setTimeout(() => this.#whenDue(0), waitMs);
    else if (this.#isBusy() && this.#now() - this.#since < MOST_MS) this.#timer = setTimeout(() => this.#whenDue(0), AGAIN_MS);
    else this.flush();
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
