/** A change made on this device that the server has not called durable yet. */
export interface PendingUpdate {
  /** Yjs client id under which it was made. */
  readonly clientId: number;
  /** Its place among the changes under that client id, from 1. */
  readonly n: number;
  readonly update: Uint8Array;
  readonly madeAt: number;
}

interface Entry {
  readonly pending: PendingUpdate;
  /** Which write frame of the present connection carries it, counted from 1; null if none does yet. */
  frame: number | null;
}

/**
 * Which changes are not durable yet, and which frame of the present connection carries each. The server says only "your first n
 * write frames are durable", so frames are counted here exactly as it counts them.
 */
export class PendingUpdates {
  #entries: Entry[] = [];
  #frames = 0;
  #made = 0;

  get count(): number {
    return this.#entries.length;
  }

  /** When the oldest of them was made, in the caller's clock, or null. */
  get oldestAt(): number | null {
    return this.#entries[0]?.pending.madeAt ?? null;
  }

  get all(): readonly PendingUpdate[] {
    return this.#entries.map((entry) => entry.pending);
  }

  /** Whether the present connection carries any that were not answered. */
  get inFlight(): boolean {
    return this.#entries.some((entry) => entry.frame !== null);
  }

  /** A change just made under this copy's own client id. */
  add(clientId: number, update: Uint8Array, now: number): PendingUpdate {
    this.#made += 1;
    const pending = { clientId, n: this.#made, update, madeAt: now };
    this.#entries.push({ pending, frame: null });
    return pending;
  }

  /** A change from an earlier life of the page that was never acknowledged. */
  adopt(pending: PendingUpdate): void {
    this.#entries.push({ pending, frame: null });
  }

  /** A new connection: it has carried nothing yet. */
  opened(): void {
    this.#frames = 0;
    for (const entry of this.#entries) entry.frame = null;
  }

  /** A sync step 2 goes out: it carries everything that no earlier frame of this connection carries. */
  sentWhole(): void {
    this.#frames += 1;
    for (const entry of this.#entries) entry.frame ??= this.#frames;
  }

  /** An update frame goes out: it carries the change made last. */
  sentNewest(): void {
    this.#frames += 1;
    const newest = this.#entries[this.#entries.length - 1];
    if (newest !== undefined) newest.frame ??= this.#frames;
  }

  /** The first `frames` write frames of this connection are durable. Returns the changes that are no longer pending. */
  saved(frames: number): PendingUpdate[] {
    const isSaved = (entry: Entry): boolean => entry.frame !== null && entry.frame <= frames;
    const saved = this.#entries.filter(isSaved);
    if (saved.length > 0) this.#entries = this.#entries.filter((entry) => !isSaved(entry));
    return saved.map((entry) => entry.pending);
  }

  /** Forgets them all and returns them: what happens to them is somebody else's business now. */
  takeAll(): PendingUpdate[] {
    const all = this.#entries.map((entry) => entry.pending);
    this.#entries = [];
    return all;
  }
}
