import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);

/** What no client can put into a message, since none knows it: where a text that is encoded already is put in. */
const sign = randomUUID();
const places = new RegExp(`"${sign}:(\\d+)"`, 'g');
/** How a packet ends whose last value is one that is encoded already; these characters stand behind its bytes. */
const END = '}]';
/** The values met while one packet is encoded. */
const met = new Map<number, EncodedOnce>();
let made = 0;
/** Packing takes a thread and a few milliseconds for a megabyte; the other threads are for the disk and for passwords. */
const packedAtOnce = 2;
let packing = 0;

/**
 * A value that is spelt as JSON once, however many packets carry it: a room's whole state goes to everybody who joins, and a
 * thousand come at once after a restart. Its bytes are one buffer, shared by all lines they are written to.
 */
export class EncodedOnce {
  readonly #number = (made += 1);
  readonly #value: unknown;
  #ended: Buffer | null;
  #packed: Promise<Buffer | null> | null = null;

  /** `pieces`: the JSON of the value, where it was written already. */
  constructor(value: unknown, pieces?: readonly Buffer[]) {
    this.#value = value;
    this.#ended = pieces === undefined ? null : Buffer.concat([...pieces, Buffer.from(END)]);
  }

  /** The JSON as UTF-8, with the end of a packet behind it. */
  get ended(): Buffer {
    this.#ended ??= Buffer.from(JSON.stringify(this.#value) + END);
    return this.#ended;
  }

  get bytes(): Buffer {
    return this.ended.subarray(0, -END.length);
  }

  get text(): string {
    return this.bytes.toString();
  }

  /**
   * The same as gzip, packed once, beside the event loop.
   * @returns null where enough is being packed already, unless `anyhow`; resolves with null where it could not be packed: it then goes
   *   out as it is, and is tried again with the next.
   */
  packed(anyhow?: false): Promise<Buffer | null> | null;
  packed(anyhow: true): Promise<Buffer | null>;
  packed(anyhow = false): Promise<Buffer | null> | null {
    if (this.#packed === null && (anyhow || packing < packedAtOnce)) {
      packing += 1;
      this.#packed = pack(this.bytes, { level: 5 })
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

/** A packet of which all but the first characters are the shared bytes of a value that is encoded already. */
export class SharedPacket {
  readonly #start: string;
  readonly #rest: EncodedOnce;

  constructor(start: string, rest: EncodedOnce) {
    this.#start = start;
    this.#rest = rest;
  }

  toString(): string {
    return this.#start + this.#rest.text + END;
  }

  /** The packet as a WebSocket frame of a server: what is its own, and the shared bytes, which nobody copies. */
  frame(): readonly [Buffer, Buffer] {
    const { ended } = this.#rest;
    // Engine.IO's sign of a message.
    const start = Buffer.from(`4${this.#start}`);
    const length = start.byteLength + ended.byteLength;
    const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
    header[0] = 0x81;
    header[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
    if (header[1] === 126) header.writeUInt16BE(length, 2);
    if (header[1] === 127) header.writeBigUInt64BE(BigInt(length), 2);
    return [Buffer.concat([header, start]), ended];
  }
}

/**
 * Teaches a Socket.IO encoder about values that are encoded already. Where one ends its packet the packet is a `SharedPacket`, which
 * lines have to know: see `writeShared`.
 */
export function encodeOnce(encoder: { encode(packet: never): unknown[] }): void {
  const encode = encoder.encode.bind(encoder);
  encoder.encode = (packet) => {
    met.clear();
    const parts = encode(packet);
    if (met.size === 0) return parts;
    return parts.map((part) => (typeof part === 'string' ? withEncoded(part) : part));
  };
}

function withEncoded(part: string): string | SharedPacket {
  const found = [...part.matchAll(places)].filter(([, number]) => met.has(Number(number)));
  const [only] = found;
  const once = found.length === 1 && only !== undefined ? met.get(Number(only[1])) : undefined;
  if (once !== undefined && only !== undefined && part.slice(only.index + only[0].length) === END)
    return new SharedPacket(part.slice(0, only.index), once);
  return part.replace(places, (place, number: string) => met.get(Number(number))?.text ?? place);
}

/** What is used of a line of Engine.IO. */
interface Line {
  write(data: unknown, options?: object, callback?: () => void): unknown;
}

/** Teaches a line to write packets that share their bytes. */
export function writeShared(line: Line): void {
  const write = line.write.bind(line);
  line.write = (data, options, callback) =>
    data instanceof SharedPacket ? write('', { ...options, wsPreEncodedFrame: data.frame() }, callback) : write(data, options, callback);
}
