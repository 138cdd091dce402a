import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { DRAFT_FIELD, EDITOR_VERSION } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import { frameTypes } from '#shared/protocol/frames.ts';
import type { Visitor } from '../support/people.ts';

// Each provider says goodbye when the process ends; more than ten are no leak here.
process.setMaxListeners(100);

/** Frames and bytes over the wires of a replay. */
export interface Traffic {
  framesIn: number;
  bytesIn: number;
  framesOut: number;
  bytesOut: number;
}

/** Somebody at a draft with a stock y-websocket provider. */
export class Participant {
  readonly doc = new Y.Doc();
  readonly provider: WebsocketProvider;
  /** Step 2 and update frames of the present connection that are durable, as the server says. */
  saved = 0;
  ordinal = 0;
  connections = 0;

  constructor(visitor: Visitor, roomId: string, draftId: string, traffic: Traffic) {
    const { base, cookie } = visitor;
    const headers = { origin: base, ...(cookie === null ? {} : { cookie }) };
    class Line extends WebSocket {
      constructor(address: string) {
        super(address, { headers });
        this.on('message', (data: Buffer) => {
          traffic.framesIn += 1;
          traffic.bytesIn += data.byteLength;
        });
      }
      override send(data: Uint8Array): void {
        traffic.framesOut += 1;
        traffic.bytesOut += data.byteLength;
        super.send(data);
      }
    }
    this.provider = new WebsocketProvider(`${base.replace('http', 'ws')}/yjs/${roomId}`, draftId, this.doc, {
      params: { editor: String(EDITOR_VERSION) },
      disableBc: true,
      maxBackoffTime: 500,
      WebSocketPolyfill: Line as unknown as typeof globalThis.WebSocket,
    });
    this.provider.awareness.setLocalState(null);
    // Stock clients pass over these with a line on the console.
    const handlers = this.provider.messageHandlers as ((encoder: unknown, decoder: decoding.Decoder) => void)[];
    handlers[frameTypes.saved] = (_encoder, decoder) => {
      this.saved = decoding.readVarUint(decoder);
      this.ordinal = decoding.readVarUint(decoder);
    };
    handlers[frameTypes.standing] = () => undefined;
    handlers[frameTypes.content] = () => undefined;
    this.provider.on('status', ({ status }) => {
      if (status !== 'connected') return;
      this.saved = 0;
      this.connections += 1;
    });
  }

  /** The very characters of the paragraph; '' before there is one. */
  get text(): string {
    const paragraph = this.doc.getXmlFragment(DRAFT_FIELD).get(0);
    const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
    return text instanceof Y.XmlText
      ? text
          .toDelta()
          .map(({ insert }: { insert: string }) => insert)
          .join('')
      : '';
  }

  leave(): void {
    this.provider.destroy();
    this.doc.destroy();
  }
}

/** The one paragraph's text in which a trace is written. */
export function paragraphOf(doc: Y.Doc): Y.XmlText {
  const paragraph = doc.getXmlFragment(DRAFT_FIELD).get(0);
  const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
  if (!(text instanceof Y.XmlText)) throw new Error('the draft has no paragraph');
  return text;
}

/** Makes the paragraph. Once a draft: two made at the same time would stay two. */
export function makeParagraph(doc: Y.Doc): void {
  doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    doc.getXmlFragment(DRAFT_FIELD).push([paragraph]);
    paragraph.push([new Y.XmlText()]);
  });
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} kB`;
}

/** What the server answers for a draft with one paragraph of this text: the text, where a line feed is a space, and the hash of it all. */
export function answerFor(text: string): { readonly text: string; readonly contentHash: string } {
  const doc = new Y.Doc();
  makeParagraph(doc);
  paragraphOf(doc).insert(0, text);
  return { text: text.replaceAll('\n', ' '), contentHash: contentHash(doc.getXmlFragment(DRAFT_FIELD)) };
}

/** Fails with the first place where two long texts differ. */
export function mustEqual(actual: string, expected: string, where: string): void {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at += 1;
  const piece = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
  throw new Error(`${where} differs at ${at} of ${expected.length}: ${piece(actual)} instead of ${piece(expected)}`);
}
