import type { Awareness } from 'y-protocols/awareness';

/** At most so often is one's own presence sent. */
const PAUSE_MS = 100;
/** The same state is sent again only after this long, to say that one is still here. */
const RENEW_MS = 10_000;

interface Change {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

/**
 * Sends this client's presence, and nobody else's, when it changed: not more than ten times a second, the last state always, and not
 * again for a state that was just sent (a bound editor publishes its unmoved caret anew with every edit of others).
 */
export class PresenceSender {
  readonly #awareness: Awareness;
  readonly #now: () => number;
  readonly #send: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;
  #sent = '';

  constructor(awareness: Awareness, now: () => number, send: () => void) {
    this.#awareness = awareness;
    this.#now = now;
    this.#send = send;
    awareness.on('update', this.#onUpdate);
  }

  /** Sends whatever the state is: the connection is a new one, or may write only now. */
  sendNow(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#awareness.getLocalState() === null) return;
    this.#sentAt = this.#now();
    this.#sent = this.#state();
    this.#send();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#awareness.off('update', this.#onUpdate);
  }

  readonly #onUpdate = ({ added, updated, removed }: Change): void => {
    const own = this.#awareness.clientID;
    if (this.#timer !== null || ![added, updated, removed].some((clients) => clients.includes(own))) return;
    const sinceMs = this.#now() - this.#sentAt;
    if (this.#state() === this.#sent && sinceMs < RENEW_MS) return;
    if (sinceMs >= PAUSE_MS) this.#sendIfChanged();
    else this.#timer = setTimeout(() => this.#sendIfChanged(), PAUSE_MS - sinceMs);
  };

  #sendIfChanged(): void {
    this.#timer = null;
    if (this.#state() !== this.#sent || this.#now() - this.#sentAt >= RENEW_MS) this.sendNow();
  }

  #state(): string {
    return JSON.stringify(this.#awareness.getLocalState());
  }
}
