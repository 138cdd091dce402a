/*
 * A program by somebody who has read docs/PROTOCOL.md and nothing else: it imports nothing of this project, and no library that
 * knows Socket.IO or y-websocket. stranger.test.ts holds that.
 */
import { createHash, randomBytes } from 'node:crypto';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

export interface Event extends Fields {
  type: string;
}
export interface Commit {
  stream: { kind: string; id: string };
  seq: number;
  at: number;
  actorId: string;
  commandId: string;
  commandMac: string;
  prevHash: string;
  hash: string;
  events: { digest: string; salt?: string; event?: Event }[];
}
export interface Head {
  seq: number;
  hash: string;
}
export interface Answer {
  ok: boolean;
  rejection?: { code: string };
  seq?: number;
  head?: Head;
  commits?: Commit[];
  snapshot?: { drafts: { id: string; lineage: string }[] } & Fields;
  you?: { participantId: string } & Fields;
}

/** Requests of a person's browser: an Origin, and the cookie that was set last. */
export class Browser {
  readonly #base: string;
  #cookie = '';

  constructor(base: string) {
    this.#base = base;
  }

  async ask(method: string, path: string, body?: Fields): Promise<Fields> {
    const response = await fetch(`${this.#base}/api${path}`, {
      method,
      headers: { origin: this.#base, cookie: this.#cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    this.#cookie = response.headers.get('set-cookie')?.split(';')[0] ?? this.#cookie;
    return (await response.json()) as Fields;
  }
}

/** Waits for something a message brings. */
class Arrivals {
  #waiting: (() => void)[] = [];

  happened(): void {
    for (const look of this.#waiting.splice(0)) look();
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const watchdog = setTimeout(() => this.happened(), 20_000);
    const start = performance.now();
    while (!condition()) {
      if (performance.now() - start > 19_000) throw new Error(`waited in vain for ${what}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    clearTimeout(watchdog);
  }
}

/** A room over Socket.IO, spoken by hand. */
export class RoomWire {
  readonly commits: Commit[] = [];
  readonly arrivals = new Arrivals();
  ended: string | null = null;
  #socket: WebSocket;
  #open: Promise<void>;
  #count = 0;
  #answers = new Map<number, (answer: Answer) => void>();

  constructor(base: string, token: string) {
    this.#socket = new WebSocket(`${base.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      headers: { authorization: `Bearer ${token}` },
    });
    this.#open = new Promise((resolve, reject) => {
      this.#socket.on('error', reject);
      this.#socket.on('message', (data) => this.#take((data as Buffer).toString(), resolve));
    });
  }

  #take(packet: string, connected: () => void): void {
    if (packet.startsWith('0')) this.#socket.send('40');
    else if (packet.startsWith('40')) connected();
    else if (packet === '2') this.#socket.send('3');
    else if (packet.startsWith('43')) {
      const [, id, json] = /^43(\d+)(.*)$/s.exec(packet) ?? [];
      const [answer] = JSON.parse(json ?? '[]') as [Answer];
      this.#answers.get(Number(id))?.(answer);
    } else if (packet.startsWith('42')) {
      const [name, payload] = JSON.parse(packet.slice(2)) as [string, { commits?: Commit[]; rejection?: { code: string } }];
      if (name === 'room:commits') this.commits.push(...(payload.commits ?? []));
      if (name === 'room:ended') this.ended = payload.rejection?.code ?? '';
      this.arrivals.happened();
    }
  }

  async ask(name: string, message: Fields): Promise<Answer> {
    await this.#open;
    const id = this.#count++;
    const answer = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    this.#socket.send(`42${id}${JSON.stringify([name, message])}`);
    return answer;
  }

  command(command: Fields, commandId = randomBytes(12).toString('hex')): Promise<Answer> {
    return this.ask('command:send', { commandId, command });
  }

  close(): void {
    this.#socket.close();
  }
}

/** A draft over its socket. */
export class DraftWire {
  readonly doc = new Y.Doc();
  readonly arrivals = new Arrivals();
  standing: { lineage: string; write: boolean; why: string | null; authors: Record<string, string> } | null = null;
  authors: Record<string, string> = {};
  synced = false;
  sent = 0;
  saved = 0;
  ordinal = 0;
  closed: number | null = null;
  readonly unknown: number[] = [];
  #socket: WebSocket;

  constructor(base: string, roomId: string, draftId: string, token: string) {
    this.#socket = new WebSocket(`${base.replace('http', 'ws')}/yjs/${roomId}/${draftId}?editor=3`, {
      headers: { authorization: `Bearer ${token}` },
    });
    this.#socket.on('message', (data) => this.#take(new Uint8Array(data as Buffer)));
    this.#socket.on('close', (code) => {
      this.closed = code;
      this.arrivals.happened();
    });
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#write(2, update);
    });
  }

  #take(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === 0) {
      const step = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      if (step === 0) this.#write(1, Y.encodeStateAsUpdate(this.doc, bytes));
      else Y.applyUpdate(this.doc, bytes, this);
      if (step === 1) this.synced = true;
    } else if (type === 120) {
      this.saved = decoding.readVarUint(decoder);
      this.ordinal = decoding.readVarUint(decoder);
    } else if (type === 121) {
      const first = this.standing === null;
      this.standing = JSON.parse(decoding.readVarString(decoder)) as NonNullable<DraftWire['standing']>;
      Object.assign(this.authors, this.standing.authors);
      if (first) this.#send((encoder) => this.#sync(encoder, 0, Y.encodeStateVector(this.doc)));
    } else if (type !== 1) this.unknown.push(type);
    this.arrivals.happened();
  }

  #write(step: number, update: Uint8Array): void {
    this.sent += 1;
    this.#send((encoder) => this.#sync(encoder, step, update));
  }

  #sync(encoder: encoding.Encoder, step: number, bytes: Uint8Array): void {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  }

  #send(write: (encoder: encoding.Encoder) => void): void {
    this.#socket.send(encoding.encode(write));
  }

  /** Adds a paragraph at the end. */
  write(words: string): void {
    const draft = this.doc.getXmlFragment('draft');
    this.doc.transact(() => {
      const paragraph = new Y.XmlElement('paragraph');
      draft.push([paragraph]);
      paragraph.push([new Y.XmlText(words)]);
    });
  }

  get text(): string {
    return this.doc
      .getXmlFragment('draft')
      .toArray()
      .map((block) => (block as Y.XmlElement).toArray().map(String).join(''))
      .join('\n');
  }

  get allSaved(): boolean {
    return this.saved === this.sent;
  }

  close(): void {
    this.#socket.close();
  }
}

