import { createContext } from 'svelte';

/** What screen readers are told without a change of focus. Gather news before calling: each call interrupts nothing but is read. */
export class Announcer {
  #polite = $state('');

  get polite(): string {
    return this.#polite;
  }

  /** Reads a sentence when the reader has finished what it is saying. The same sentence twice is read twice. */
  say(text: string): void {
    // A region that gets the text it already has stays silent, hence the invisible difference.
    this.#polite = this.#polite === text ? `${text}\u00a0` : text;
  }
}

const [useAnnouncer, setAnnouncer] = createContext<Announcer>();
export { useAnnouncer };

export function provideAnnouncer(): Announcer {
  return setAnnouncer(new Announcer());
}
