import { backoffMs } from '#client/lib/room/backoff.ts';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import { WebSocket } from 'ws';
import type { Manner, Place } from './orders.ts';

/** Step 1 of a copy that holds nothing, and step 2 of one that holds nothing the server lacks. */
const emptyStepOne = Uint8Array.of(0, 0, 1, 0);
const nothingNew = Uint8Array.of(0, 1, 2, 0, 0);
/** After these a page tries again by itself; 1006 is a line that was cut. */
const forNow: ReadonlySet<number> = new Set([1006, 1012, 1013, 4008]);

type Door = 'draft' | 'room';

/** One of the two lines a page has. */
interface Line {
  ws: WebSocket | null;
  attempt: number;
  /** When what was asked for was there, as `performance.now()`; null while it is not. */
  at: number | null;
}

/**
 * Somebody in a room and its draft, as light as can be: raw sockets that look at the first bytes of what comes and keep the rest as it
 * is, so that one process can be several hundred people. He says what a page says: hello, step 1, an answer to the server's, his caret.
 */
export class Returning {
  readonly place: Place;
  readonly #random: () => number;
  readonly #clientId: number;
  readonly #lines: Readonly<Record<Door, Line>> = {
    draft: { ws: null, attempt: 0, at: null },
    room: { ws: null, attempt: 0, at: null },
  };
  /** What of the draft came in: the answer to step 1, then updates. */
  #pieces: Uint8Array[] = [];
  #vector: Uint8Array | null = null;
  #head: { readonly seq: number; readonly hash: string } | null = null;
  /** A line that is cut is opened again. */
  #comesBack = true;
  refused: string | null = null;
  tries = 0;

  /** `random` gives numbers in [0, 1). */
  constructor(place: Place, clientId: number, random: () => number) {
    this.place = place;
    this.#clientId = clientId;
    this.#random = random;
    this.#comeBack();
  }

  at(door: Door): number | null {
    return this.#lines[door].at;
  }

  get isBack(): boolean {
    return this.at('draft') !== null && this.at('room') !== null;
  }

  get received(): readonly Uint8Array[] {
    return this.#pieces;
  }

  /** From now on a cut line is answered in this manner; `vector` is the state vector of what was received. */
  expect(manner: Manner, vector: Uint8Array): void {
    this.#vector = manner.copies ? vector : null;
    if (!manner.copies) this.#head = null;
    this.#comesBack = manner.jitter;
    for (const line of Object.values(this.#lines)) Object.assign(line, { attempt: 0, at: null });
    this.tries = 0;
  }

  /** The server listens: opens both lines, unless he does that by himself. */
  go(): void {
    if (!this.#comesBack) this.#comeBack();
  }

  #comeBack(): void {
    this.#comesBack = true;
    this.#openDraft();
    this.#openRoom();
  }

  #openDraft(): void {
    const { roomId, draftId } = this.place;
    const { ws, line } = this.#open('draft', `/yjs/${roomId}/${draftId}?editor=${EDITOR_VERSION}`, (code) =>
      forNow.has(code) ? null : `draft ${code}`,
    );
    if (this.#vector === null) this.#pieces = [];
    ws.on('message', (data: Buffer) => {
      if (data[0] === 121 && line.at === null) this.#greet(ws);
      else if (data[0] === 0 && data[1] === 0) ws.send(nothingNew);
      else if (data[0] === 0) {
        this.#pieces.push(updateIn(data));
        if (data[1] === 1) line.at = performance.now();
      }
    });
  }

  #greet(ws: WebSocket): void {
    const vector = this.#vector;
    ws.send(vector === null ? emptyStepOne : Buffer.concat([Uint8Array.of(0, 0), sized(vector)]));
    const caret = Buffer.concat([Uint8Array.of(1), varUint(this.#clientId), Uint8Array.of(1), sized(Buffer.from('{"cursor":null}'))]);
    ws.send(Buffer.concat([Uint8Array.of(1), sized(caret)]));
  }

  #openRoom(): void {
    let why: string | null = null;
    const { ws, line } = this.#open('room', '/socket.io/?EIO=4&transport=websocket', () => why);
    const { roomId } = this.place;
    ws.on('message', (data: Buffer) => {
      const start = data.toString('latin1', 0, 16);
      if (start.startsWith('0{')) ws.send('40');
      else if (start.startsWith('40')) {
        const after = this.#head === null ? {} : { after: this.#head };
        ws.send(`420${JSON.stringify(['room:join', { v: PROTOCOL_VERSION, roomId, ...after }])}`);
      } else if (start.startsWith('430[{"ok":true')) {
        const [, seq, hash] = /"head":\{"seq":(\d+),"hash":"(\w*)"/.exec(data.toString('latin1', 0, 8_000)) ?? [];
        this.#head = { seq: Number(seq), hash: hash ?? '' };
        line.at = performance.now();
      } else if (start.startsWith('430')) {
        const said = data.toString();
        if (!/storeUnavailable|tooFast/.test(said)) why = `room ${said}`;
        ws.close();
      } else if (start === '2') ws.send('3');
    });
  }

  #open(door: Door, path: string, refusal: (code: number) => string | null): { readonly ws: WebSocket; readonly line: Line } {
    const { base, cookie } = this.place;
    const line = this.#lines[door];
    const ws = new WebSocket(`${base.replace('http', 'ws')}${path}`, { headers: { origin: base, cookie }, perMessageDeflate: false });
    line.ws = ws;
    ws.on('error', () => undefined);
    ws.on('close', (code) => {
      if (line.ws !== ws) return;
      line.at = null;
      this.refused ??= refusal(code);
      if (this.refused !== null || !this.#comesBack) return;
      setTimeout(() => (door === 'draft' ? this.#openDraft() : this.#openRoom()), backoffMs(line.attempt, this.#random()));
      line.attempt += 1;
      this.tries += 1;
    });
    return { ws, line };
  }
}

/** The update in a frame of sync: two bytes, its length, itself. */
function updateIn(frame: Buffer): Uint8Array {
  let at = 2;
  while ((frame[at] ?? 0) >= 128) at += 1;
  return frame.subarray(at + 1);
}

function sized(bytes: Uint8Array): Buffer {
  return Buffer.concat([varUint(bytes.byteLength), bytes]);
}

function varUint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
