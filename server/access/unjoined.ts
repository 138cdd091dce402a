/**
 * Sockets of each address that have not joined anything yet: somebody who only opens them has so many and no more. A hall
 * that comes in at once has each of its sockets joined within a moment.
 */
export class Unjoined {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether another socket of this address may begin. */
  admits(address: string): boolean {
    return (this.#counts.get(address) ?? 0) < this.#most;
  }

  /** Counts a socket; gives what ends that, to be called when it has joined or is gone. Calling it twice counts once. */
  begin(address: string): () => void {
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = (this.#counts.get(address) ?? 1) - 1;
      if (left === 0) this.#counts.delete(address);
      else this.#counts.set(address, left);
    };
  }
}
