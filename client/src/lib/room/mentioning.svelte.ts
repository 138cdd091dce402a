import { completingAt, offered, withMention } from './mentions.ts';
import type { Completing, Mentionable } from './mentions.ts';

/** Completes the names of people while somebody writes. It knows the text field only by what it is told. */
export class Mentioning {
  readonly #people: () => readonly Mentionable[];
  #completing = $state.raw<Completing | null>(null);
  #at = $state(0);
  /** Where the @ stands whose list was closed: it stays closed while that one is written on. */
  #dismissed: number | null = null;

  readonly #list = $derived.by(() => (this.#completing === null ? [] : offered(this.#people(), this.#completing.typed)));

  /** `people` is asked only while a name is being completed. */
  constructor(people: () => readonly Mentionable[]) {
    this.#people = people;
  }

  /** Whom the typed letters may mean; empty where no name is being written. */
  get list(): readonly Mentionable[] {
    return this.#list;
  }
  /** Which of them Enter takes. */
  get at(): number {
    return Math.max(0, Math.min(this.#at, this.#list.length - 1));
  }

  point(index: number): void {
    this.#at = index;
  }

  /** The text or the caret changed. */
  look(text: string, caret: number): void {
    const next = completingAt(text, caret);
    if (next?.at !== this.#dismissed) this.#dismissed = null;
    if (next !== null && next.at === this.#dismissed) return;
    if (next?.at !== this.#completing?.at || next?.typed !== this.#completing?.typed) this.#at = 0;
    this.#completing = next;
  }

  close(): void {
    this.#completing = null;
  }

  /** The text with this person in it and where the caret goes; null where no name is being written. */
  take(text: string, person: Mentionable): { readonly text: string; readonly caret: number } | null {
    const completing = this.#completing;
    this.#completing = null;
    return completing === null ? null : withMention(text, completing, person.name);
  }

  /** What a key means while the list is there: a person to take, something that was done, or nothing. */
  key(name: string): Mentionable | 'done' | null {
    const { length } = this.#list;
    if (length === 0) return null;
    switch (name) {
      case 'ArrowDown':
      case 'ArrowUp':
        this.#at = (this.at + (name === 'ArrowDown' ? 1 : length - 1)) % length;
        return 'done';
      case 'Enter':
      case 'Tab':
        return this.#list[this.at] ?? null;
      case 'Escape':
        this.#dismissed = this.#completing?.at ?? null;
        this.close();
        return 'done';
      default:
        return null;
    }
  }
}
