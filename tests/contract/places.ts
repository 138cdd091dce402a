import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { openMongo } from '#server/store/mongo/openMongo.ts';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import type { Backend, Place, PlaceAddress } from './place.ts';

/** Opens a store at an address, from whichever process. */
export async function openPlace(address: PlaceAddress): Promise<Store<RecordKinds>> {
  if (address.adapter === 'sqlite') return openSqlite({ file: address.file });
  return openMongo({ url: address.url, dbName: address.dbName, allowStandalone: true });
}

/** A new SQLite file in a folder of its own. */
export async function newSqlitePlace(): Promise<Place & { readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'shangliang-store-'));
  const file = join(folder, `${randomUUID()}.db`);
  const place = placeAt({ adapter: 'sqlite', file }, () => rm(folder, { recursive: true, force: true }));
  return { ...place, file };
}

/** A server of tests, with a new database for every place. */
export async function mongoBackend(url: string): Promise<Backend> {
  const client = new MongoClient(url);
  const hello = await client.db('admin').command({ hello: 1 });
  await client.close();
  return {
    newPlace: () => Promise.resolve(newMongoPlace(url)),
    // FerretDB is no replica set, and its updates are not atomic.
    atomicUpdates: typeof hello.setName === 'string',
  };
}

/** A new database on a server. */
export function newMongoPlace(url: string): Place & { readonly dbName: string } {
  const dbName = `test_${randomUUID().replaceAll('-', '')}`;
  const place = placeAt({ adapter: 'mongo', url, dbName }, async () => {
    const client = new MongoClient(url);
    await client.db(dbName).dropDatabase();
    await client.close();
  });
  return { ...place, dbName };
}

/** A place at an address; `discard` removes what lies there. */
export function placeAt(address: PlaceAddress, discard: () => Promise<void>): Place {
  const opened: Store<RecordKinds>[] = [];
  return {
    address,
    async open() {
      const store = await openPlace(address);
      opened.push(store);
      return store;
    },
    async remove() {
      for (const store of opened) await store.close();
      await discard();
    },
  };
}
