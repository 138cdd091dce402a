import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { stepOneFrame, stepTwoFrame, updateFrame } from '#server/drafts/frames.ts';
import { DRAFT_FIELD, EDITOR_VERSION } from '#shared/document/schema.ts';
import { documentText } from '#shared/document/text.ts';
import { frameTypes } from '#shared/protocol/frames.ts';
import type { Standing } from '#shared/protocol/frames.ts';
import { until } from '../support/people.ts';
import type { Credentials } from './house.ts';

/** A socket on a draft that does as it is told: what came in is kept, nothing is answered unless asked to. */
export class DraftSocketClient {
  readonly ws: WebSocket;
  readonly doc: Y.Doc;
  readonly standings: Standing[] = [];
  readonly presence = new Map<number, unknown>();
  closed: number | null = null;
  stepOnes = 0;
  stepTwos = 0;
  updates = 0;
  saved = 0;
  ordinal = 0;

  constructor(base: string, credentials: Credentials, address: string, query = `editor=${EDITOR_VERSION}`, doc = new Y.Doc()) {
    this.doc = doc;
    const origin: Record<string, string> = credentials['authorization'] === undefined ? { origin: base } : {};
    this.ws = new WebSocket(`${base.replace('http', 'ws')}/yjs/${address}?${query}`, { headers: { ...origin, ...credentials } });
    this.ws.on('message', (data) => this.#take(new Uint8Array(data as Buffer)));
    this.ws.on('close', (code) => (this.closed = code));
    this.ws.on('error', () => undefined);
  }

  /** Waits until it was told its standing, or sent away. */
  async settled(): Promise<this> {
    await until(() => this.standings.length > 0 || this.closed !== null, 'standing or close');
    return this;
  }

  async ended(): Promise<number> {
    await until(() => this.closed !== null, 'the end of a connection');
    return this.closed ?? 0;
  }

  /** Asks for the draft and waits until it is there. */
  async synced(): Promise<this> {
    this.send(stepOneFrame(Y.encodeStateVector(this.doc)));
    await until(() => this.stepTwos > 0 || this.closed !== null, 'the draft');
    return this;
  }

  get standing(): Standing | undefined {
    return this.standings.at(-1);
  }

  get text(): string {
    return documentText(this.doc.getXmlFragment(DRAFT_FIELD));
  }

  send(frame: Uint8Array | string): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(frame);
  }

  /** Adds a paragraph to the own copy, and gives the update. */
  typed(words: string): Uint8Array {
    const updates: Uint8Array[] = [];
    const keep = (update: Uint8Array): number => updates.push(update);
    this.doc.on('update', keep);
    this.doc.transact(() => {
      const paragraph = new Y.XmlElement('paragraph');
      this.doc.getXmlFragment(DRAFT_FIELD).push([paragraph]);
      paragraph.push([new Y.XmlText(words)]);
    });
    this.doc.off('update', keep);
    return updates[0] ?? new Uint8Array();
  }

  sendUpdate(update: Uint8Array, step: 'update' | 'stepTwo' = 'update'): void {
    this.send(step === 'update' ? updateFrame(update) : stepTwoFrame(update));
  }

  close(): void {
    this.ws.close();
  }

  #take(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === frameTypes.sync) {
      const step = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      if (step === 0) this.stepOnes += 1;
      else Y.applyUpdate(this.doc, bytes, this);
      if (step === 1) this.stepTwos += 1;
      if (step === 2) this.updates += 1;
    } else if (type === frameTypes.saved) {
      this.saved = decoding.readVarUint(decoder);
      this.ordinal = decoding.readVarUint(decoder);
    } else if (type === frameTypes.standing) this.standings.push(JSON.parse(decoding.readVarString(decoder)) as Standing);
    else if (type === frameTypes.awareness) this.#takePresence(decoding.createDecoder(decoding.readVarUint8Array(decoder)));
  }

  #takePresence(decoder: decoding.Decoder): void {
    for (let count = decoding.readVarUint(decoder); count > 0; count -= 1) {
      const clientId = decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      const state: unknown = JSON.parse(decoding.readVarString(decoder));
      if (state === null) this.presence.delete(clientId);
      else this.presence.set(clientId, state);
    }
  }
}
