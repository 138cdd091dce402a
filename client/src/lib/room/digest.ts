const DIGEST_MS = 5_000;

/** Gathers what came for the ear: at most one sentence in five seconds, however much comes. */
export class Digest {
  readonly #say: (count: number) => void;
  readonly #later: (ms: number, run: () => void) => () => void;
  #unsaid = 0;
  #waits = false;

  constructor(say: (count: number) => void, later: (ms: number, run: () => void) => () => void) {
    this.#say = say;
    this.#later = later;
  }

  /** So many came. The first is gathered for a moment as well: a burst is one sentence. */
  add(count: number): void {
    this.#unsaid += count;
    if (this.#unsaid === 0 || this.#waits) return;
    this.#waits = true;
    this.#later(DIGEST_MS, () => {
      this.#waits = false;
      this.#say(this.#unsaid);
      this.#unsaid = 0;
    });
  }
}
