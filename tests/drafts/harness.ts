import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { createDrafts } from '#server/drafts/drafts.ts';
import type { DraftConnection, Drafts } from '#server/drafts/drafts.ts';
import type { DraftParts } from '#server/drafts/parts.ts';
import { presenceFrame, stepOneFrame, stepTwoFrame, updateFrame } from '#server/drafts/frames.ts';
import { createGroupCommit } from '#server/store/groupCommit.ts';
import type { DraftEntry, Journal } from '#server/store/ports.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import type { SqliteStore } from '#server/store/sqlite/openSqlite.ts';
import { DRAFT_FIELD, EDITOR_VERSION } from '#shared/document/schema.ts';
import { contentHash, documentText } from '#shared/document/text.ts';
import type { Actor } from '#shared/domain/decision.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
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

export async function openTestStore(): Promise<SqliteStore> {
  const folder = await mkdtemp(path.join(tmpdir(), 'drafts-'));
  const store = await openSqlite({ file: path.join(folder, 'test.db') });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return store;
}

/** Who may do what, to be changed at will. Everybody may write who is not named. */
export class TestAccess {
  readonly mayNotWrite = new Map<string, Rejection>();
  readonly mayNotRead = new Map<string, Rejection>();
  locked = false;
  lineage: string | null = lineage;

  mayWrite = (_roomId: string, _draftId: string, actor: Actor): Rejection | null => {
    if (actor.kind !== 'participant') return { code: 'signInNeeded' };
    const rejection = this.mayNotWrite.get(actor.id);
    if (rejection !== undefined) return rejection;
    return this.locked ? { code: 'draftLocked' } : null;
  };
  mayRead = (_roomId: string, actor: Actor): Rejection | null =>
    actor.kind === 'participant' ? (this.mayNotRead.get(actor.id) ?? null) : null;
  lineageOf = (): string | null => this.lineage;
}

export interface House {
  readonly drafts: Drafts;
  readonly access: TestAccess;
  readonly store: SqliteStore;
  readonly failures: unknown[];
}

/** Drafts over a real store; `journal` wraps the way to it. */
export function startDrafts(
  store: SqliteStore,
  options: {
    readonly access?: TestAccess;
    readonly limits?: Partial<Limits>;
    readonly journal?: (journal: Journal) => Journal;
    readonly parts?: Partial<DraftParts>;
  } = {},
): House {
  const access = options.access ?? new TestAccess();
  const journal = options.journal?.(store.journal) ?? store.journal;
  const failures: unknown[] = [];
  const drafts = createDrafts({
    journal,
    snapshots: store.snapshots,
    commits: createGroupCommit(journal, { turnMs: 5 }),
    access,
    limits: { ...defaultLimits, ...options.limits },
    now: Date.now,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onStoreFailed: (reason) => failures.push(reason),
    ...options.parts,
  });
  return { drafts, access, store, failures };
}

/** The whole log of a draft. */
export async function logOf(store: SqliteStore, id = draftId): Promise<readonly DraftEntry[]> {
  return store.journal.readDraft(id, 0, 1_000_000);
}

/** A document made from the log alone, without the code under test and without the changes Yjs makes to formatting by itself. */
export async function documentOf(store: SqliteStore, id = draftId): Promise<Y.Doc> {
  const doc = new Y.Doc();
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    transaction._needFormattingCleanup = false;
  });
  for (const { kind, bytes } of await logOf(store, id)) if (kind === 'update') Y.applyUpdate(doc, bytes);
  return doc;
}

export function textOf(doc: Y.Doc): string {
  return documentText(doc.getXmlFragment(DRAFT_FIELD));
}

interface Options {
  readonly doc?: Y.Doc;
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

  constructor(drafts: Drafts, name: string, options: Options = {}) {
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
        roomId,
        draftId,
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

/** Somebody who has joined and got the draft. */
export async function join(drafts: Drafts, name: string, options: Options = {}): Promise<Person> {
  const person = new Person(drafts, name, options);
  await until(`${name} has got the draft`, () => person.synced || person.closed !== null);
  return person;
}

/** An update with one paragraph of words, under a client id of one's choice. */
export function updateOf(clientId: number, words: string): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  doc.getXmlFragment(DRAFT_FIELD).insert(0, [paragraph]);
  return Y.encodeStateAsUpdate(doc);
}

/** An update of parts, written number by number; strings are written as Yjs writes them. */
export function rawUpdate(parts: readonly (number | string)[]): Uint8Array {
  return encoding.encode((encoder) => {
    for (const part of parts) {
      if (typeof part === 'string') encoding.writeVarString(encoder, part);
      else encoding.writeVarUint(encoder, part);
    }
  });
}

/** Mulberry32: small, seeded, good enough to choose what happens. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
