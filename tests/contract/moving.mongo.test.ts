import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '#server/doctor/examine.ts';
import { contentsDigest, copyStore } from '#server/store/copyStore.ts';
import { inspectMongo } from '#server/store/mongo/inspectMongo.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { onMongo } from '../support/onMongo.ts';
import type { Recorded } from '../support/recordedRoom.ts';
import { recordedRoom } from '../support/recordedRoom.ts';
import { newMongoPlace, newSqlitePlace } from './places.ts';

let recorded: Recorded;
let digest: string;

beforeAll(async () => {
  recorded = await recordedRoom();
  const source = inspectSqlite(recorded.file);
  digest = await contentsDigest(source);
  await source.close();
});
afterAll(() => recorded.installation.dispose());

onMongo('moving to MongoDB and back', (url) => {
  test('[TRU7] there and back it is the same, and sound in both; damage there is named', async () => {
    const there = newMongoPlace(url);
    const back = await newSqlitePlace();
    const source = inspectSqlite(recorded.file);
    const mongo = await there.open();
    await copyStore(source, mongo, () => undefined);
    const { dbName } = there;
    const inMongo = await inspectMongo({ url, dbName, allowStandalone: true });
    expect(await contentsDigest(inMongo)).toBe(digest);
    const { findings, counts } = await examine(inMongo, null);
    expect(findings).toEqual([]);
    expect(counts).toMatchObject({ rooms: 1, drafts: 1, edits: 3, revisions: 1, snapshots: 3, records: 2 });
    await copyStore(inMongo, await back.open(), () => undefined);
    const again = inspectSqlite(back.file);
    expect(await contentsDigest(again)).toBe(digest);
    await again.close();

    const client = new MongoClient(url);
    await client
      .db(dbName)
      .collection('commits')
      .updateOne({ seq: 4 }, { $set: { actorId: 'ana' } });
    await client.db(dbName).collection('commits').dropIndex('command');
    await client.db(dbName).collection('draftRuns').deleteMany({});
    await client.close();
    const damaged = (await examine(inMongo, null)).findings;
    expect(damaged[0]).toMatchObject({ what: 'indexMissing' });
    expect(damaged).toContainEqual({ what: 'commitChanged', room: 'r1', seq: 4 });
    await inMongo.close();
    await source.close();
    await back.remove();
    await there.remove();
  });
});
