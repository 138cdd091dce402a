import type { JournalOutcome, JournalWrite, Store } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import type { Removal } from '../removal.ts';
import type { RecordKinds } from '../records.ts';
import { createCommitLog } from './commitLog.ts';
import type { MongoOptions } from './connect.ts';
import { addressOf, connectMongo, openErrorOf } from './connect.ts';
import { createDraftLog } from './draftLog.ts';
import { faultOf } from './faults.ts';
import { migrate } from './migrations.ts';
import { Neighbours } from './neighbours.ts';
import { tellWhenOutOfReach } from './reach.ts';
import { createRecords } from './recordCollections.ts';
import { createSnapshots, removeSnapshots } from './snapshotParts.ts';

interface PulseDocument {
  readonly _id: string;
  readonly beats: number;
}

/**
 * Opens a store in a MongoDB. What several processes may do at once is an insert under a unique key; there are no transactions.
 * Rejects with StoreOpenError, whose message is for a person.
 */
export async function openMongo(options: MongoOptions): Promise<Store<RecordKinds>> {
  const { client, db, description } = await connectMongo(options);
  const pulse = db.collection<PulseDocument>('pulse');
  const neighbours = new Neighbours(db);
  const beat = () => pulse.updateOne({ _id: { $eq: 'beat' } }, { $inc: { beats: 1 } }, { upsert: true });
  try {
    await migrate(db);
    // Proves, before anybody relies on it, that a majority is there to acknowledge.
    await beat();
    await neighbours.begin();
  } catch (thrown) {
    await client.close();
    throw openErrorOf(addressOf(options.url), thrown);
  }

  const commits = createCommitLog(db, { visibleWithinMs: 5000 });
  const drafts = createDraftLog(db, { visibleWithinMs: 5000 });
  const snapshots = createSnapshots(db);
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  let outOfReach: (reason: StoreUnavailable) => void = () => undefined;
  const endWatch = tellWhenOutOfReach(client, () => outOfReach(new StoreUnavailable('No server of the database answers.')));

  /** Runs an operation, keeps `close` waiting for it, and turns the database's errors into StoreUnavailable. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    if (closed) throw new StoreUnavailable('The store is closed.');
    const begunAt = performance.now();
    const running = work();
    underWay.add(running);
    try {
      return await running;
    } catch (thrown) {
      const fault = faultOf(thrown);
      if (fault instanceof StoreUnavailable) {
        fault.begunAt = begunAt;
        options.log?.error({ reason: fault.message }, 'the store failed');
      }
      throw fault;
    } finally {
      underWay.delete(running);
    }
  }

  function guardAll<Port extends object>(port: Port): Port {
    const guardedPort = Object.entries(port).map(([name, operation]: [string, (...given: unknown[]) => Promise<unknown>]) => [
      name,
      (...given: unknown[]) => guarded(() => operation(...given)),
    ]);
    return Object.fromEntries(guardedPort) as Port;
  }

  async function append(writes: readonly JournalWrite[]): Promise<readonly JournalOutcome[]> {
    const outcomes: JournalOutcome[] = [];
    // Each stream and each draft on its own, all at the same time; all must have ended before anything is said.
    const settled = await Promise.allSettled(
      groupsOf(writes).map(async (indexes) => {
        const group = indexes.flatMap((index) => writes[index] ?? []);
        const answers = await appendGroup(group);
        indexes.forEach((index, place) => {
          outcomes[index] = answers[place] ?? { outcome: 'conflict' };
        });
      }),
    );
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
    return outcomes;
  }

  async function appendGroup(group: readonly JournalWrite[]): Promise<readonly JournalOutcome[]> {
    const given = group.flatMap((write) => (write.kind === 'commit' ? [write.commit] : []));
    const [first] = given;
    if (first !== undefined) return commits.append(first.stream, given);
    const outcomes: JournalOutcome[] = [];
    for (const write of group) if (write.kind === 'draft') outcomes.push(await drafts.append(write.draftId, write.entries));
    return outcomes;
  }

  return {
    description,
    journal: guardAll({
      append,
      readCommits: commits.readCommits,
      head: commits.head,
      findCommand: commits.findCommand,
      listStreams: commits.listStreams,
      readDraft: drafts.readDraft,
    }),
    snapshots: guardAll({ put: snapshots.put, latest: snapshots.latest }),
    packing: guardAll(drafts.packing),
    erasing: guardAll({
      eraseWords: commits.eraseWords,
      eraseEntries: drafts.eraseEntries,
      forgetSnapshots: snapshots.forgetSnapshots,
      // What its files and its own log still hold is for who keeps the database; see OPERATIONS.
      scrub: () => Promise.resolve(),
    }),
    records: guardAll(createRecords(db, options.log)),
    removal: guardAll({
      stream: async (stream) => {
        await removeSnapshots(db, stream.kind, stream.id);
        await commits.remove(stream);
      },
      draft: async (draftId) => {
        await removeSnapshots(db, 'draft', draftId);
        await drafts.remove(draftId);
      },
    } satisfies Removal),
    health: () =>
      guarded(async () => {
        await beat();
      }),
    whenOutOfReach: (tell) => {
      outOfReach = tell;
    },
    writtenElsewhere: () => guarded(() => neighbours.any()),
    async close() {
      if (closed) return;
      closed = true;
      endWatch();
      await Promise.allSettled(underWay);
      await neighbours.end();
      await client.close();
    },
  };
}

/** The places of the writes in the call, gathered by stream and by draft. */
function groupsOf(writes: readonly JournalWrite[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [index, write] of writes.entries()) {
    const name = write.kind === 'draft' ? `draft/${write.draftId}` : `stream/${write.commit.stream.kind}/${write.commit.stream.id}`;
    groups.set(name, [...(groups.get(name) ?? []), index]);
  }
  return [...groups.values()];
}
