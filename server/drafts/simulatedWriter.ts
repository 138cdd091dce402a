import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { DRAFT_FIELD, EDITOR_VERSION } from '#shared/document/schema.ts';
import { frameTypes } from '#shared/protocol/frames.ts';
import type { Standing } from '#shared/protocol/frames.ts';
import type { DraftConnection, Drafts } from './drafts.ts';
import { presenceFrame, stepOneFrame, stepTwoFrame, updateFrame } from './frames.ts';
import type { PresencePerson } from './presence.ts';

const OTHERS = Symbol('others');
/** As often as a browser says that it is still there. */
const RENEW_MS = 15_000;

/**
 * Somebody who types in a draft without a browser: a copy of his own behind the door every editor's frames go through, held to
 * the same rules. For people who are simulated, and say so in their names.
 */
export class SimulatedWriter {
  readonly #doc = new Y.Doc();
  readonly #connection: DraftConnection;
  #write = false;
  #synced = false;
  #ended = false;
  #clock = 0;
  #renewing: NodeJS.Timeout | null = null;

  constructor(drafts: Pick<Drafts, 'connect'>, where: { readonly roomId: string; readonly draftId: string }, person: PresencePerson) {
    this.#doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== OTHERS && !this.#ended) this.#connection.receive(updateFrame(update));
    });
    const socket = {
      // Never within the call that sends: what a frame leads to would come in the middle of what sent it.
      send: (bytes: Uint8Array) => queueMicrotask(() => this.#take(bytes)),
      close: () => {
        this.#ended = true;
      },
      bufferedBytes: 0,
    };
    this.#connection = drafts.connect(socket, {
      ...where,
      actor: { kind: 'participant', id: person.id },
      presence: person,
      editorVersion: EDITOR_VERSION,
      lineage: null,
    });
    if (!this.#ended) this.#connection.receive(stepOneFrame(Y.encodeStateVector(this.#doc)));
  }

  /** Whether it was sent away: make another one. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the text is there and this person may write in it now. */
  get mayWrite(): boolean {
    return this.#synced && this.#write && !this.#ended;
  }

  /**
   * Types at the end of the n-th block at the top, counted from 0; -1 is a new paragraph behind all others, -2 the last one. Gives
   * false where this person may not write or there is no text at that place.
   */
  type(block: number, words: string): boolean {
    if (!this.mayWrite) return false;
    const fragment = this.#doc.getXmlFragment(DRAFT_FIELD);
    const text = block === -1 ? newParagraph(fragment) : lastTextOf(fragment.get(block === -2 ? fragment.length - 1 : block));
    if (text === null) return false;
    text.insert(text.length, words);
    this.#showCaret(text);
    return true;
  }

  /** Goes: the caret disappears, the words stay. */
  leave(): void {
    if (!this.#ended) this.#connection.closed();
    this.#ended = true;
    if (this.#renewing !== null) clearInterval(this.#renewing);
    this.#doc.destroy();
  }

  #take(bytes: Uint8Array): void {
    if (this.#ended) return;
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    if (type === frameTypes.standing) {
      this.#write = (JSON.parse(decoding.readVarString(decoder)) as Standing).write;
    } else if (type === frameTypes.sync) {
      const step = decoding.readVarUint(decoder);
      const payload = decoding.readVarUint8Array(decoder);
      if (step === 0) this.#connection.receive(stepTwoFrame(Y.encodeStateAsUpdate(this.#doc, payload)));
      else {
        Y.applyUpdate(this.#doc, payload, OTHERS);
        this.#synced = true;
      }
    }
  }

  #showCaret(text: Y.XmlText): void {
    const at = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, text.length)) as unknown;
    const state = JSON.stringify({ cursor: { anchor: at, head: at } });
    const show = (): void => {
      this.#clock += 1;
      if (!this.#ended) this.#connection.receive(presenceFrame([{ clientId: this.#doc.clientID, clock: this.#clock, state }]));
    };
    show();
    if (this.#renewing !== null) clearInterval(this.#renewing);
    this.#renewing = setInterval(show, RENEW_MS).unref();
  }
}

function newParagraph(fragment: Y.XmlFragment): Y.XmlText {
  const paragraph = new Y.XmlElement('paragraph');
  fragment.push([paragraph]);
  const text = new Y.XmlText();
  paragraph.push([text]);
  return text;
}

function lastTextOf(block: unknown): Y.XmlText | null {
  if (!(block instanceof Y.XmlElement) || block.nodeName !== 'paragraph') return null;
  const last: unknown = block.length === 0 ? null : block.get(block.length - 1);
  if (last instanceof Y.XmlText) return last;
  const text = new Y.XmlText();
  block.push([text]);
  return text;
}
