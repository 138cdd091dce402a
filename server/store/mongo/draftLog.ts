import type { Collection, Db } from 'mongodb';
import { Binary } from 'mongodb';
import type { EntrySeal } from '#shared/domain/drafts/entryDigest.ts';
import type { DraftEntry, Journal, JournalOutcome } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { wholeLimit } from '../recordForm.ts';
import { isDatabaseFault, isDuplicateKey, untilVisible } from './faults.ts';
import { Heads } from './heads.ts';
import { makeIndexes } from './indexes.ts';

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

export type DraftLog = Pick<Journal, 'readDraft'> & {
  /** Appends entries of one draft, all or none. */
  append(draftId: string, entries: readonly DraftEntry[]): Promise<JournalOutcome>;
  /** Removes all entries of a draft. */
  remove(draftId: string): Promise<void>;
};

export const runCollection = 'draftRuns';

/** Makes the indexes that the logs of drafts rest on. */
export async function indexDrafts(db: Db): Promise<void> {
  await makeIndexes(db, runCollection, [
    { key: { draftId: 1, first: 1 }, unique: true, name: 'first' },
    { key: { draftId: 1, last: 1 }, name: 'last' },
  ]);
}

/** The logs of drafts in a database. `visibleWithinMs` bounds the wait for what beat an append to be readable. */
export function createDraftLog(db: Db, options: { readonly visibleWithinMs: number }): DraftLog {
  const runs: Collection<RunDocument> = db.collection(runCollection);
  const heads = new Heads<number>(10_000);

  async function lastOrdinal(draftId: string): Promise<number> {
    const last = await runs.findOne({ draftId: { $eq: draftId } }, { sort: { last: -1 }, projection: { _id: 0, last: 1 } });
    return last?.last ?? 0;
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
    const outcome = await insert(runDocument(draftId, entries, start.ordinal, end));
    if (outcome.outcome === 'appended') heads.set(draftId, end.ordinal);
    else heads.forget(draftId);
    return outcome;
  }

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
      heads.forget(draftId);
    },
    async readDraft(draftId, after, limit) {
      const wanted = wholeLimit(limit);
      if (wanted === 0) return [];
      const read: DraftEntry[] = [];
      // A cursor, since how many runs hold so many entries is not known; each run holds at least one.
      const cursor = runs.find({ draftId: { $eq: draftId }, last: { $gt: after } }, { projection: { _id: 0 } });
      for await (const run of cursor.sort({ last: 1 }).limit(wanted)) {
        for (const [index, entry] of run.entries.entries()) {
          const ordinal = run.first + index;
          if (ordinal > after && read.length < wanted) read.push(draftEntry(draftId, ordinal, entry));
        }
        if (read.length === wanted) break;
      }
      return read;
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
  return { ...entry, draftId, ordinal, bytes: bytesOf(bytes) };
}

/** The bytes of a binary value as a plain array of their own. */
export function bytesOf(binary: Binary): Uint8Array {
  return Uint8Array.from(binary.value());
}
