export type Typing = 'draft' | 'comment' | null;

const REPEAT_MS = 3_000;
const IDLE_MS = 6_000;

/** Tells the room that this person is typing: at most every three seconds, and that he stopped after six without a key. */
export class TypingSignal {
  readonly #tell: (typing: Typing) => void;
  readonly #later: (ms: number, run: () => void) => () => void;
  #now: Typing = null;
  #mayRepeat = true;
  #callOffIdle: (() => void) | null = null;

  constructor(tell: (typing: Typing) => void, later: (ms: number, run: () => void) => () => void) {
    this.#tell = tell;
    this.#later = later;
  }

  /** A key was pressed there. */
  note(typing: 'draft' | 'comment'): void {
    this.#callOffIdle?.();
    this.#callOffIdle = this.#later(IDLE_MS, () => this.end());
    if (this.#now === typing && !this.#mayRepeat) return;
    this.#now = typing;
    this.#mayRepeat = false;
    this.#later(REPEAT_MS, () => {
      this.#mayRepeat = true;
    });
    this.#tell(typing);
  }

  /** Sent, left, or idle. */
  end(): void {
    this.#callOffIdle?.();
    this.#callOffIdle = null;
    if (this.#now === null) return;
    this.#now = null;
    this.#tell(null);
  }
}
