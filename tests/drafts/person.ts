import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { DraftConnection, Drafts } from '#server/drafts/drafts.ts';
import { presenceFrame, stepOneFrame, stepTwoFrame, updateFrame } from '#server/drafts/frames.ts';
import { DRAFT_FIELD, EDITOR_VERSION } from '#shared/document/schema.ts';
import { contentHash, documentText } from '#shared/document/text.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { Standing } from '#shared/protocol/frames.ts';

export const roomId = 'room-1';
export const draftId = 'draft-1';
export const lineage = 'lineage-1';

/** Waits for a state; the watchdog is no target. */
export async function until(what: string, holds: () => boolean, watchdogMs = 20_000): Promise<void> {
  const end = performance.now() + watchdogMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
}

export function textOf(doc: Y.Doc): string {
  return documentText(doc.getXmlFragment(DRAFT_FIELD));
}

/** Who somebody is, and what he brings. */
export interface PersonOptions {
  readonly doc?: Y.Doc;
  /** Which draft, where it is not the one that most tests use. */
  readonly roomId?: string;
  readonly draftId?: string;
  readonly anonymous?: boolean;
  readonly observer?: boolean;
  readonly lineage?: string | null;
  readonly editorVersion?: number;
}

/** A person at an editor: a document of one's own, and what a stock client does with frames. */
export class Person {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly frames: Uint8Array[] = [];
  readonly standings: Standing[] = [];
  /** What it was told the content should be, and what it was then, if nothing of its own was on its way. */
  readonly checks: { readonly ordinal: number; readonly hash: string; readonly own: string | null }[] = [];
  readonly presence = new Map<number, { clock: number; state: { user?: { id?: string; name?: string } } & Record<string, unknown> }>();
  saved = { frames: 0, ordinal: 0 };
  sentWrites = 0;
  /** Which of its write frames were answers to step 1: each of these carries everything it had. */
  readonly stepTwoFrames: number[] = [];
  synced = false;
  stepOnes = 0;
  closed: { code: number; reason: string } | null = null;
  paused = false;
  /** What the network has not taken yet; grows with every frame where nobody reads. */
  bufferedBytes = 0;
  reads = true;
  answersStepOne = true;
  /** Which house it joined, where a test has several; and a listener that gets each awareness update as it came. */
  house = 0;
  onPresence: (update: Uint8Array) => void = () => undefined;
  readonly #presenceClocks = new Map<number, number>();
  readonly #connection: DraftConnection;
  #connected = true;
  readonly #onUpdate: (update: Uint8Array, origin: unknown) => void;

