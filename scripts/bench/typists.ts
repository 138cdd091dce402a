/* People who type in the middle of a draft, with their carets, in a process of their own. Told what to do over IPC. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import process from 'node:process';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { stepOneFrame, updateFrame } from '../../server/drafts/frames.ts';
import { makeAnchor } from '../../shared/document/anchors.ts';
import { DRAFT_FIELD, EDITOR_VERSION } from '../../shared/document/schema.ts';
import { buildTextIndex } from '../../shared/document/text-index.ts';
import { frameTypes } from '../../shared/protocol/frames.ts';
import type { EditorPlace } from './editor.ts';

export type TypistsOrder =
  | { readonly is: 'join'; readonly places: readonly EditorPlace[] }
  /** The first of them writes a text of so many paragraphs of so many characters. */
  | { readonly is: 'fill'; readonly paragraphs: number; readonly length: number }
  /** Anchors of so many passages, spread over the text, for comments. */
  | { readonly is: 'anchors'; readonly count: number }
  /** Each in a paragraph of their own, so often, until told to stop. */
  | { readonly is: 'type'; readonly perSecond: number }
  | { readonly is: 'stop' };

const WORDS = '公园拆除围墙之后，出入口是居民每天经过的路，间距一般不超过三百米，并按居民实际到访的方向设置。';

/** Reads what the draft was when they joined and nothing after it, so that many of them cost little. */
class Typist {
  readonly doc = new Y.Doc();
  readonly #awareness = new Awareness(this.doc);
  readonly #ws: WebSocket;
  #text: Y.XmlText | null = null;
  #at = 0;
  sent = 0;

  private constructor(ws: WebSocket, before: Uint8Array) {
    this.#ws = ws;
    Y.applyUpdate(this.doc, before);
    this.doc.on('update', (update: Uint8Array) => ws.send(updateFrame(update)));
  }

  static async join({ base, cookie, roomId, draftId }: EditorPlace): Promise<Typist> {
    const ws = new WebSocket(`${base.replace('http', 'ws')}/yjs/${roomId}/${draftId}?editor=${EDITOR_VERSION}`, {
      headers: { origin: base, cookie },
      perMessageDeflate: false,
    });
    const before = new Y.Doc();
    await new Promise<void>((resolve, reject) => {
      ws.on('error', reject);
      ws.on('close', (code) => reject(new Error(`closed with ${code}`)));
      ws.on('message', (data: Buffer) => {
        if (data[0] === frameTypes.standing) ws.send(stepOneFrame(Y.encodeStateVector(before)));
        if (data[0] !== frameTypes.sync || data[1] !== 1) return;
        const decoder = decoding.createDecoder(data.subarray(2));
        Y.applyUpdate(before, decoding.readVarUint8Array(decoder));
        resolve();
      });
    });
    ws.removeAllListeners('message');
    return new Typist(ws, Y.encodeStateAsUpdate(before));
  }

  fill(paragraphs: number, length: number): void {
    const words = WORDS.repeat(Math.ceil(length / WORDS.length)).slice(0, length);
    const fragment = this.doc.getXmlFragment(DRAFT_FIELD);
    for (let n = 0; n < paragraphs; n += 25) {
      this.doc.transact(() => {
        for (let m = 0; m < Math.min(25, paragraphs - n); m += 1) {
          const paragraph = new Y.XmlElement('paragraph');
          fragment.push([paragraph]);
          paragraph.push([new Y.XmlText(words)]);
        }
      });
    }
  }

  /** Puts the caret into the middle of a block. */
  sit(block: number): void {
    this.#text = (this.doc.getXmlFragment(DRAFT_FIELD).get(block) as Y.XmlElement).get(0) as Y.XmlText;
    this.#at = Math.floor(this.#text.length / 2);
  }

  type(): void {
    const text = this.#text;
    if (text === null) return;
    text.insert(this.#at, '字');
    this.#at += 1;
    this.sent += 1;
    const caret = Y.createRelativePositionFromTypeIndex(text, this.#at);
    this.#awareness.setLocalState({ cursor: { anchor: caret, head: caret } });
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, frameTypes.awareness);
    encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(this.#awareness, [this.doc.clientID]));
    this.#ws.send(encoding.toUint8Array(encoder));
  }

  close(): void {
    this.#awareness.destroy();
    this.#ws.terminate();
  }
}

let typists: Typist[] = [];
let timers: NodeJS.Timeout[] = [];

process.on('message', (order: TypistsOrder) => {
  follow(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));

async function follow(order: TypistsOrder): Promise<object> {
  switch (order.is) {
    case 'join':
      for (const typist of typists) typist.close();
      typists = [];
      for (const place of order.places) typists.push(await Typist.join(place));
      return {};
    case 'fill':
      typists[0]?.fill(order.paragraphs, order.length);
      return {};
    case 'anchors': {
      const doc = typists[0]?.doc;
      if (doc === undefined) return { anchors: [] };
      const index = buildTextIndex(doc.getXmlFragment(DRAFT_FIELD));
      const step = Math.floor(index.text.length / (order.count + 1));
      const anchors = Array.from({ length: order.count }, (_, n) => makeAnchor(index, { from: (n + 1) * step, to: (n + 1) * step + 12 }));
      return { anchors: anchors.filter((anchor) => typeof anchor !== 'string') };
    }
    case 'type': {
      const blocks = typists[0]?.doc.getXmlFragment(DRAFT_FIELD).length ?? 0;
      const everyMs = 1_000 / order.perSecond;
      typists.forEach((typist, index) => {
        // Half of them near the beginning, where the page looks, the others all over the text.
        typist.sit(index % 2 === 0 ? 1 + index : Math.floor((blocks * index) / typists.length));
        setTimeout(() => timers.push(setInterval(() => typist.type(), everyMs)), (everyMs * index) / typists.length);
      });
      return {};
    }
    case 'stop': {
      for (const timer of timers) clearInterval(timer);
      timers = [];
      const sent = typists.reduce((sum, typist) => sum + typist.sent, 0);
      for (const typist of typists) typist.sent = 0;
      return { sent };
    }
  }
}
