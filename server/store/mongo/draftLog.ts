import type { Collection, Db, Filter } from 'mongodb';
import { Binary } from 'mongodb';
import type { EntrySeal } from '#shared/domain/drafts/entryDigest.ts';
import { readPacked } from '../packedLog.ts';
import { BoundedRows } from '../readBounds.ts';
import type { Packing } from '../packing.ts';
import { heldAgainst } from '../packing.ts';
import type { Eraser } from '../erasing.ts';
import { erasedSegment } from '../erasing.ts';
import { Damaged } from '../damaged.ts';
import type { DraftEntry, Journal, JournalOutcome } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { isDatabaseFault, isDuplicateKey, untilVisible } from './faults.ts';
import { Heads } from './heads.ts';
import { makeIndexes } from './indexes.ts';
import { createSegments, indexSegments } from './draftSegments.ts';

/**
 * Entries that were written together are one document, a run: without transactions only one document goes in whole or not at
 * all. Runs follow one another without gap, so two that overlap begin at the same ordinal, and the unique key lets one in.
 */
interface RunDocument {
  readonly draftId: string;
  readonly first: number;
  readonly last: number;
  readonly lastDigest: string;
  readonly entries: readonly RunEntry[];
}

/** An entry of a run; its ordinal is the run's first and its place. */
interface RunEntry extends EntrySeal {
  readonly kind: DraftEntry['kind'];
  readonly actorId: string;
  readonly at: number;
  readonly bytes: Binary;
  readonly digest: string;
}

export type DraftLog = Pick<Journal, 'readDraft'> &
  Pick<Eraser, 'eraseEntries'> & {
    /** Appends entries of one draft, all or none. */
    append(draftId: string, entries: readonly DraftEntry[]): Promise<JournalOutcome>;
    /** Removes all entries of a draft. */
    remove(draftId: string): Promise<void>;
    readonly packing: Packing;
  };

export const runCollection = 'draftRuns';

/** Makes the indexes that the logs of drafts rest on. */
export async function indexDrafts(db: Db): Promise<void> {
  await makeIndexes(db, runCollection, [
    { key: { draftId: 1, first: 1 }, unique: true, name: 'first' },
    { key: { draftId: 1, last: 1 }, name: 'last' },
  ]);
  await indexSegments(db);
}

