import { firstBreak } from '#shared/domain/commit.ts';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { Head } from '#shared/protocol/messages.ts';
import type { Shelf } from './outbox.ts';

/** A page of a room's log and where the log ends, or null where it cannot be had now. */
export type ReadLog = (after: number, limit: number) => Promise<{ readonly commits: readonly WireCommit[]; readonly head: Head } | null>;

/** What became of the history this device saw: entries it knew are gone, or others stand in their place. */
export type Rewritten = { readonly how: 'cut' | 'replaced'; readonly seen: number; readonly now: number };

const PAGE = 500;

/**
 * The last entry of a room's log that this device saw, kept on the device. Whenever the room comes as a whole and not as a
 * continuation, the server must show that entry on its chain; until it has, nothing newer is kept in its place.
 */
export class PinnedHead {
  readonly #key: string;
  readonly #shelf: Shelf;
  readonly #readLog: ReadLog;
  #trusted = false;
  #round = 0;
  #latest: Head | null = null;
  #rewritten = $state.raw<Rewritten | null>(null);

  constructor(roomId: string, shelf: Shelf, readLog: ReadLog) {
    this.#key = `shangliang/seen/${roomId}`;
    this.#shelf = shelf;
    this.#readLog = readLog;
  }

  /** Set while the server cannot show what this device saw. */
  get rewritten(): Rewritten | null {
    return this.#rewritten;
  }

  /** The room came as a whole and reaches to `head`: compares it with what was seen here before. */
  async compare(head: Head): Promise<void> {
    this.#latest = head;
    this.#trusted = false;
    this.#round += 1;
    const round = this.#round;
    const pin = this.#read();
    if (pin !== null) {
      const found = await this.#fits(pin, head);
      // Unknown: what was seen stays what it was, and the next time asks again.
      if (round !== this.#round || found === 'unknown') return;
      this.#rewritten = found === 'fits' ? null : { how: found, seen: pin.seq, now: head.seq };
      if (found !== 'fits') return;
    }
    this.#trusted = true;
    this.note(this.#latest);
  }

  /** The room reaches to `head` now, in continuation of what was held. */
  note(head: Head): void {
    this.#latest = head;
    // Within a message the chain is not known; at its end it is.
    if (!this.#trusted || head.hash === '') return;
    try {
      this.#shelf.setItem(this.#key, JSON.stringify([head.seq, head.hash]));
    } catch {
      // A device that keeps nothing compares nothing.
    }
  }

  /** The person has read the warning: from here on the present history is the one that was seen. */
  accept(): void {
    this.#rewritten = null;
    this.#trusted = true;
    if (this.#latest !== null) this.note(this.#latest);
  }

  async #fits(pin: Head, head: Head): Promise<'fits' | 'cut' | 'replaced' | 'unknown'> {
    if (head.seq < pin.seq) return 'cut';
    if (head.seq === pin.seq) return head.hash === pin.hash ? 'fits' : 'replaced';
    const page = await this.#readLog(pin.seq - 1, PAGE);
    const [known] = page?.commits ?? [];
    if (page === null) return 'unknown';
    if (known === undefined || known.seq !== pin.seq) return 'cut';
    const runs = firstBreak(page.commits, { seq: pin.seq - 1, hash: known.prevHash }) === null;
    return runs && known.hash === pin.hash ? 'fits' : 'replaced';
  }

  #read(): Head | null {
    try {
      const [seq, hash] = JSON.parse(this.#shelf.getItem(this.#key) ?? 'null') as [unknown, unknown];
      return typeof seq === 'number' && seq > 0 && typeof hash === 'string' ? { seq, hash } : null;
    } catch {
      return null;
    }
  }
}
