import * as Y from 'yjs';
import { checkTransaction } from '#shared/document/check.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection, RejectionCode } from '#shared/domain/rejections.ts';
import { closeCodes } from '#shared/protocol/close.ts';
import type { DraftText } from './draftText.ts';
import { createDocument, isWhole } from './draftText.ts';
import { scanUpdate } from './scan.ts';

/** A sync step 2 or update frame, and who sent it. */
export interface WriteFrame<Source extends object = object> {
  readonly source: Source;
  readonly actor: Actor;
  /** It came over a connection that only reads, whatever its person may do elsewhere. */
  readonly readsOnly: boolean;
  readonly step: 'stepTwo' | 'update';
  readonly update: Uint8Array;
}

/** A frame refused for good: with which code its connection is closed, and why. */
export interface Refusal {
  readonly is: 'refused';
  readonly close: number;
  readonly why: RejectionCode;
}

/**
 * What becomes of a frame. stored: it adds something and goes into the log. nothing: all of it is there already. gap: something
 * it rests on is missing, so the sender is asked for all it has. ignored: its connection was refused a frame before this one.
 */
export type Verdict =
  { readonly is: 'stored' } | { readonly is: 'nothing' } | { readonly is: 'gap' } | { readonly is: 'ignored' } | Refusal;

/** What a batch is judged by; asked anew for every frame. */
export interface Judge {
  readonly limits: Pick<Limits, 'draftStateBytes' | 'draftLogBytes'>;
  mayWrite(frame: Pick<WriteFrame, 'actor' | 'readsOnly'>): Rejection | null;
  /** Whether somebody else shows presence under this client id. */
  isForeign(clientId: number, actor: Actor): boolean;
}

function refuse(close: number, why: RejectionCode): Refusal {
  return { is: 'refused', close, why };
}

/** Thrown to leave a transaction whose document cannot be used any more. */
class Spoilt extends Error {}

/**
 * Applies the frames of a turn as one transaction and checks what they added. Gives null where the check failed: the document
 * is spoilt then, and the frames have to be applied one by one to one that was loaded anew.
 */
export function applyTogether(text: DraftText, frames: readonly WriteFrame[], judge: Judge): readonly Verdict[] | null {
  return applyTransaction(text, frames, judge, new Batch(text));
}

/**
 * Applies frames one after the other, each checked alone, so that only the offender is refused. The text must be as it was
 * loaded, without anything that is not in the log.
 */
export function applyOneByOne(text: DraftText, frames: readonly WriteFrame[], judge: Judge): readonly Verdict[] {
  const base = text.whole();
  const batch = new Batch(text);
  const kept: Uint8Array[] = [];
  return frames.map((frame) => {
    const [verdict] = applyTransaction(text, [frame], judge, batch) ?? [];
    if (verdict !== undefined) {
      if (verdict.is === 'stored') kept.push(frame.update);
      return verdict;
    }
    text.doc = rebuilt(base, kept);
    batch.refused.add(frame.source);
    return refuse(closeCodes.content, 'malformed');
  });
}

function rebuilt(base: Uint8Array, updates: readonly Uint8Array[]): Y.Doc {
  const doc = createDocument();
  doc.transact(() => {
    for (const update of [base, ...updates]) Y.applyUpdate(doc, update);
  });
  return doc;
}

/** What the frames of a turn have claimed so far. */
class Batch {
  readonly refused = new Set<object>();
  /** Client ids first written under in the transaction under way. */
  readonly claims = new Map<number, string>();
  bytes = 0;
  readonly #text: DraftText;

  constructor(text: DraftText) {
    this.#text = text;
  }

  ownerOf(clientId: number): string | undefined {
    return this.#text.authors.get(clientId) ?? this.claims.get(clientId);
  }
}

function applyTransaction(text: DraftText, frames: readonly WriteFrame[], judge: Judge, batch: Batch): readonly Verdict[] | null {
  const { doc } = text;
  const verdicts: Verdict[] = [];
  try {
    doc.transact((transaction) => {
      for (const frame of frames) {
        const verdict = applyFrame(text, transaction, frame, judge, batch);
        if (verdict.is === 'refused') batch.refused.add(frame.source);
        verdicts.push(verdict);
      }
      if (checkTransaction(doc, transaction) !== null) throw new Spoilt();
    }, 'batch');
  } catch {
    // Besides a failed check: Yjs threw at what no client makes, and may have left half of it.
    batch.claims.clear();
    return null;
  }
  for (const [clientId, owner] of batch.claims) text.authors.set(clientId, owner);
  batch.claims.clear();
  return verdicts;
}

function applyFrame(text: DraftText, transaction: Y.Transaction, frame: WriteFrame, judge: Judge, batch: Batch): Verdict {
  if (batch.refused.has(frame.source)) return { is: 'ignored' };
  const { doc } = text;
  const scan = scanUpdate(doc, frame.update);
  if (scan.is === 'nothing') return { is: 'nothing' };
  const rejection = judge.mayWrite(frame);
  if (rejection !== null) return refuse(closeCodes.notAllowed, rejection.code);
  if (frame.actor.kind !== 'participant') return refuse(closeCodes.notAllowed, 'notAllowed');
  if (scan.is === 'gap') return { is: 'gap' };
  if (scan.is === 'bad') return refuse(closeCodes.badFrame, 'malformed');
  if (scan.is === 'forbidden') return refuse(closeCodes.content, 'malformed');
  const { actor } = frame;
  for (const clientId of scan.writers) {
    const owner = batch.ownerOf(clientId);
    if (owner === actor.id || (owner === undefined && !judge.isForeign(clientId, actor))) continue;
    return refuse(closeCodes.notAllowed, 'notAllowed');
  }
  const size = frame.update.byteLength + batch.bytes;
  const { draftLogBytes, draftStateBytes } = judge.limits;
  if (text.stateBytes(draftStateBytes) + size > draftStateBytes || text.head.logBytes + size > draftLogBytes) {
    return refuse(closeCodes.tooLarge, 'textTooLong');
  }
  // Content that one frame of this turn adds and another deletes would be gone before it is checked, but not from the log.
  if (deletesWhatIsNew(scan.deletes, transaction.beforeState, doc) && checkTransaction(doc, transaction) !== null) throw new Spoilt();
  Y.applyUpdate(doc, frame.update);
  if (!isWhole(doc)) throw new Spoilt();
  batch.bytes = size;
  for (const clientId of scan.writers) if (batch.ownerOf(clientId) === undefined) batch.claims.set(clientId, actor.id);
  return { is: 'stored' };
}

function deletesWhatIsNew(
  deletes: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>,
  before: ReadonlyMap<number, number>,
  doc: Y.Doc,
): boolean {
  for (const [client, ranges] of deletes) {
    const known = before.get(client) ?? 0;
    const last = ranges.at(-1);
    if (Y.getState(doc.store, client) > known && last !== undefined && last.clock + last.len > known) return true;
  }
  return false;
}
