import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Neighbours } from '#server/store/mongo/neighbours.ts';
import { onMongo } from '../support/onMongo.ts';
import { newMongoPlace } from './places.ts';

onMongo('processes on one MongoDB', (url) => {
  const place = newMongoPlace(url);
  const client = new MongoClient(url, { monitorCommands: true });
  const asked: string[] = [];
  let now = 0;
  beforeAll(() => client.on('commandStarted', ({ commandName }) => asked.push(commandName)).connect());
  afterAll(async () => {
    await client.close();
    await place.remove();
  });

  test('[ST29] who is alone learns so with one query, who comes beside is noticed with the next look, and its leave is one look more', async () => {
    const store = await place.open();
    expect(await store.writtenElsewhere(), 'the first time').toBe(true);
    expect(await store.writtenElsewhere()).toBe(false);
    const beside = await place.open();
    expect([await store.writtenElsewhere(), await store.writtenElsewhere()]).toEqual([true, true]);
    expect([await beside.writtenElsewhere(), await beside.writtenElsewhere()]).toEqual([true, true]);
    await beside.close();
    expect([await store.writtenElsewhere(), await store.writtenElsewhere()]).toEqual([true, false]);
  });

  test('[ST29] a process that was killed counts as there for a while, then as gone, and is taken out', async () => {
    const db = client.db(`${place.dbName}_killed`);
    const neighbours = new Neighbours(db, () => now);
    try {
      await neighbours.begin();
      await neighbours.any();
      await db.collection<{ _id: string; beats: number }>('processes').insertOne({ _id: 'killed', beats: 7 });
      asked.length = 0;
      expect(await neighbours.any()).toBe(true);
      expect(asked.filter((name) => name === 'find')).toEqual(['find']);
      now += 19_000;
      expect(await neighbours.any()).toBe(true);
      now += 2_000;
      // One look more: what it wrote last may not have been seen.
      expect([await neighbours.any(), await neighbours.any()]).toEqual([true, false]);
      now += 60_000;
      expect(await neighbours.any()).toBe(false);
      expect(await db.collection('processes').countDocuments({ beats: 7 })).toBe(0);
    } finally {
      await neighbours.end();
      await db.dropDatabase();
    }
  });
});
