import type { Db } from 'mongodb';
import { MongoBulkWriteError, MongoNetworkTimeoutError, MongoServerError, MongoWriteConcernError } from 'mongodb';
import { describe, expect, test } from 'vitest';
import type { Commit } from '#shared/domain/commit.ts';
import type { DraftEntry } from '../ports.ts';
import { createCommitLog } from './commitLog.ts';
import { createDraftLog } from './draftLog.ts';

const stream = { kind: 'room', id: 'r1' } as const;

function commit(seq: number, prevHash: string): Commit {
  const rest = { at: seq, actorId: 'ana', commandId: `c${seq}`, commandMac: '', events: [], prevHash };
  return { stream, seq, ...rest, hash: `h${seq}` };
}

type Document = Readonly<Record<string, unknown>>;
type Filter = Readonly<Record<string, { readonly $eq?: unknown; readonly $gt?: number }>>;

/** Of commits, which are all of one stream here, and of runs of drafts. */
const uniqueKeys = [['seq'], ['commandId', 'actorId'], ['first', 'draftId']] as const;

/**
 * What a replica set shows of itself through the driver: documents that a majority has, documents that only the old primary has,
 * and the error the next insert ends with after it did what it did.
 */
class FakeReplicaSet {
  majority: Document[] = [];
  minority: Document[] = [];
  next: { readonly stores: 'majority' | 'minority' | 'nowhere'; readonly error: Error } | null = null;

  get db(): Db {
    const collection = {
      insertMany: (documents: readonly Document[]) => this.#insert(documents),
      insertOne: (document: Document) => this.#insert([document]),
      // Reads ask for what a majority has: see the read concern in connect.ts.
      findOne: (filter: Filter, { sort = {} }: { readonly sort?: Readonly<Record<string, number>> }) => {
        const found = this.majority.filter((known) => Object.entries(filter).every(([key, { $eq }]) => known[key] === $eq));
        const [by] = Object.keys(sort);
        return Promise.resolve((by === undefined ? found : found.toSorted((a, b) => Number(b[by]) - Number(a[by])))[0] ?? null);
      },
    };
    return { collection: () => collection } as unknown as Db;
  }

  #insert(documents: readonly Document[]): Promise<unknown> {
    const { next } = this;
    this.next = null;
    const known = [...this.majority, ...this.minority];
    const taken = documents.find((document) =>
      uniqueKeys.some(
        (key) => document[key[0]] !== undefined && known.some((other) => key.every((field) => other[field] === document[field])),
      ),
    );
    if (taken !== undefined) return Promise.reject(duplicateKey(documents.indexOf(taken)));
    if (next?.stores !== 'nowhere') this[next?.stores ?? 'majority'].push(...documents);
    return next === null ? Promise.resolve({}) : Promise.reject(next.error);
  }

  /** The old primary steps down before its last writes reached a majority: they are rolled back. */
  rollBack(): void {
    this.minority = [];
  }

  /** The last writes reach a majority after all. */
  catchUp(): void {
    this.majority.push(...this.minority);
    this.minority = [];
  }
}

function duplicateKey(index: number): MongoBulkWriteError {
  const result = { getWriteConcernError: () => undefined };
  const error = new MongoBulkWriteError({ message: 'E11000', code: 11000, writeErrors: [] } as never, result as never);
  return Object.assign(error, { code: 11000, writeErrors: [{ code: 11000, index }] });
}

const waitedTooLong = (): MongoWriteConcernError =>
  new MongoWriteConcernError({
    ok: 1,
    writeConcernError: { code: 64, errmsg: 'waiting for replication timed out', errInfo: { wtimeout: true } },
  } as never);
const steppedDown = (): MongoServerError => new MongoServerError({ code: 10107, errmsg: 'not primary', errorLabels: [] });
const interrupted = (): MongoServerError =>
  new MongoServerError({ code: 11602, errmsg: 'operation was interrupted by replication state change' });
const unanswered = (): MongoNetworkTimeoutError => new MongoNetworkTimeoutError('connection 1 timed out', {});
const unavailable = { name: 'StoreUnavailable' };

