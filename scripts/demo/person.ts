import { randomBytes } from 'node:crypto';
import * as decoding from 'lib0/decoding';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { makeAnchor } from '#shared/document/anchors.ts';
import { DRAFT_FIELD, EDITOR_VERSION } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { GivenAnchor } from '#shared/domain/comments/events.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { Answer, Down, Joined, Up } from '#shared/protocol/messages.ts';
import { frameTypes } from '#shared/protocol/frames.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';

/** How long an answer may take before the demonstration gives up, in ms. */
const ANSWER_MS = 20_000;

/** A person of the demonstration: what a browser would do for him, by the same doors. */
export class Person {
  readonly base: string;
  #cookie = '';
  #socket: Socket<Down, Up> | null = null;
  #roomId = '';
  joined: Joined | null = null;

  constructor(base: string) {
    this.base = base;
  }

  /** Asks the HTTP API; anything but success is an error with the refusal in its words. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    for (;;) {
      const response = await fetch(`${this.base}${path}`, {
        method,
        headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const cookie = response.headers.get('set-cookie')?.split(';')[0];
      if (cookie !== undefined) this.#cookie = cookie;
      const text = await response.text();
      const answer = (text === '' ? null : JSON.parse(text)) as { rejection?: { code: string; retryAfterMs?: number } } | null;
      if (response.ok) return answer as T;
      if (answer?.rejection?.code !== 'tooFast') throw new Error(`${method} ${path}: ${JSON.stringify(answer?.rejection)}`);
      await pause(answer.rejection.retryAfterMs ?? 500);
    }
  }

  /** The cookie a browser would hold, `name=value`. */
  get cookie(): string {
    return this.#cookie;
  }

  get #headers(): Record<string, string> {
    return { origin: this.base, ...(this.#cookie === '' ? {} : { cookie: this.#cookie }) };
  }

  /** Joins a room; the snapshot is in `joined`. */
  async join(roomId: string): Promise<void> {
    this.leave();
    this.#roomId = roomId;
    const socket: Socket<Down, Up> = io(this.base, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: this.#headers,
    });
    this.#socket = socket;
    const answer: Answer<Joined> = await socket.timeout(ANSWER_MS).emitWithAck('room:join', { v: PROTOCOL_VERSION, roomId });
    if (!answer.ok) throw new Error(`joining ${roomId}: ${answer.rejection.code}`);
    this.joined = answer;
  }

  get id(): string {
    return this.joined?.you.participantId ?? '';
  }

  /** The room's first draft. */
  get draftId(): string {
    return this.joined?.snapshot?.drafts[0]?.id ?? '';
  }

  /** Sends a command until it is answered; waits where the pace of one person is limited. */
  async act(command: RoomCommand): Promise<void> {
    const commandId = randomBytes(12).toString('hex');
    for (;;) {
      if (this.#socket === null) throw new Error(`${command.type}: not in a room`);
      const answer = await this.#socket.timeout(ANSWER_MS).emitWithAck('command:send', { commandId, command });
      if (answer.ok) return;
      if (answer.rejection.code !== 'tooFast') throw new Error(`${command.type}: ${JSON.stringify(answer.rejection)}`);
      await pause(answer.rejection.retryAfterMs);
    }
  }

  /**
   * Writes paragraphs at the end of the room's first draft and waits until they are durable. Gives the anchors of the quotes,
   * null where one is not in the text.
   */
  async write(paragraphs: readonly string[], quotes: readonly string[]): Promise<readonly (GivenAnchor | null)[]> {
    const headers = this.#headers;
    class CookieSocket extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols ?? [], { headers });
      }
    }
    const doc = new Y.Doc();
    const { draftId } = this;
    const provider = new WebsocketProvider(`${this.base.replace(/^http/, 'ws')}/yjs/${this.#roomId}`, draftId, doc, {
      disableBc: true,
      params: { editor: String(EDITOR_VERSION) },
      WebSocketPolyfill: CookieSocket as unknown as typeof globalThis.WebSocket,
    });
    // Of the frames this person sent: the answer to the server's first question is one, the text the next.
    let safe = 0;
    let onSafe = (): void => undefined;
    provider.messageHandlers[frameTypes.standing] = () => undefined;
    provider.messageHandlers[frameTypes.saved] = (_, decoder) => {
      safe = decoding.readVarUint(decoder);
      onSafe();
    };
    try {
      await within('the draft', (resolve) => {
        provider.once('sync', () => resolve());
      });
      const fragment = doc.getXmlFragment(DRAFT_FIELD);
      if (paragraphs.length > 0) {
        await within('a durable text', (resolve) => {
          onSafe = () => {
            if (safe >= 2) resolve();
          };
          doc.transact(() => append(fragment, paragraphs));
        });
      }
      const index = buildTextIndex(fragment);
      return quotes.map((quote): GivenAnchor | null => {
        const from = quote === '' ? -1 : index.text.indexOf(quote);
        const anchor = from < 0 ? 'empty' : makeAnchor(index, { from, to: from + quote.length });
        if (typeof anchor === 'string') return null;
        return { draftId, ...anchor, runs: anchor.runs.map(([client, clock, length]) => [client, clock, length] as const) };
      });
    } finally {
      provider.destroy();
      doc.destroy();
    }
  }

  leave(): void {
    this.#socket?.disconnect();
    this.#socket = null;
  }
}

function append(fragment: Y.XmlFragment, paragraphs: readonly string[]): void {
  for (const words of paragraphs) {
    const paragraph = new Y.XmlElement('paragraph');
    fragment.push([paragraph]);
    paragraph.push([new Y.XmlText(words)]);
  }
}

function within(what: string, wait: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), ANSWER_MS);
    wait(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