function H(domain: string, ...fields: string[]): string {
  const hash = createHash('sha256');
  for (const field of [domain, ...fields]) hash.update(`${Buffer.byteLength(field)}:${field}`);
  return hash.digest('hex');
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`).join(',')}}`;
}

/** Checks every text's digest, and gives the event with the digests alone. */
function onlyDigests(value: Json): Json {
  if (Array.isArray(value)) return value.map(onlyDigests);
  if (value === null || typeof value !== 'object') return value;
  const { digest, salt, text } = value;
  if (typeof digest === 'string') {
    if (text !== undefined && H('shangliang/words/1', String(salt), String(text)) !== digest) throw new Error('a text was changed');
    return { digest };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, onlyDigests(item)]));
}

/** Verifies commits that follow `before`; gives the head, or throws with the first seq that does not hold. */
export function verify(commits: Commit[], before: Head = { seq: 0, hash: '' }): Head {
  let head = before;
  for (const commit of commits) {
    const { stream, seq, at, actorId, commandId, commandMac, prevHash, events } = commit;
    for (const { digest, salt, event } of events) {
      if (event !== undefined && H('shangliang/event/1', salt ?? '', canonical(onlyDigests(event))) !== digest) {
        throw new Error(`an event of commit ${seq} was changed`);
      }
    }
    const digests = events.map(({ digest }) => digest);
    const header = [stream.kind, stream.id, String(seq), String(at), actorId, commandId, commandMac, prevHash];
    const hash = H('shangliang/commit/1', ...header, ...digests);
    if (seq !== head.seq + 1 || prevHash !== head.hash || hash !== commit.hash) throw new Error(`the chain breaks at commit ${seq}`);
    head = { seq, hash };
  }
  return head;
}
