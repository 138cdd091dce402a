import type { Collection, Db } from 'mongodb';
import type { Commit, StoredEvent, StreamRef } from '#shared/domain/commit.ts';
import { Damaged } from '../damaged.ts';
import type { Journal, JournalOutcome } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { BoundedRows } from '../readBounds.ts';
import { wholeLimit } from '../recordForm.ts';
import type { Eraser } from '../erasing.ts';
import { eraseFrom } from '../erasing.ts';
import { insertedBeforeDuplicate, isDatabaseFault, untilVisible } from './faults.ts';
import { Heads } from './heads.ts';
import { makeIndexes } from './indexes.ts';

/** A commit is one document, so that it is there whole or not at all. Its events stay texts: BSON would change keys and numbers. */
interface CommitDocument {
  readonly kind: string;
  readonly id: string;
  readonly seq: number;
  readonly at: number;
  readonly actorId: string;
  readonly commandId: string;
  readonly commandMac: string;
  readonly events: readonly StoredEvent[];
  readonly prevHash: string;
  readonly hash: string;
}

interface Head {
  readonly seq: number;
  readonly hash: string;
  readonly at: number;
}

export type CommitLog = Pick<Journal, 'readCommits' | 'head' | 'findCommand' | 'listStreams'> &
  Pick<Eraser, 'eraseWords'> & {
    /** Appends commits of one stream, in order, and answers for each. */
    append(stream: StreamRef, commits: readonly Commit[]): Promise<readonly JournalOutcome[]>;
    /** Removes all commits of a stream. */
    remove(stream: StreamRef): Promise<void>;
  };

export const commitCollection = 'commits';

/** Makes the indexes that the log rests on: the unique keys are what keeps several processes apart. */
export async function indexCommits(db: Db): Promise<void> {
  await makeIndexes(db, commitCollection, [
    { key: { kind: 1, id: 1, seq: 1 }, unique: true, name: 'seq' },
    { key: { kind: 1, id: 1, actorId: 1, commandId: 1 }, unique: true, name: 'command' },
  ]);
}

