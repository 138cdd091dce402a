import { createContext } from 'svelte';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly offer?: Offer;
}

/** Something the person can still do about what was just done. */
export interface Offer {
  /** The word on the button. */
  readonly action: string;
  readonly run: () => void;
  /** How long, in ms. It does not run while the pointer or the focus rests on it. */
  readonly forMs: number;
  /** The seconds that are left, in words. */
  readonly left: (seconds: number) => string;
}

const shownMs = 6_000;
const longestRestMs = 60_000;
const most = 3;

/** Short confirmations of what the person just did himself; never news about others. */
export class Toasts {
  #list = $state.raw<readonly Toast[]>([]);
  #nextId = 1;

  get list(): readonly Toast[] {
    return this.#list;
  }

  /** Shows a sentence for six seconds and says it to screen readers. */
  say(text: string): void {
    const toast = { id: this.#nextId, text };
    this.#nextId += 1;
    this.#list = [...this.#list.slice(1 - most), toast];
    setTimeout(() => this.dismiss(toast.id), shownMs);
  }

  /** Shows a sentence with one button for as long as the offer stands. */
  offer(text: string, offer: Offer): void {
    const toast = { id: this.#nextId, text, offer };
    this.#nextId += 1;
    this.#list = [...this.#list.slice(1 - most), toast];
    // The clock beside it stands still while a pointer rests there; nothing offers for ever.
    setTimeout(() => this.dismiss(toast.id), offer.forMs + longestRestMs);
  }

  /** Takes back every offer, since the page it belongs to is left. What was said stays. */
  endOffers(): void {
    this.#list = this.#list.filter(({ offer }) => offer === undefined);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }
}

const [useToasts, setToasts] = createContext<Toasts>();
export { useToasts };

export function provideToasts(): Toasts {
  return setToasts(new Toasts());
}