/** The logs of drafts in a database. `visibleWithinMs` bounds the wait for what beat an append to be readable. */
export function createDraftLog(db: Db, options: { readonly visibleWithinMs: number }): DraftLog {
  const runs: Collection<RunDocument> = db.collection(runCollection);
  const segments = createSegments(db);
  const heads = new Heads<number>(10_000);

  async function lastOrdinal(draftId: string): Promise<number> {
    const last = await runs.findOne({ draftId: { $eq: draftId } }, { sort: { last: -1 }, projection: { _id: 0, last: 1 } });
    return last?.last ?? (await segments.packed(draftId)).ordinal;
  }

  async function insert(run: RunDocument): Promise<JournalOutcome> {
    const sameStart = { draftId: { $eq: run.draftId }, first: { $eq: run.first } };
    try {
      await runs.insertOne(run);
      return { outcome: 'appended' };
    } catch (thrown) {
      if (isDuplicateKey(thrown)) {
        await untilVisible(() => runs.findOne(sameStart, { projection: { _id: 1 } }), options.visibleWithinMs);
        return { outcome: 'conflict' };
      }
      if (!isDatabaseFault(thrown)) throw thrown;
      const stored = await runs.findOne(sameStart, { projection: { _id: 0, last: 1, lastDigest: 1 } });
      if (stored?.last === run.last && stored.lastDigest === run.lastDigest) return { outcome: 'appended' };
      throw new StoreUnavailable('Whether an edit was stored is unknown.', { cause: thrown });
    }
  }

  async function append(draftId: string, entries: readonly DraftEntry[]): Promise<JournalOutcome> {
    const [start] = entries;
    const end = entries.at(-1);
    if (start === undefined || end === undefined) return { outcome: 'appended' };
    const dense = entries.every((entry, index) => entry.draftId === draftId && entry.ordinal === start.ordinal + index);
    if (!dense) return { outcome: 'conflict' };
    let head = heads.get(draftId);
    if (head === undefined || start.ordinal > head + 1) {
      head = await lastOrdinal(draftId);
      heads.set(draftId, head);
    }
    if (start.ordinal !== head + 1) return { outcome: 'conflict' };
    const run = runDocument(draftId, entries, start.ordinal, end);
    const outcome = await insert(run);
    if (outcome.outcome === 'conflict' || (await isTooLate(run))) {
      heads.forget(draftId);
      return { outcome: 'conflict' };
    }
    heads.set(draftId, end.ordinal);
    return outcome;
  }

  /**
   * Whether a run went in only because those that had its place were packed and let go since. Nobody reads it: what is packed stands
   * before it. A segment is there before anything is let go, so it is seen by who asks behind the insert.
   */
  async function isTooLate({ draftId, first, last, lastDigest }: RunDocument): Promise<boolean> {
    if ((await segments.after(draftId, first - 1)) === null) return false;
    await runs.deleteOne({ draftId: { $eq: draftId }, first: { $eq: first }, last: { $eq: last }, lastDigest: { $eq: lastDigest } });
    return true;
  }

  /** Single entries from `first`, at most `most`. */
  async function single(draftId: string, after: number, most: number, mostBytes = Infinity): Promise<readonly DraftEntry[]> {
    const found = new BoundedRows<DraftEntry>(most, mostBytes);
    // A cursor, since how many runs hold so many entries is not known; each run holds at least one.
    const cursor = runs.find({ draftId: { $eq: draftId }, last: { $gt: after } }, { projection: { _id: 0 } });
    for await (const run of cursor.sort({ last: 1 }).limit(most)) {
      if (!Array.isArray(run.entries)) throw new Damaged('draft', draftId, `Draft ${draftId}: from entry ${run.first} on it is none.`);
      for (const [index, entry] of run.entries.entries()) {
        const ordinal = run.first + index;
        if (ordinal > after && !found.take(draftEntry(draftId, ordinal, entry), entry.bytes.length())) return found.rows;
      }
      if (found.isFull) break;
    }
    return found.rows;
  }

  const runAt = (draftId: string, place: Omit<Filter<RunDocument>, 'draftId'>) =>
    runs.findOne({ ...place, draftId: { $eq: draftId } } as Filter<RunDocument>, { sort: { last: 1 }, projection: { _id: 0 } });

  const packing: Packing = {
    packed: segments.packed,
    async lay(segment) {
      const { draftId, first, last, before, digest } = segment;
      const packed = await segments.packed(draftId);
      if (packed.ordinal !== first - 1 || packed.digest !== before) return 'taken';
      const run = await runAt(draftId, { first: { $lte: last }, last: { $gte: last } });
      if (run?.entries[last - run.first]?.digest !== digest) return 'gone';
      if (!(await segments.insert(segment))) return 'taken';
      // A log that was removed meanwhile has no run any more, and this one will not be removed with it.
      if ((await runAt(draftId, {})) !== null) return 'laid';
      await segments.remove(draftId);
      return 'gone';
    },
    async settle(draftId) {
      const run = await runAt(draftId, {});
      const reach = run === null ? null : await segments.after(draftId, run.last - 1);
      // A run that reaches beyond the last segment stays until the next one holds its end.
      if (run === null || reach === null || reach.first > run.last) return 'nothing';
      for (let at = run.first - 1; at < reach.last;) {
        const place = await segments.after(draftId, at);
        const segment = place === null ? null : await segments.get(draftId, place.first);
        if (segment === null) return 'nothing';
        const { first, last } = segment;
        const there = (await single(draftId, first - 1, last - first + 1)).filter(({ ordinal }) => ordinal <= last);
        const held = heldAgainst(segment, there);
        if (held === 'differs') return 'differs';
        if (held !== 'letGo') {
          await segments.replace(held);
          return 'settled';
        }
        at = last;
      }
      await runs.deleteMany({ draftId: { $eq: draftId }, last: { $lte: reach.last } });
      return 'settled';
    },
  };

  return {
    async append(draftId, entries) {
      try {
        return await append(draftId, entries);
      } catch (thrown) {
        heads.forget(draftId);
        throw thrown;
      }
    },
    async remove(draftId) {
      await runs.deleteMany({ draftId: { $eq: draftId } });
      await segments.remove(draftId);
      heads.forget(draftId);
    },
    readDraft: readPacked({ segmentAfter: segments.after, segment: segments.get, single }),
    packing,
    async eraseEntries(draftId, erased) {
      // Single entries first: whatever is packed anew meanwhile is packed from them.
      for (const { ordinal, ...left } of erased) {
        const run = await runAt(draftId, { first: { $lte: ordinal }, last: { $gte: ordinal } });
        if (run === null) continue;
        const entries = run.entries.map(({ salt, ...entry }, index): RunEntry => {
          if (run.first + index !== ordinal) return salt === undefined ? entry : { ...entry, salt };
          return { ...entry, bytes: new Binary(left.bytes), erased: left.erased };
        });
        await runs.updateOne({ draftId: { $eq: draftId }, first: { $eq: run.first } }, { $set: { entries } });
      }
      for (const ordinals = new Set(erased.map(({ ordinal }) => ordinal)); ordinals.size > 0;) {
        const [ordinal = 0] = ordinals;
        const place = await segments.after(draftId, ordinal - 1);
        const segment = place === null || place.first > ordinal ? null : await segments.get(draftId, place.first);
        if (segment !== null) await segments.replace(erasedSegment(segment, erased));
        for (const one of [...ordinals])
          if (one === ordinal || (segment !== null && one >= segment.first && one <= segment.last)) ordinals.delete(one);
      }
    },
  };
}

/** Entries that were written together as they lie in the database. */
export function runDocument(draftId: string, entries: readonly DraftEntry[], first: number, end: DraftEntry): RunDocument {
  return { draftId, first, last: end.ordinal, lastDigest: end.digest, entries: entries.map(runEntry) };
}

function runEntry({ draftId: _draft, ordinal: _ordinal, bytes, ...entry }: DraftEntry): RunEntry {
  return { ...entry, bytes: new Binary(bytes) };
}

function draftEntry(draftId: string, ordinal: number, { bytes, ...entry }: RunEntry): DraftEntry {
  if (!(bytes instanceof Binary)) throw new Damaged('draft', draftId, `Draft ${draftId}: entry ${ordinal} has no bytes.`);
  return { ...entry, draftId, ordinal, bytes: bytesOf(bytes) };
}

/** The bytes of a binary value as a plain array of their own. */
export function bytesOf(binary: Binary): Uint8Array {
  return Uint8Array.from(binary.value());
}
