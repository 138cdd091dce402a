/** After so long without a key one is not typing any more. */
const TYPING_MS = 3_000;

/**
 * Turns keys into "is typing", told with every key, since who is told forgets after a while, and "is not typing any more", told once.
 */
export class TypingSignal {
  readonly #tell: (active: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(tell: (active: boolean) => void) {
    this.#tell = tell;
  }

  typed(): void {
    this.#tell(true);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), TYPING_MS);
  }

  stop(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#tell(false);
  }
}
