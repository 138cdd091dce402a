import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);

/** What no client can put into a message, since none knows it: where a text that is encoded already is put in. */
const sign = randomUUID();
const places = new RegExp(`"${sign}:(\\d+)"`, 'g');
/** The values met while one packet is encoded. */
const met = new Map<number, EncodedOnce>();
let made = 0;
/** Packing takes a thread and a few milliseconds for a megabyte; the other threads are for the disk and for passwords. */
const packedAtOnce = 2;
let packing = 0;

/**
 * A value that is spelt as JSON once, however many packets carry it: a room's whole state goes to everybody who joins, and a
 * thousand come at once after a restart.
 */
export class EncodedOnce {
  readonly #number = (made += 1);
  readonly #value: unknown;
  #text: string | null = null;
  #packed: Promise<Buffer | null> | null = null;

  constructor(value: unknown) {
    this.#value = value;
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.#value);
    return this.#text;
  }

  /** The same as gzip, packed once, beside the event loop; null where enough is being packed already. */
  packed(): Promise<Buffer | null> | null {
    if (this.#packed === null && packing < packedAtOnce) {
      packing += 1;
      // One that could not be packed goes out as it is, and is tried again with the next.
      this.#packed = pack(this.text, { level: 5 })
        .catch(() => {
          this.#packed = null;
          return null;
        })
        .finally(() => (packing -= 1));
    }
    return this.#packed;
  }

  /** Called by whatever spells a packet; gives what `encodeOnce` replaces. */
  toJSON(): string {
    met.set(this.#number, this);
    return `${sign}:${this.#number}`;
  }
}

/** Teaches a Socket.IO encoder about values that are encoded already. */
export function encodeOnce(encoder: { encode(packet: never): unknown[] }): void {
  const encode = encoder.encode.bind(encoder);
  encoder.encode = (packet) => {
    met.clear();
    const parts = encode(packet);
    if (met.size === 0) return parts;
    return parts.map((part) =>
      typeof part === 'string' ? part.replace(places, (place, number: string) => met.get(Number(number))?.text ?? place) : part,
    );
  };
}
