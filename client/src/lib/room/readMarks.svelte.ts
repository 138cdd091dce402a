import { isMarked, mark, marksFromText, marksThrough, marksToText, union } from './marks.ts';
import type { Marks } from './marks.ts';
import type { Shelf } from './outbox.ts';

/** What one person has read of a room on this device. */
export class ReadMarks {
  readonly #shelf: Shelf;
  readonly #key: () => string;
  #seen = $state.raw<Marks>(marksThrough(0));

  /** `key` gives the place in storage; it is asked when something is kept, since who one is may become known later. */
  constructor(shelf: Shelf, key: () => string) {
    this.#shelf = shelf;
    this.#key = key;
  }

  get seen(): Marks {
    return this.#seen;
  }

  has(number: number): boolean {
    return isMarked(this.#seen, number);
  }

  /** Takes up what was kept; on the first visit `first` counts as read. */
  begin(first: Marks): void {
    this.#seen = marksFromText(this.#shelf.getItem(this.#key())) ?? first;
    this.#keep();
  }

  add(numbers: Iterable<number>): void {
    const seen = mark(this.#seen, numbers);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#keep();
  }

  /** Another tab may have kept more since: what is kept is what was read in either, and this tab takes that up too. */
  #keep(): void {
    try {
      const kept = marksFromText(this.#shelf.getItem(this.#key()));
      if (kept !== null) this.#seen = union(this.#seen, kept);
      this.#shelf.setItem(this.#key(), marksToText(this.#seen));
    } catch {
      // Kept for as long as the page lives.
    }
  }
}
