import type { Db } from 'mongodb';
import type { Finding } from '#shared/domain/proof/finding.ts';
import type { Inspection, StoredForm } from '../inspection.ts';
import { StoreOpenError } from '../openError.ts';
import { indexesOf } from '../recordForm.ts';
import { recordIndexes } from '../records.ts';
import { whatIsWrong } from '../segment.ts';
import { commitCollection, createCommitLog } from './commitLog.ts';
import type { MongoOptions } from './connect.ts';
import { connectMongo } from './connect.ts';
import { createDraftLog, runCollection } from './draftLog.ts';
import { createSegments, segmentCollection } from './draftSegments.ts';
import type { RecordDocument } from './recordCollections.ts';
import { collectionOf } from './recordCollections.ts';
import { createSnapshots, partCollection } from './snapshotParts.ts';

/** The unique keys on which it rests that nothing is stored twice, by collection: the fields in their order. */
function uniqueKeys(): readonly (readonly [collection: string, fields: string])[] {
  const ofRecords = Object.entries(recordIndexes).flatMap(([kind, indexes]) =>
    indexes.filter(({ unique }) => unique).map(({ field }) => [collectionOf(kind), `keys.${field}`] as const),
  );
  return [
    [commitCollection, 'kind,id,seq'],
    [commitCollection, 'kind,id,actorId,commandId'],
    [runCollection, 'draftId,first'],
    [segmentCollection, 'draftId,first'],
    [partCollection, 'kind,id,position,writtenBy,part'],
    ...ofRecords,
  ];
}

/** Opens a database to look at it; nothing is written. Rejects with StoreOpenError, whose message is for a person. */
export async function inspectMongo(options: MongoOptions): Promise<Inspection> {
  const { client, db, description } = await connectMongo(options);
  const names = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  if (!names.has('migrations')) {
    await client.close();
    throw new StoreOpenError(`In the database ${db.databaseName} there is no installation.`);
  }
  const waits = { visibleWithinMs: 5000 };
  return {
    description,
    journal: { readCommits: createCommitLog(db, waits).readCommits, readDraft: createDraftLog(db, waits).readDraft },
    snapshots: { latest: createSnapshots(db).latest },
    roomIds: async () => sorted(await db.collection(commitCollection).distinct('id', { kind: { $eq: 'room' } })),
    draftIds: async () => {
      const found = await Promise.all([runCollection, segmentCollection].map((name) => db.collection(name).distinct('draftId')));
      return sorted([...new Set(found.flat())]);
    },
    structure: async () => [...(await missingIndexes(db, names)), ...(await damagedSegments(db))],
    async *records(): AsyncGenerator<StoredForm> {
      for (const kind of Object.keys(recordIndexes)) {
        const unique = new Set(indexesOf(kind).flatMap((index) => (index.unique ? [index.field] : [])));
        for await (const { _id: id, rev, json, keys, expiresAt = null } of db.collection<RecordDocument>(collectionOf(kind)).find()) {
          const listed = Object.entries(keys).map(([field, value]) => ({ field, value, unique: unique.has(field) }));
          yield { kind, id, rev, json, expiresAt, keys: listed };
        }
      }
    },
    close: () => client.close(),
  };
}

async function damagedSegments(db: Db): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for await (const segment of createSegments(db).all()) {
    const detail = whatIsWrong(segment);
    if (detail !== null) findings.push({ what: 'database', detail });
  }
  return findings;
}

async function missingIndexes(db: Db, names: ReadonlySet<string>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [collection, fields] of uniqueKeys()) {
    const indexes = names.has(collection) ? await db.collection(collection).indexes() : [];
    const there = indexes.some(({ key, unique }) => unique === true && Object.keys(key as object).join(',') === fields);
    if (!there) findings.push({ what: 'indexMissing', index: `unique index of ${collection} on ${fields}` });
  }
  return findings;
}

function sorted(ids: readonly unknown[]): readonly string[] {
  return ids.map(String).sort();
}
