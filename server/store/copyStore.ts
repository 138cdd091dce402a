import { createHash } from 'node:crypto';
import type { Inspection } from './inspection.ts';
import type { JournalWrite, RecordStore, Snapshot, Store, StoredRecord } from './ports.ts';
import { entryTakes } from './entryBounds.ts';
import { StoreOpenError } from './openError.ts';
import type { RecordKinds } from './records.ts';

const page = 500;
/** Entries of a draft that go into the target as one write. */
const runBytes = 1024 * 1024;

/**
 * Copies everything a store holds into one that holds nothing: both logs entry by entry, saved states, records with their
 * revision. Rejects with StoreOpenError if the target holds anything, and with StoreUnavailable if one of the two fails; what
 * arrived until then stays there, and the target is then to be thrown away.
 */
export async function copyStore(source: Inspection, target: Store<RecordKinds>, onProgress: (things: number) => void): Promise<void> {
  await refuseUnlessEmpty(target);
  let things = 0;
  const put = async (writes: readonly JournalWrite[]): Promise<void> => {
    const outcomes = await target.journal.append(writes);
    if (outcomes.some(({ outcome }) => outcome !== 'appended')) throw new StoreOpenError('The target did not take an entry as it is.');
    onProgress((things += writes.length));
  };
  for (const id of await source.roomIds()) {
    for (let after = 0; ;) {
      const commits = await source.journal.readCommits({ kind: 'room', id }, after, page);
      if (commits.length > 0) await put(commits.map((commit) => ({ kind: 'commit', commit })));
      after = commits.at(-1)?.seq ?? after;
      if (commits.length < page) break;
    }
    await copySnapshots(source, target, 'room', id);
  }
  for (const draftId of await source.draftIds()) {
    for (let after = 0; ;) {
      const read = await source.journal.readDraft(draftId, after, page);
      let bytes = 0;
      const entries = read.filter((entry, index) => (bytes += entryTakes(entry)) <= runBytes || index === 0);
      if (entries.length > 0) await put([{ kind: 'draft', draftId, entries }]);
      after = entries.at(-1)?.ordinal ?? after;
      if (read.length === 0) break;
    }
    await copySnapshots(source, target, 'draft', draftId);
  }
  for await (const { kind, json } of source.records()) {
    const insert = target.records.insert as (kind: string, record: StoredRecord) => ReturnType<RecordStore<RecordKinds>['insert']>;
    const outcome = await insert(kind, JSON.parse(json) as StoredRecord);
    if (outcome !== 'inserted') throw new StoreOpenError(`The target did not take a record of kind ${kind}.`);
    onProgress((things += 1));
  }
}

/** SHA-256 over everything a store holds, the same on every kind of store. */
export async function contentsDigest(source: Inspection): Promise<string> {
  const hash = createHash('sha256');
  const add = (...fields: readonly unknown[]): void => void hash.update(`${JSON.stringify(fields)}\n`);
  for (const id of await source.roomIds()) {
    for (let after = 0; ;) {
      const commits = await source.journal.readCommits({ kind: 'room', id }, after, page);
      for (const { stream, seq, at, actorId, commandId, commandMac, events, prevHash, hash: own } of commits) {
        add(stream.kind, stream.id, seq, at, actorId, commandId, commandMac, events, prevHash, own);
      }
      after = commits.at(-1)?.seq ?? after;
      if (commits.length < page) break;
    }
    for (const snapshot of await source.snapshots.latest('room', id))
      add(snapshot.id, snapshot.position, snapshot.version, snapshot.sha256);
  }
  for (const draftId of await source.draftIds()) {
    for (let after = 0; ;) {
      const entries = await source.journal.readDraft(draftId, after, page);
      for (const { ordinal, kind, actorId, at, bytes, digest, salt, erased } of entries) {
        add(draftId, ordinal, kind, actorId, at, Buffer.from(bytes).toString('base64'), digest, salt, erased);
      }
      after = entries.at(-1)?.ordinal ?? after;
      if (entries.length < page) break;
    }
    for (const snapshot of await source.snapshots.latest('draft', draftId)) add(snapshot.id, snapshot.position, snapshot.sha256);
  }
  const records: string[] = [];
  for await (const { kind, id, rev, json, expiresAt } of source.records()) records.push(JSON.stringify([kind, id, rev, json, expiresAt]));
  for (const record of records.sort()) hash.update(`${record}\n`);
  return hash.digest('hex');
}

async function refuseUnlessEmpty(target: Store<RecordKinds>): Promise<void> {
  const rooms = await target.journal.listStreams('room', '', 1);
  const kinds = ['account', 'person', 'installation', 'roomCard', 'session'] as const;
  const records = await Promise.all(kinds.map((kind) => target.records.list(kind, { limit: 1 })));
  if (rooms.length > 0 || records.some((found) => found.length > 0)) {
    throw new StoreOpenError(`${target.description} holds an installation already; name an empty one.`);
  }
}

async function copySnapshots(source: Inspection, target: Store<RecordKinds>, kind: Snapshot['kind'], id: string): Promise<void> {
  const newestFirst = await source.snapshots.latest(kind, id);
  for (const snapshot of newestFirst.toReversed()) await target.snapshots.put(snapshot);
}