/** The logs of streams in a database. `visibleWithinMs` bounds the wait for what beat an append to be readable. */
export function createCommitLog(db: Db, options: { readonly visibleWithinMs: number }): CommitLog {
  const commits: Collection<CommitDocument> = db.collection(commitCollection);
  const heads = new Heads<Head>(10_000);
  const of = ({ kind, id }: StreamRef) => ({ kind: { $eq: kind }, id: { $eq: id } });

  async function head(stream: StreamRef): Promise<Head> {
    const last = await commits.findOne(of(stream), { sort: { seq: -1 }, projection: { _id: 0, seq: 1, hash: 1, at: 1 } });
    return last === null ? { seq: 0, hash: '', at: 0 } : { seq: last.seq, hash: last.hash, at: last.at };
  }

  async function findCommand(stream: StreamRef, actorId: string, commandId: string) {
    const filter = { ...of(stream), actorId: { $eq: actorId }, commandId: { $eq: commandId } };
    const found = await commits.findOne(filter, { projection: { _id: 0, seq: 1, commandMac: 1 } });
    return found === null ? null : { seq: found.seq, commandMac: found.commandMac };
  }

  async function hashAt(stream: StreamRef, seq: number): Promise<string | null> {
    const found = await commits.findOne({ ...of(stream), seq: { $eq: seq } }, { projection: { _id: 0, hash: 1 } });
    return found === null ? null : found.hash;
  }

  async function duplicateOf({ stream, actorId, commandId }: Commit): Promise<JournalOutcome | null> {
    const earlier = await findCommand(stream, actorId, commandId);
    return earlier === null ? null : { outcome: 'duplicate', seq: earlier.seq };
  }

  /** Which of the two unique keys was taken, once what took it can be read. */
  function whatBeat(commit: Commit): Promise<JournalOutcome> {
    return untilVisible(async () => {
      const duplicate = await duplicateOf(commit);
      if (duplicate !== null) return duplicate;
      return (await hashAt(commit.stream, commit.seq)) === null ? null : ({ outcome: 'conflict' } as const);
    }, options.visibleWithinMs);
  }

  /**
   * Inserts commits that follow one another and on the head; gives how many went in before a key was taken. If the outcome is
   * unknown it reads back: what is there is there, and what is not may still come, so nothing can be said.
   */
  async function insertRun(run: readonly Commit[]): Promise<number> {
    try {
      await commits.insertMany(run.map(commitDocument), { ordered: true });
      return run.length;
    } catch (thrown) {
      const inserted = insertedBeforeDuplicate(thrown);
      if (inserted !== null) return inserted;
      if (!isDatabaseFault(thrown)) throw thrown;
      for (const { stream, seq, hash } of run) {
        if ((await hashAt(stream, seq)) !== hash) throw new StoreUnavailable('Whether a commit was stored is unknown.', { cause: thrown });
      }
      return run.length;
    }
  }

  async function append(stream: StreamRef, given: readonly Commit[]): Promise<readonly JournalOutcome[]> {
    const key = `${stream.kind}/${stream.id}`;
    const outcomes: JournalOutcome[] = [];
    let known = heads.get(key);
    let lost = false;
    while (outcomes.length < given.length) {
      const rest = given.slice(outcomes.length);
      const [next] = rest;
      if (next === undefined) break;
      if (lost) {
        outcomes.push({ outcome: 'conflict' });
        continue;
      }
      if (known === undefined || next.seq > known.seq + 1) known = await head(stream);
      const run = runAfter(known, rest);
      const inserted = run.length === 0 ? 0 : await insertRun(run);
      const last = run[inserted - 1];
      if (last !== undefined) {
        known = { seq: last.seq, hash: last.hash, at: last.at };
        outcomes.push(...run.slice(0, inserted).map(() => ({ outcome: 'appended' }) as const));
      }
      const beaten = run[inserted];
      if (beaten !== undefined) {
        outcomes.push(await whatBeat(beaten));
        known = await head(stream);
      } else if (inserted === 0) {
        outcomes.push((await duplicateOf(next)) ?? { outcome: 'conflict' });
      }
      lost = outcomes.at(-1)?.outcome === 'conflict';
    }
    if (known !== undefined) heads.set(key, known);
    return outcomes;
  }

  return {
    async append(stream, given) {
      try {
        return await append(stream, given);
      } catch (thrown) {
        heads.forget(`${stream.kind}/${stream.id}`);
        throw thrown;
      }
    },
    head,
    findCommand,
    async remove(stream) {
      await commits.deleteMany(of(stream));
      heads.forget(`${stream.kind}/${stream.id}`);
    },
    async readCommits(stream, after, limit, mostBytes = Infinity) {
      if (wholeLimit(limit) === 0) return [];
      const found = commits.find({ ...of(stream), seq: { $gt: after } }, { projection: { _id: 0 } });
      try {
        const read = new BoundedRows<Commit>(wholeLimit(limit), mostBytes);
        for await (const { kind: _kind, id, events, ...rest } of found.sort({ seq: 1 }).limit(wholeLimit(limit))) {
          const commit = {
            stream: { kind: stream.kind, id },
            ...rest,
            events: events.map(({ salt, json }) => ({ salt, json })),
          };
          if (
            !read.take(
              commit,
              events.reduce((sum, { json }) => sum + json.length, 0),
            )
          )
            break;
        }
        return read.rows;
      } catch (cause) {
        if (isDatabaseFault(cause)) throw cause;
        throw new Damaged('room', stream.id, `What is stored of room ${stream.id} behind entry ${after} is damaged.`, { cause });
      }
    },
    async eraseWords(stream, erased) {
      for (const { seq, digests } of erased) {
        const place = { ...of(stream), seq: { $eq: seq } };
        const found = await commits.findOne(place, { projection: { _id: 0, events: 1 } });
        if (found !== null) await commits.updateOne(place, { $set: { events: eraseFrom(found.events, digests) } });
      }
    },
    async listStreams(kind, after, limit) {
      if (wholeLimit(limit) === 0) return [];
      // Each stream has exactly one first commit.
      const filter = { kind: { $eq: kind }, id: { $gt: after }, seq: { $eq: 1 } };
      const found = await commits
        .find(filter, { projection: { _id: 0, id: 1 } })
        .sort({ id: 1 })
        .limit(wholeLimit(limit))
        .toArray();
      return found.map(({ id }) => id);
    },
  };
}

/** The longest run from the front of `commits` that continues the chain after `head`. */
function runAfter(head: Head, commits: readonly Commit[]): readonly Commit[] {
  let before: { readonly seq: number; readonly hash: string } = head;
  const end = commits.findIndex((commit) => {
    const follows = commit.seq === before.seq + 1 && commit.prevHash === before.hash;
    before = commit;
    return !follows;
  });
  return end === -1 ? commits : commits.slice(0, end);
}

/** A commit as it lies in the database. */
export function commitDocument({ stream, events, ...commit }: Commit): CommitDocument {
  const { seq, at, actorId, commandId, commandMac, prevHash, hash } = commit;
  const texts = events.map(({ salt, json }) => ({ salt, json }));
  return { kind: stream.kind, id: stream.id, seq, at, actorId, commandId, commandMac, events: texts, prevHash, hash };
}
