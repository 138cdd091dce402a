/**
 * Takes rows until they are as many as are wanted, or the next one would make them larger than `mostBytes` together. The first row is
 * taken however large it is, so that who asks for the rows behind it gets on.
 */
export class BoundedRows<T> {
  readonly rows: T[] = [];
  #bytes = 0;
  readonly #limit: number;
  readonly #mostBytes: number;

  constructor(limit: number, mostBytes: number) {
    this.#limit = limit;
    this.#mostBytes = mostBytes;
  }

  /** Takes a row of so many bytes; false where it does not fit any more, and no later one is wanted. */
  take(row: T, bytes: number): boolean {
    if (this.isFull || (this.rows.length > 0 && this.#bytes + bytes > this.#mostBytes)) return false;
    this.rows.push(row);
    this.#bytes += bytes;
    return true;
  }

  get isFull(): boolean {
    return this.rows.length >= this.#limit;
  }

  /** Bytes that may still come, none where something was left out already. */
  get left(): number {
    return this.#mostBytes - this.#bytes;
  }
}
