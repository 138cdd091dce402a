import { DraftConnection } from '../drafts/draftConnection.svelte.ts';
import type { DraftAddress } from '../drafts/draftConnection.svelte.ts';

/** What is asked of the connection of a draft here. */
export type Line = Pick<DraftConnection, 'draftId' | 'pending' | 'save' | 'endedBy' | 'destroy' | 'start'>;

/**
 * The connections of a room's drafts: of the one that is shown, and of those that were left before everything in them was saved.
 * These stay until it is, or until nothing more is tried.
 */
export class DraftConnections<Made extends Line = DraftConnection> {
  readonly #make: (address: DraftAddress) => Made;
  #shown = $state.raw<Made | null>(null);
  #left = $state.raw<readonly Made[]>([]);

  constructor(make: (address: DraftAddress) => Made) {
    this.#make = make;
  }

  get shown(): Made | null {
    return this.#shown;
  }

  /** Whether changes of a draft that is not shown are on this device only. */
  isUnsaved(draftId: string): boolean {
    return this.#left.some((line) => line.draftId === draftId && line.pending > 0);
  }

  /** Connects to a draft, in place of the one that is shown. */
  show(address: DraftAddress): void {
    const before = this.#shown;
    if (before?.draftId === address.draftId) return;
    const kept = this.#left.find(({ draftId }) => draftId === address.draftId);
    const others = this.#left.filter((line) => line !== kept);
    this.#left = before === null ? others : [...others, before];
    const shown = kept ?? this.#make(address);
    this.#shown = shown;
    if (kept === undefined) void shown.start();
    this.tidy();
  }

  /** Ends what was left and has nothing to save any more. Run it in an effect: it hangs on how much each has to save. */
  tidy(): void {
    const over = this.#left.filter((line) => line.pending === 0 || line.endedBy !== null);
    if (over.length === 0) return;
    for (const line of over) line.destroy();
    this.#left = this.#left.filter((line) => !over.includes(line));
  }

  destroy(): void {
    this.#shown?.destroy();
    for (const line of this.#left) line.destroy();
    this.#shown = null;
    this.#left = [];
  }
}

export function draftConnections(): DraftConnections {
  return new DraftConnections((address) => new DraftConnection(address));
}
