const CHUNK = 64;

/**
 * A list that is never changed in place: `set` and `push` give a new list that shares all but one chunk with the old one.
 * A room with a hundred thousand comments changes one of them at the cost of a chunk and the list of chunks, not of a copy.
 */
export class Vector<T> {
  readonly #chunks: readonly (readonly T[])[];
  readonly length: number;

  private constructor(chunks: readonly (readonly T[])[], length: number) {
    this.#chunks = chunks;
    this.length = length;
  }

  static of<T>(items: readonly T[] = []): Vector<T> {
    const chunks: T[][] = [];
    for (let i = 0; i < items.length; i += CHUNK) chunks.push(items.slice(i, i + CHUNK));
    return new Vector(chunks, items.length);
  }

  get(index: number): T | undefined {
    if (index < 0 || index >= this.length) return undefined;
    return this.#chunks[Math.floor(index / CHUNK)]?.[index % CHUNK];
  }

  /** A new list with `item` at `index`; an index outside the list gives the list unchanged. */
  set(index: number, item: T): Vector<T> {
    const at = Math.floor(index / CHUNK);
    const chunk = this.#chunks[at];
    if (index < 0 || index >= this.length || chunk === undefined) return this;
    return new Vector(this.#chunks.with(at, chunk.with(index % CHUNK, item)), this.length);
  }

  push(item: T): Vector<T> {
    const last = this.#chunks.at(-1);
    const chunks =
      last === undefined || last.length === CHUNK ? [...this.#chunks, [item]] : this.#chunks.with(this.#chunks.length - 1, [...last, item]);
    return new Vector(chunks, this.length + 1);
  }

  /** The items from `from` (at least 0) up to, and without, `to`; no other chunk is touched. */
  slice(from: number, to: number): T[] {
    const first = Math.floor(from / CHUNK);
    const chunks = this.#chunks.slice(first, Math.ceil(to / CHUNK));
    return chunks.flat().slice(from - first * CHUNK, to - first * CHUNK);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  toArray(): T[] {
    return this.#chunks.flat();
  }
}
