import * as Y from 'yjs';
import { checkTransaction } from '#shared/document/check.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection, RejectionCode } from '#shared/domain/rejections.ts';
import { closeCodes } from '#shared/protocol/close.ts';
import { isTooHeavy } from './burden.ts';
import { costOf } from './cost.ts';
import type { DraftText } from './draftText.ts';
import { createDocument, isWhole } from './draftText.ts';
import type { JoinCost } from './joinCost.ts';
import { scanUpdate } from './scan.ts';

/** A sync step 2 or update frame, and who sent it. */
export interface WriteFrame<Source extends object = object> {
  readonly source: Source;
  readonly actor: Actor;
  /** It came over a connection that only reads, whatever its person may do elsewhere. */
  readonly readsOnly: boolean;
  readonly step: 'stepTwo' | 'update';
  readonly update: Uint8Array;
  /** What a count of a join with this update came to, where one was asked for. */
  readonly count?: JoinCost | undefined;
}

/** A frame refused for good: with which code its connection is closed, and why. */
export interface Refusal {
  readonly is: 'refused';
  readonly close: number;
  readonly why: RejectionCode;
}

/**
 * What becomes of a frame. stored: it adds something and goes into the log. nothing: all of it is there already. gap: something
 * it rests on is missing, so the sender is asked for all it has. ignored: its connection was refused a frame before this one. later:
 * the turn has cost enough. uncounted: a join with it has to be counted first.
 */
export type Verdict =
  | { readonly is: 'stored' }
  | { readonly is: 'nothing' }
  | { readonly is: 'gap' }
  | { readonly is: 'ignored' }
  | { readonly is: 'later' }
  | { readonly is: 'uncounted' }
  | Refusal;

/** What a batch is judged by; asked anew for every frame. */
export interface Judge {
  readonly limits: Pick<Limits, 'draftStateBytes' | 'draftLogBytes' | 'joinSteps'>;
  mayWrite(frame: Pick<WriteFrame, 'actor' | 'readsOnly'>): Rejection | null;
  /** Whether somebody else shows presence under this client id. */
  isForeign(clientId: number, actor: Actor): boolean;
  /** Whether this connection was refused a frame for good in an earlier turn. */
  wasRefused(frame: Pick<WriteFrame, 'source'>): boolean;
}

/** What a frame and a turn may cost, in units of cost.ts: about a microsecond each. A turn takes at least one frame. */
const frameUnits = 120_000;
const turnUnits = 40_000;
/** Client ids in a draft, of one person and of all: a page that is loaded anew writes under another. */
const writersPerPerson = 2_000;
const writersInAll = 50_000;

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
  /** Units that the frames taken so far cost. */
  units = 0;
  /** Nothing more is taken in this turn. */
  isOver = false;
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
  if (batch.isOver) return { is: 'later' };
  if (batch.refused.has(frame.source) || judge.wasRefused(frame)) return { is: 'ignored' };
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
  if (hasTooManyWriters(text, batch, scan.writers, actor.id)) return refuse(closeCodes.tooCostly, 'tooCostly');
  const cost = costOf(doc, scan.structs, scan.deletes, frameUnits);
  if (cost === null || (frame.count !== undefined && isTooHeavy(frame.count, judge.limits.joinSteps)))
    return refuse(closeCodes.tooCostly, 'tooCostly');
  const isFirst = batch.units === 0;
  if (!isFirst && batch.units + cost.units > turnUnits) return end(batch, 'later');
  if (frame.count === undefined && text.burden.asksForCount(cost, judge.limits.joinSteps))
    return end(batch, isFirst ? 'uncounted' : 'later');
  // Content that one frame of this turn adds and another deletes would be gone before it is checked, but not from the log.
  if (deletesWhatIsNew(scan.deletes, transaction.beforeState, doc) && checkTransaction(doc, transaction) !== null) throw new Spoilt();
  Y.applyUpdate(doc, frame.update);
  if (!isWhole(doc)) throw new Spoilt();
  batch.bytes = size;
  batch.units += cost.units;
  if (frame.count === undefined) text.burden.take(cost);
  else text.burden.counted(frame.count, judge.limits.joinSteps);
  for (const clientId of scan.writers) if (batch.ownerOf(clientId) === undefined) batch.claims.set(clientId, actor.id);
  return { is: 'stored' };
}

/** Ends the turn before a frame. */
function end(batch: Batch, is: 'later' | 'uncounted'): Verdict {
  batch.isOver = true;
  return { is };
}

/** Whether a frame brings client ids beyond what one person, or all together, ever need: each costs every joiner and every turn. */
function hasTooManyWriters({ authors }: DraftText, { claims }: Batch, writers: readonly number[], personId: string): boolean {
  if (writers.every((clientId) => authors.has(clientId) || claims.has(clientId))) return false;
  let own = 0;
  for (const known of [authors, claims]) for (const owner of known.values()) if (owner === personId) own += 1;
  return own + writers.length > writersPerPerson || authors.size + claims.size + writers.length > writersInAll;
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