  constructor(drafts: Drafts, name: string, options: PersonOptions = {}) {
    this.name = name;
    this.doc = options.doc ?? new Y.Doc();
    const actor: Actor = options.anonymous === true ? { kind: 'anonymous' } : { kind: 'participant', id: name };
    const buffered = (): number => this.bufferedBytes;
    this.#connection = drafts.connect(
      {
        send: (bytes) => {
          // A copy, as a wire would make.
          this.#receive(Uint8Array.from(bytes));
        },
        close: (code, reason) => {
          this.closed ??= { code, reason };
          this.#stop();
        },
        get bufferedBytes() {
          return buffered();
        },
        pause: () => {
          this.paused = true;
        },
        resume: () => {
          this.paused = false;
        },
      },
      {
        roomId: options.roomId ?? roomId,
        draftId: options.draftId ?? draftId,
        actor,
        presence: options.observer === true || options.anonymous === true ? null : { id: name, name: `Name of ${name}`, role: 'member' },
        editorVersion: options.editorVersion ?? EDITOR_VERSION,
        lineage: options.lineage ?? null,
      },
    );
    this.#onUpdate = (update, origin) => {
      if (origin !== this) this.sendUpdate(update);
    };
    this.doc.on('update', this.#onUpdate);
    this.send(stepOneFrame(Y.encodeStateVector(this.doc)));
  }

  get connected(): boolean {
    return this.#connected;
  }

  get text(): string {
    return textOf(this.doc);
  }

  get allSaved(): boolean {
    return this.saved.frames === this.sentWrites;
  }

  get standing(): Standing | undefined {
    return this.standings.at(-1);
  }

  send(frame: Uint8Array): void {
    if (this.#connected) this.#connection.receive(Uint8Array.from(frame));
  }

  sendUpdate(update: Uint8Array): void {
    if (!this.#connected) return;
    this.sentWrites += 1;
    this.send(updateFrame(update));
  }

  sendStepTwo(update: Uint8Array): void {
    this.sentWrites += 1;
    this.stepTwoFrames.push(this.sentWrites);
    this.send(stepTwoFrame(update));
  }

  sendPresence(...lines: { clientId: number; clock: number; state: unknown }[]): void {
    this.send(presenceFrame(lines.map(({ clientId, clock, state }) => ({ clientId, clock, state: JSON.stringify(state) }))));
  }

  /** Says that its copy has another content at an ordinal. */
  sendDiverged(ordinal: number, hash: string): void {
    this.send(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 123);
        encoding.writeVarUint(encoder, ordinal);
        encoding.writeVarUint8Array(encoder, Uint8Array.from(Buffer.from(hash, 'hex')));
      }),
    );
  }

  /** Types at the end of the last paragraph, making one if there is none. */
  type(words: string): void {
    const fragment = this.doc.getXmlFragment(DRAFT_FIELD);
    this.doc.transact(() => {
      const last = fragment.length === 0 ? null : fragment.get(fragment.length - 1);
      if (last instanceof Y.XmlElement) {
        const text = last.length === 0 ? null : last.get(last.length - 1);
        if (text instanceof Y.XmlText) text.insert(text.length, words);
        else last.insert(0, [new Y.XmlText(words)]);
      } else {
        const paragraph = new Y.XmlElement('paragraph');
        paragraph.insert(0, [new Y.XmlText(words)]);
        fragment.insert(0, [paragraph]);
      }
    });
  }

  /** Takes out characters of the first text. */
  erase(from: number, length: number): void {
    const paragraph = this.doc.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement;
    (paragraph.get(0) as Y.XmlText).delete(from, length);
  }

  /** The socket dies; the document stays. */
  drop(): void {
    if (this.#connected) this.#connection.closed();
    this.#stop();
  }

  #stop(): void {
    this.#connected = false;
    this.doc.off('update', this.#onUpdate);
  }

  #receive(frame: Uint8Array): void {
    if (!this.#connected) return;
    this.frames.push(frame);
    if (!this.reads) this.bufferedBytes += frame.byteLength;
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === 0) this.#receiveSync(decoder);
    else if (type === 1) {
      const update = decoding.readVarUint8Array(decoder);
      this.#receivePresence(decoding.createDecoder(update));
      this.onPresence(update);
    } else if (type === 120) this.saved = { frames: decoding.readVarUint(decoder), ordinal: decoding.readVarUint(decoder) };
    else if (type === 121) this.standings.push(JSON.parse(decoding.readVarString(decoder)) as Standing);
    else if (type === 122) {
      const [ordinal, hash] = [decoding.readVarUint(decoder), Buffer.from(decoding.readVarUint8Array(decoder)).toString('hex')];
      this.checks.push({ ordinal, hash, own: this.allSaved ? contentHash(this.doc.getXmlFragment(DRAFT_FIELD)) : null });
    } else throw new Error(`Nobody knows frames of type ${type}.`);
  }

  #receiveSync(decoder: decoding.Decoder): void {
    const step = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    if (step === 0) {
      this.stepOnes += 1;
      if (this.answersStepOne) this.sendStepTwo(Y.encodeStateAsUpdate(this.doc, bytes));
      return;
    }
    Y.applyUpdate(this.doc, bytes, this);
    if (step === 1) this.synced = true;
  }

  #receivePresence(decoder: decoding.Decoder): void {
    for (let count = decoding.readVarUint(decoder); count > 0; count -= 1) {
      const clientId = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const state = JSON.parse(decoding.readVarString(decoder)) as never;
      const known = this.#presenceClocks.get(clientId) ?? -1;
      // As y-protocols has it: what is not newer is not looked at, but for the end of what was.
      if (clock < known || (clock === known && state !== null)) continue;
      this.#presenceClocks.set(clientId, clock);
      if (state === null) this.presence.delete(clientId);
      else this.presence.set(clientId, { clock, state });
    }
  }
}
