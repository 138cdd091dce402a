import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { stepOneFrame, updateFrame } from '../../server/drafts/frames.ts';
import { DRAFT_FIELD, EDITOR_VERSION } from '../../shared/document/schema.ts';
import { frameTypes } from '../../shared/protocol/frames.ts';

export interface EditorPlace {
  readonly base: string;
  readonly cookie: string;
  readonly roomId: string;
  readonly draftId: string;
}

/**
 * Somebody who types into a paragraph of his own, a letter an edit. All his edits are made before he begins, and of what comes in he
 * reads acknowledgements and nothing else, so that many of them cost little. Frames go out by the clock, whether or not the ones before
 * were acknowledged; the time is taken from just before a frame is written to when its acknowledgement is read.
 */
export class Editor {
  readonly #ws: WebSocket;
  readonly #frames: readonly Uint8Array[];
  readonly #sentAt: number[] = [];
  #saved = 0;
  /** Of each edit acknowledged so far, in ms. */
  readonly waited: number[] = [];
  closed: number | null = null;

  private constructor(ws: WebSocket, frames: readonly Uint8Array[]) {
    this.#ws = ws;
    this.#frames = frames;
    ws.on('close', (code) => (this.closed = code));
    ws.on('message', (data: Buffer) => {
      if (data[0] !== frameTypes.saved) return;
      const decoder = decoding.createDecoder(data);
      decoding.readVarUint(decoder);
      const saved = decoding.readVarUint(decoder);
      const now = performance.now();
      for (; this.#saved < saved; this.#saved += 1) this.waited.push(now - (this.#sentAt[this.#saved] ?? now));
    });
  }

  /** Joins a draft, with so many edits to make. */
  static async join({ base, cookie, roomId, draftId }: EditorPlace, edits: number): Promise<Editor> {
    const ws = new WebSocket(`${base.replace('http', 'ws')}/yjs/${roomId}/${draftId}?editor=${EDITOR_VERSION}`, {
      headers: { origin: base, cookie },
      perMessageDeflate: false,
    });
    const doc = new Y.Doc();
    await new Promise<void>((resolve, reject) => {
      ws.on('error', reject);
      ws.on('close', (code) => reject(new Error(`closed with ${code}`)));
      ws.on('message', (data: Buffer) => {
        if (data[0] === frameTypes.standing) ws.send(stepOneFrame(Y.encodeStateVector(doc)));
        if (data[0] !== frameTypes.sync || data[1] !== 1) return;
        const decoder = decoding.createDecoder(data.subarray(2));
        Y.applyUpdate(doc, decoding.readVarUint8Array(decoder));
        resolve();
      });
    });
    ws.removeAllListeners('message');
    return new Editor(ws, editsOf(doc, edits));
  }

  get sent(): number {
    return this.#sentAt.length;
  }

  get acknowledged(): number {
    return this.#saved;
  }

  /** Sends the next edit. */
  type(): void {
    const frame = this.#frames[this.#sentAt.length];
    if (frame === undefined) return;
    this.#sentAt.push(performance.now());
    this.#ws.send(frame);
  }

  close(): void {
    this.#ws.terminate();
  }
}

function editsOf(doc: Y.Doc, count: number): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  const text = new Y.XmlText('.');
  doc.on('update', (update: Uint8Array) => frames.push(updateFrame(update)));
  doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    doc.getXmlFragment(DRAFT_FIELD).push([paragraph]);
    paragraph.push([text]);
  });
  while (frames.length < count) text.insert(text.length, 'a');
  return frames;
}
