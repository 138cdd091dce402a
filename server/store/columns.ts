/** Bytes that grow: whole numbers in as few bytes as they need, and bytes behind their length. */
export class Column {
  #bytes: Uint8Array = new Uint8Array(1024);
  #length = 0;

  /** A whole number from 0 to 2^53 - 1, seven bits to a byte, the lowest first. */
  number(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#put((rest % 0x80) | 0x80);
    return this.#put(rest);
  }

  /** A whole number of either sign, nearer to zero the shorter. */
  signed(value: number): this {
    return this.#put(value < 0 ? 1 : 0).number(Math.abs(value));
  }

  /** Bytes as they are; who reads them has to know how many. */
  raw(bytes: Uint8Array): this {
    this.#makeRoom(bytes.byteLength);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.byteLength;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    return this.number(bytes.byteLength).raw(bytes);
  }

  text(text: string): this {
    return this.bytes(Buffer.from(text, 'utf8'));
  }

  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #put(byte: number): this {
    this.#makeRoom(1);
    this.#bytes[this.#length] = byte;
    this.#length += 1;
    return this;
  }

  #makeRoom(more: number): void {
    if (this.#length + more <= this.#bytes.byteLength) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.byteLength, this.#length + more));
    larger.set(this.done());
    this.#bytes = larger;
  }
}

/** Reads what a Column wrote, in its order. Throws a RangeError where the bytes end too early. */
export class ColumnReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  number(): number {
    let value = 0;
    for (let place = 1; place <= Number.MAX_SAFE_INTEGER; place *= 0x80) {
      const byte = this.#take();
      value += (byte & 0x7f) * place;
      if (byte < 0x80) return value;
    }
    throw new RangeError('A number is too large.');
  }

  signed(): number {
    const isNegative = this.#take() === 1;
    return isNegative ? -this.number() : this.number();
  }

  /** A view of the next bytes. */
  raw(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.byteLength) throw new RangeError('The bytes end too early.');
    const found = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return found;
  }

  bytes(): Uint8Array {
    return this.raw(this.number());
  }

  text(): string {
    return Buffer.from(this.bytes()).toString('utf8');
  }

  #take(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('The bytes end too early.');
    this.#at += 1;
    return byte;
  }
}