describe('[ST14] [ST18] what only a replica set can show, by fakes of the driver', () => {
  const log = (set: FakeReplicaSet) => createCommitLog(set.db, { visibleWithinMs: 200 });

  test('the majority answers too late (wtimeout), and has it: read back and called appended', async () => {
    const set = new FakeReplicaSet();
    set.next = { stores: 'majority', error: waitedTooLong() };
    expect(await log(set).append(stream, [commit(1, '')])).toEqual([{ outcome: 'appended' }]);
  });

  test('the majority answers too late and does not have it yet: not called anything; sent again when it has, it is a duplicate', async () => {
    const set = new FakeReplicaSet();
    const commits = log(set);
    set.next = { stores: 'minority', error: waitedTooLong() };
    await expect(commits.append(stream, [commit(1, '')])).rejects.toMatchObject(unavailable);
    set.catchUp();
    expect(await commits.findCommand(stream, 'ana', 'c1')).toMatchObject({ seq: 1 });
    expect(await commits.append(stream, [commit(1, '')])).toEqual([{ outcome: 'duplicate', seq: 1 }]);
  });

  test('the primary steps down and what it took is rolled back: never called appended; sent again it is stored once', async () => {
    const set = new FakeReplicaSet();
    const commits = log(set);
    expect(await commits.append(stream, [commit(1, '')])).toEqual([{ outcome: 'appended' }]);
    set.next = { stores: 'minority', error: interrupted() };
    await expect(commits.append(stream, [commit(2, 'h1'), commit(3, 'h2')])).rejects.toMatchObject(unavailable);
    set.rollBack();
    expect(await commits.append(stream, [commit(2, 'h1'), commit(3, 'h2')])).toEqual([{ outcome: 'appended' }, { outcome: 'appended' }]);
    expect(set.majority.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test('a primary that is none any more took nothing: unavailable, and the next primary takes it', async () => {
    const set = new FakeReplicaSet();
    const commits = log(set);
    set.next = { stores: 'nowhere', error: steppedDown() };
    await expect(commits.append(stream, [commit(1, '')])).rejects.toMatchObject(unavailable);
    expect(await commits.append(stream, [commit(1, '')])).toEqual([{ outcome: 'appended' }]);
  });

  test('after a step-down another process was faster: a conflict, told once it can be read', async () => {
    const set = new FakeReplicaSet();
    const commits = log(set);
    set.next = { stores: 'nowhere', error: steppedDown() };
    await expect(commits.append(stream, [commit(1, '')])).rejects.toMatchObject(unavailable);
    set.majority.push({ ...commit(1, ''), kind: 'room', id: 'r1', actorId: 'ben', commandId: 'b1', hash: 'other' });
    expect(await commits.append(stream, [commit(1, '')])).toEqual([{ outcome: 'conflict' }]);
  });

  test.for([
    ['the connection timed out', unanswered],
    ['the primary stepped down', interrupted],
    ['the majority was waited for too long', waitedTooLong],
  ] as const)(
    '%s: read back, what is there is appended; what is not is not called anything, and is stored once when sent again',
    async ([, error]) => {
      const set = new FakeReplicaSet();
      const commits = log(set);
      set.next = { stores: 'majority', error: error() };
      expect(await commits.append(stream, [commit(1, '')])).toEqual([{ outcome: 'appended' }]);
      set.next = { stores: 'nowhere', error: error() };
      await expect(commits.append(stream, [commit(2, 'h1')])).rejects.toMatchObject(unavailable);
      expect(await commits.findCommand(stream, 'ana', 'c2')).toBeNull();
      expect(await commits.append(stream, [commit(2, 'h1')])).toEqual([{ outcome: 'appended' }]);
      expect(set.majority.map(({ seq }) => seq)).toEqual([1, 2]);
    },
  );

  test('a taken key (11000) is our own command, whose answer was lost: a duplicate, with the place it got', async () => {
    const set = new FakeReplicaSet();
    expect(await log(set).append(stream, [commit(1, '')])).toEqual([{ outcome: 'appended' }]);
    const again = { ...commit(2, 'h1'), commandId: 'c1' };
    expect(await log(set).append(stream, [again])).toEqual([{ outcome: 'duplicate', seq: 1 }]);
    expect(set.majority).toHaveLength(1);
  });

  test("a taken key (11000) is another's place: a conflict once it can be read, and nothing at all as long as it cannot", async () => {
    const set = new FakeReplicaSet();
    const commits = log(set);
    set.minority.push({ ...commit(1, ''), kind: 'room', id: 'r1', actorId: 'ben', commandId: 'b1', hash: 'other' });
    await expect(commits.append(stream, [commit(1, '')])).rejects.toMatchObject(unavailable);
    set.catchUp();
    expect(await commits.append(stream, [commit(1, '')])).toEqual([{ outcome: 'conflict' }]);
  });

  describe('entries of a draft', () => {
    const drafts = (set: FakeReplicaSet) => createDraftLog(set.db, { visibleWithinMs: 200 });
    const entry = (ordinal: number, actorId = 'ana'): DraftEntry => {
      const digest = `d${ordinal} ${actorId}`;
      return { draftId: 'd1', ordinal, kind: 'update', actorId, at: ordinal, bytes: Uint8Array.of(ordinal), digest };
    };

    test.for([
      ['the connection timed out', unanswered],
      ['the primary stepped down', interrupted],
      ['the majority was waited for too long', waitedTooLong],
    ] as const)('%s: read back by place and digest; what is not there is not called anything', async ([, error]) => {
      const set = new FakeReplicaSet();
      const draft = drafts(set);
      set.next = { stores: 'majority', error: error() };
      expect(await draft.append('d1', [entry(1), entry(2)])).toEqual({ outcome: 'appended' });
      set.next = { stores: 'nowhere', error: error() };
      await expect(draft.append('d1', [entry(3)])).rejects.toMatchObject(unavailable);
      set.next = { stores: 'minority', error: error() };
      await expect(draft.append('d1', [entry(3)])).rejects.toMatchObject(unavailable);
      set.rollBack();
      expect(await draft.append('d1', [entry(3)])).toEqual({ outcome: 'appended' });
      expect(set.majority.map(({ first }) => first)).toEqual([1, 3]);
    });

    test("a taken key (11000), another's or our own from before: a conflict once it can be read, and what is there stays", async () => {
      const set = new FakeReplicaSet();
      expect(await drafts(set).append('d1', [entry(1)])).toEqual({ outcome: 'appended' });
      const remembering = drafts(set);
      expect(await remembering.append('d1', [entry(2)])).toEqual({ outcome: 'appended' });
      expect(await drafts(set).append('d1', [entry(3, 'ben')])).toEqual({ outcome: 'appended' });
      expect(await remembering.append('d1', [entry(3)])).toEqual({ outcome: 'conflict' });
      expect(set.majority).toHaveLength(3);
    });
  });
});
