import { outgoingKind } from './draftFrames.ts';
import type { PendingUpdates } from './pendingUpdates.ts';

/**
 * Decides which frames leave on a draft's socket, and counts those that the server counts.
 *
 * Without the right to write nothing but step 1 leaves: an editor's binding may repair what its schema dislikes, and a reader must
 * not write by accident. An update made before step 2 went out stays too, since step 2 carries it and an update ahead of it would
 * leave a gap at the server.
 */
export class OutgoingGate {
  #write = false;
  #wholeSent = false;
  #isShown = false;
  readonly #pending: PendingUpdates;

  constructor(pending: PendingUpdates) {
    this.#pending = pending;
  }

  /** A new socket: nothing was sent on it, and it is not known yet what it may do. */
  opened(): void {
    this.#write = false;
    this.#wholeSent = false;
    this.#isShown = false;
    this.#pending.opened();
  }

  /** What the server said of this socket. */
  mayWrite(write: boolean): void {
    this.#write = write;
  }

  /** Whether this frame goes out. Call it once for each frame, in order. */
  lets(frame: Uint8Array): boolean {
    switch (outgoingKind(frame)) {
      case 'step2':
        if (!this.#write) return false;
        this.#wholeSent = true;
        this.#pending.sentWhole();
        return true;
      case 'update':
        if (!this.#write || !this.#wholeSent) return false;
        this.#pending.sentNewest();
        return true;
      case 'presence':
        // Who is shown already may still take his caret away.
        this.#isShown ||= this.#write;
        return this.#isShown;
      case 'step1':
      case 'other':
        return true;
    }
  }
}
