import * as Y from 'yjs';
import { clauseIds } from '#shared/document/clauseIds.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { TextIndex } from '#shared/document/text-index.ts';
import { beginningOf, canonicalDocument, contentHash } from '#shared/document/text.ts';
import type { ClauseId } from '#shared/domain/drafts/events.ts';
import type { Json } from '#shared/lib/canonical.ts';
import type { DraftEntry } from '../store/ports.ts';
import { Burden } from './burden.ts';
import { entryDigest } from './entries.ts';
import { stepTwoFrame } from './frames.ts';

/** How much may be added before the size of a draft is measured again. */
const measureEveryBytes = 64 * 1024;
/** Answers that are kept until the next entry: people who lost their lines together hold the same copies. */
const answersKept = 32;
const answerKeptBytes = 64 * 1024;

/** Where in its log a draft's text stands. */
export interface Head {
  readonly ordinal: number;
  readonly digest: string;
  /** Time of the last entry. */
  readonly at: number;
  /** Bytes of all updates in the log. */
  readonly logBytes: number;
}

/** A draft's whole text at one moment. `clauses`: one entry for each block at the top, null where it is no clause. */
export interface DraftDocument {
  readonly document: Json;
  readonly contentHash: string;
  readonly clauses: readonly (ClauseId | null)[];
}

/** The first blocks of a draft, with an entry for each: the clause it is, null where it is none. */
export interface DraftBeginning {
  readonly blocks: readonly Json[];
  readonly goesOn: boolean;
  readonly clauses: readonly (ClauseId | null)[];
}

/**
 * A draft in memory: its document, who writes under which client id, and where its log stands. Whoever finds that it ran ahead
 * of the log in a way that cannot be stored throws the whole of it away and loads anew.
 */
export class DraftText {
  doc: Y.Doc;
  /** The first participant who wrote structs under a Yjs client id owns it. */
  readonly authors: Map<number, string>;
  readonly draftId: string;
  #head: Head;
  #measured: number;
  #sinceMeasured = 0;
  /** The whole document, as a part of the frame that carries it. */
  #whole: Uint8Array | null = null;
  #wholeFrame: Uint8Array | null = null;
  #vector: Uint8Array | null = null;
  readonly #answers = new Map<string, Uint8Array>();
  #index: TextIndex | null = null;
  /** What a join may have come to cost since it was counted last. */
  readonly burden: Burden;

  constructor(draftId: string, doc: Y.Doc, authors: Map<number, string>, head: Head, stateBytes: number, burden = new Burden()) {
    this.draftId = draftId;
    this.doc = doc;
    this.authors = authors;
    this.#head = head;
    this.#measured = stateBytes;
    this.burden = burden;
  }

  get head(): Head {
    return this.#head;
  }

  /** Takes note of an entry that was read from the log or is about to be written to it. */
  advance(entry: DraftEntry): void {
    const size = entry.bytes.byteLength;
    this.#head = { ordinal: entry.ordinal, digest: entry.digest, at: entry.at, logBytes: this.#head.logBytes + size };
    this.#sinceMeasured += size;
    this.#whole = null;
    this.#wholeFrame = null;
    this.#vector = null;
    this.#answers.clear();
    this.#index = null;
  }

  /** The next entry of the log; the text counts it as there from now on. */
  append(entry: Pick<DraftEntry, 'kind' | 'actorId' | 'bytes' | 'salt'>, now: number): DraftEntry {
    const next = { ...entry, draftId: this.draftId, ordinal: this.#head.ordinal + 1, at: Math.max(now, this.#head.at) };
    const appended = { ...next, digest: entryDigest(this.#head.digest, next) };
    this.advance(appended);
    return appended;
  }

  /** Bytes of the whole document as a joiner gets it; an upper estimate, measured anew when it exceeds `limit`. */
  stateBytes(limit: number): number {
    if (this.#measured + this.#sinceMeasured > limit && this.#sinceMeasured > measureEveryBytes) {
      this.#measured = Y.encodeStateAsUpdate(this.doc).byteLength;
      this.#sinceMeasured = 0;
    }
    return this.#measured + this.#sinceMeasured;
  }

  /**
   * The frame with what somebody lacks who has `stateVector`; throws if that is none. After a restart everybody asks at once: the whole
   * document, and what is lacked behind each of a few state vectors, are encoded once per ordinal.
   */
  answer(stateVector: Uint8Array): Uint8Array {
    const hasNothing = stateVector.byteLength === 1 && stateVector[0] === 0;
    if (hasNothing) return this.#wholeAnswer();
    const key = Buffer.from(stateVector).toString('latin1');
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const frame = stepTwoFrame(Y.encodeStateAsUpdate(this.doc, stateVector));
    if (this.#answers.size < answersKept && frame.byteLength <= answerKeptBytes) this.#answers.set(key, frame);
    return frame;
  }

  /** The whole document as one update. */
  whole(): Uint8Array {
    this.#wholeAnswer();
    return this.#whole ?? new Uint8Array();
  }

  #wholeAnswer(): Uint8Array {
    if (this.#wholeFrame !== null) return this.#wholeFrame;
    const whole = Y.encodeStateAsUpdate(this.doc);
    this.#measured = whole.byteLength;
    this.#sinceMeasured = 0;
    const frame = stepTwoFrame(whole);
    this.#whole = frame.subarray(frame.byteLength - whole.byteLength);
    this.#wholeFrame = frame;
    return frame;
  }

  stateVector(): Uint8Array {
    this.#vector ??= Y.encodeStateVector(this.doc);
    return this.#vector;
  }

  contentHash(): string {
    return contentHash(this.#fragment());
  }

  /** The clauses in the order they stand in. */
  clauses(): readonly ClauseId[] {
    return clauseIds(this.#fragment()).filter((id) => id !== null);
  }

  document(): DraftDocument {
    const fragment = this.#fragment();
    return { document: canonicalDocument(fragment), contentHash: contentHash(fragment), clauses: clauseIds(fragment) };
  }

  /** Its first blocks, so many characters at most, and which clause each is. */
  beginning(characters: number): DraftBeginning {
    const fragment = this.#fragment();
    const { blocks, goesOn } = beginningOf(fragment, characters);
    return { blocks, goesOn, clauses: clauseIds(fragment, blocks.length) };
  }

  index(): TextIndex {
    this.#index ??= buildTextIndex(this.#fragment());
    return this.#index;
  }

  #fragment(): Y.XmlFragment {
    return this.doc.getXmlFragment(DRAFT_FIELD);
  }
}

/**
 * A document for the server. Yjs tidies up formatting after remote changes by deletions of its own; here these would be changes
 * nobody made and no log holds, so they are switched off, as they are in the editors.
 */
export function createDocument(): Y.Doc {
  const doc = new Y.Doc();
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    transaction._needFormattingCleanup = false;
  });
  return doc;
}

/** Whether the document holds everything that was applied to it, nothing waiting for what is missing. */
export function isWhole(doc: Y.Doc): boolean {
  return doc.store.pendingStructs === null && doc.store.pendingDs === null;
}
