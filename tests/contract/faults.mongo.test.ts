import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MongoClient } from 'mongodb';
import { connectMongo } from '#server/store/mongo/connect.ts';
import { openMongo } from '#server/store/mongo/openMongo.ts';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import type { MongoProxy } from '../support/mongoProxy.ts';
import { startMongoProxy } from '../support/mongoProxy.ts';
import { onMongo } from '../support/onMongo.ts';
import { startMongo } from '../support/mongoServer.ts';
import { newMongoPlace } from './places.ts';
import {
  appendCommits,
  appended,
  chainOf,
  commitAfter,
  commitWrite,
  conflict,
  draftWrite,
  entriesOf,
  newDraftId,
  newStream,
} from './samples.ts';

const unavailable = { name: 'StoreUnavailable' };

onMongo('the MongoDB store', (url) => {
  describe('MongoDB that cannot be used', () => {
    test.for([
      ['mongodb://ana:secret@127.0.0.1:1/', /^No MongoDB that could be used answers at 127\.0\.0\.1:1: .+\.$/],
      ['mongodb://ana:secret@127.0.0.1:99999/', /^MONGODB_URL is no address of a MongoDB: .+\.$/],
      ['http://127.0.0.1/', /^MONGODB_URL is no address of a MongoDB: .+\.$/],
    ] as const)('[ST15] %s is refused quickly, in one sentence without the password', async ([address, sentence]) => {
      const startedAt = performance.now();
      const refusal = openMongo({ url: address, allowStandalone: true });
      await expect(refusal).rejects.toMatchObject({ name: 'StoreOpenError', message: expect.stringMatching(sentence) as string });
      await expect(refusal).rejects.not.toMatchObject({ message: expect.stringContaining('secret') as string });
      expect(performance.now() - startedAt).toBeLessThan(20_000);
    });

    test('[ST18] a single server is refused unless it is accepted by name, and then it warns', async (context) => {
      const place = newMongoPlace(url);
      const client = new MongoClient(url);
      const { setName } = (await client.db('admin').command({ hello: 1 })) as { readonly setName?: string };
      await client.close();
      if (setName !== undefined) context.skip('this server is a replica set');
      await expect(openMongo({ url, allowStandalone: false })).rejects.toMatchObject({
        name: 'StoreOpenError',
        message: expect.stringMatching(/is a single server, not a replica set, .+ MONGODB_STANDALONE=1/) as string,
      });
      const warnings: string[] = [];
      const log = { warn: (_: object, message: string) => warnings.push(message), error: () => undefined };
      const store = await openMongo({ url, dbName: place.dbName, allowStandalone: true, log });
      expect(warnings).toEqual([expect.stringContaining('a single MongoDB server')]);
      expect(store.description).toContain('NOT replicated');
      await store.close();
      await place.remove();
    });

    test('[ST19] a database of a newer version is left alone', async () => {
      const place = newMongoPlace(url);
      await (await place.open()).close();
      const client = new MongoClient(url);
      await client.db(place.dbName).collection<{ _id: number }>('migrations').insertOne({ _id: 1000 });
      await client.close();
      await expect(place.open()).rejects.toMatchObject({
        name: 'StoreOpenError',
        message: expect.stringContaining('newer version') as string,
      });
      await place.remove();
    });
  });

  describe('indexes', () => {
    test('[ST4] are there after every start, also where a copy was brought back without them; what is there twice is not started on', async () => {
      const place = newMongoPlace(url);
      const stream = newStream();
      const [first] = chainOf(stream, 1);
      if (first === undefined) throw new Error('no commit');
      const opened = await place.open();
      expect(await appendCommits(opened.journal, [first])).toEqual([appended]);
      await opened.close();
      const client = new MongoClient(url);
      const db = client.db(place.dbName);
      const names = async (collection: string): Promise<readonly (string | undefined)[]> =>
        (await db.collection(collection).indexes()).map(({ name }) => name).sort();
      const collections = ['commits', 'draftRuns', 'snapshotParts', 'record_account', 'record_session'];
      const before = await Promise.all(collections.map(names));
      for (const collection of collections) await db.collection(collection).dropIndexes();
      expect(await names('commits')).toEqual(['_id_']);
      await (await place.open()).close();
      expect(await Promise.all(collections.map(names))).toEqual(before);

      await db.collection('commits').dropIndex('seq');
      await db.collection('commits').dropIndex('command');
      const stored = await db.collection('commits').findOne({}, { projection: { _id: 0 } });
      await db.collection('commits').insertOne({ ...stored });
      await expect(place.open()).rejects.toMatchObject({ name: 'StoreOpenError' });
      await client.close();
      await place.remove();
    });
  });

  describe('snapshots on MongoDB', () => {
    test('[ST9] of a thing no more than two are stored, in parts where they are large; half a snapshot is none', async () => {
      const place = newMongoPlace(url);
      const { snapshots } = await place.open();
      const client = new MongoClient(url);
      const parts = client.db(place.dbName).collection('snapshotParts');
      const large = { kind: 'draft', id: 'large', version: 1, sha256: '', bytes: new Uint8Array(9 * 1024 * 1024).fill(7) } as const;
      for (const position of [1, 2, 3]) await snapshots.put({ ...large, position });
      expect(await parts.countDocuments()).toBe(4);
      const [newest, older] = await snapshots.latest('draft', 'large');
      expect([newest?.position, older?.position]).toEqual([3, 2]);
      expect(Buffer.compare(newest?.bytes ?? Buffer.of(), large.bytes)).toBe(0);
      await parts.deleteOne({ position: { $eq: 3 }, part: { $eq: 1 } });
      expect((await snapshots.latest('draft', 'large')).map(({ position }) => position)).toEqual([2]);
      await client.close();
      await place.remove();
    });
  });

  describe('a network that loses things', () => {
    const open: { proxy?: MongoProxy; place?: ReturnType<typeof newMongoPlace>; direct?: Store<RecordKinds>; store?: Store<RecordKinds> } =
      {};

    beforeAll(async () => {
      const place = newMongoPlace(url);
      open.place = place;
      open.direct = await place.open();
      open.proxy = await startMongoProxy(url);
      open.store = await openMongo({ url: open.proxy.url, dbName: place.dbName, allowStandalone: true });
    });
    afterEach(() => {
      open.proxy?.lose(null);
      open.proxy?.setReachable(true);
      open.proxy?.setSilent(false);
    });
    afterAll(async () => {
      await open.store?.close();
      await open.place?.remove();
      await open.proxy?.stop();
    });
    const parts = () => {
      const { proxy, place, direct, store } = open;
      if (proxy === undefined || place === undefined || direct === undefined || store === undefined)
        throw new Error('The store was not opened.');
      return { proxy, place, direct, store };
    };

    test('[ST14] appends whose answer is lost are read back and called appended, once each', async () => {
      const { proxy, direct, store } = parts();
      const stream = newStream();
      const draftId = newDraftId();
      const commits = chainOf(stream, 3);
      proxy.lose({ command: 'insert', part: 'reply' });
      expect(await appendCommits(store.journal, commits)).toEqual([appended, appended, appended]);
      expect(await store.journal.append([draftWrite(entriesOf(draftId, 1, 3))])).toEqual([appended]);
      expect(await store.records.insert('installation', { id: draftId, rev: 0, value: 'x' })).toBe('inserted');
      proxy.lose(null);
      expect(await direct.journal.readCommits(stream, 0, 10)).toEqual(commits);
      expect(await direct.journal.readDraft(draftId, 0, 10)).toHaveLength(3);
      expect(await appendCommits(store.journal, [commitAfter(stream, commits[2] ?? { seq: 0, hash: '' })])).toEqual([appended]);
    });

    test('[ST14] appends whose request is lost are not called anything, and may be tried again', async () => {
      const { proxy, direct, store } = parts();
      const stream = newStream();
      const draftId = newDraftId();
      const commits = chainOf(stream, 2);
      proxy.lose({ command: 'insert', part: 'request' });
      await expect(appendCommits(store.journal, commits)).rejects.toMatchObject(unavailable);
      await expect(store.journal.append([draftWrite(entriesOf(draftId, 1, 3))])).rejects.toMatchObject(unavailable);
      await expect(store.records.insert('installation', { id: draftId, rev: 0, value: 'x' })).rejects.toMatchObject(unavailable);
      expect(await direct.journal.head(stream)).toMatchObject({ seq: 0 });
      proxy.lose(null);
      expect(await store.journal.append([...commits.map(commitWrite), draftWrite(entriesOf(draftId, 1, 3))])).toEqual([
        appended,
        appended,
        appended,
      ]);
      expect(await direct.journal.readCommits(stream, 0, 10)).toEqual(commits);
    });

    test('[ST14] after a lost answer what another process appended meanwhile still counts', async () => {
      const { proxy, direct, store } = parts();
      const stream = newStream();
      const draftId = newDraftId();
      const [first, second] = chainOf(stream, 2);
      if (first === undefined || second === undefined) throw new Error('unreachable');
      proxy.lose({ command: 'insert', part: 'request' });
      await expect(store.journal.append([commitWrite(first), draftWrite(entriesOf(draftId, 1, 2))])).rejects.toMatchObject(unavailable);
      proxy.lose(null);
      const others = commitAfter(stream, { seq: 0, hash: '' }, { actorId: 'ben' });
      expect(await direct.journal.append([commitWrite(others), draftWrite(entriesOf(draftId, 1, 1, 'ben'))])).toEqual([appended, appended]);
      expect(await store.journal.append([commitWrite(second), draftWrite(entriesOf(draftId, 1, 2))])).toEqual([conflict, conflict]);
      expect(await store.journal.readCommits(stream, 0, 10)).toEqual([others]);
    });

    test('[ST14] a replace whose answer is lost is read back', async () => {
      const { proxy, store } = parts();
      const fact = { id: newDraftId(), rev: 0, value: 'old' };
      await store.records.insert('installation', fact);
      proxy.lose({ command: 'update', part: 'reply' });
      expect(await store.records.replace('installation', { ...fact, value: 'new' })).toBe('replaced');
      proxy.lose({ command: 'update', part: 'request' });
      await expect(store.records.replace('installation', { ...fact, rev: 1, value: 'newer' })).rejects.toMatchObject(unavailable);
      expect(await store.records.get('installation', fact.id)).toEqual({ ...fact, rev: 1, value: 'new' });
    });

    test('[ST14] a server out of reach makes everything unavailable, and a server in reach again makes it work again', async () => {
      const { proxy, store } = parts();
      const stream = newStream();
      await store.health();
      proxy.setReachable(false);
      const commits = chainOf(stream, 1);
      const answers = [
        store.health(),
        appendCommits(store.journal, commits),
        store.journal.head(stream),
        store.records.get('account', 'x'),
      ];
      for (const answer of await Promise.allSettled<unknown>(answers))
        expect(answer).toMatchObject({ status: 'rejected', reason: unavailable });
      proxy.setReachable(true);
      await store.health();
      expect(await appendCommits(store.journal, commits)).toEqual([appended]);
    });

    test('[ST14] behind a database that stands still nobody waits for a connection without an end: that is told as a failure', async () => {
      const { proxy, place } = parts();
      const standing = await connectMongo({ url: proxy.url, allowStandalone: true });
      expect(standing.client.options.waitQueueTimeoutMS).toBe(10_000);
      await standing.client.close();
      const narrow = new URL(proxy.url);
      narrow.searchParams.set('maxPoolSize', '1');
      narrow.searchParams.set('waitQueueTimeoutMS', '2000');
      const store = await openMongo({ url: narrow.href, dbName: place.dbName, allowStandalone: true });
      proxy.setSilent(true);
      // One has the only connection, and the other none.
      const answers = [store.records.get('account', 'one'), store.records.get('account', 'other')];
      await expect(Promise.race(answers)).rejects.toMatchObject({
        ...unavailable,
        message: expect.stringContaining('connection') as string,
      });
      proxy.setSilent(false);
      const settled = await Promise.allSettled(answers);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.records.get('account', 'again')).toBeNull();
      await store.close();
    });

    test('[ST18] every write asks for a majority and its journal, whatever the address says', async () => {
      const { proxy } = parts();
      const weak = new URL(proxy.url);
      weak.pathname = `/${newMongoPlace(url).dbName}`;
      for (const [setting, value] of [
        ['w', '1'],
        ['journal', 'false'],
        ['wtimeoutMS', '1'],
        ['readPreference', 'nearest'],
      ] as const) {
        weak.searchParams.set(setting, value);
      }
      const before = proxy.commands.length;
      const store = await openMongo({ url: weak.href, allowStandalone: true });
      const stream = newStream();
      await store.journal.append([...chainOf(stream, 2).map(commitWrite), draftWrite(entriesOf(newDraftId(), 1, 3))]);
      await store.snapshots.put({ kind: 'room', id: stream.id, position: 1, version: 1, sha256: '', bytes: Uint8Array.of(1) });
      const fact = { id: 'x', rev: 0, value: '' };
      await store.records.insert('installation', fact);
      await store.records.replace('installation', fact);
      await store.records.removeExpired('session', 0);
      await store.records.remove('installation', 'x');
      await store.health();
      await store.close();
      const writes = proxy.commands
        .slice(before)
        .filter((command) => ['insert', 'update', 'delete'].includes(Object.keys(command)[0] ?? ''));
      expect(writes.length).toBeGreaterThan(8);
      for (const write of writes) expect(write.writeConcern).toMatchObject({ w: 'majority', j: true, wtimeout: 10_000 });
      const { client, db } = await connectMongo({ url: weak.href, allowStandalone: true });
      await db.dropDatabase();
      await client.close();
    });
  });

  describe('a server that is killed', () => {
    test('[ST12] has everything it acknowledged when it comes back', async (context) => {
      const server = await startMongo();
      if ('missing' in server || server.crash === null) return context.skip('this server is not ours to kill');
      const place = newMongoPlace(server.url);
      try {
        const store = await place.open();
        const stream = newStream();
        const draftId = newDraftId();
        const kept = [];
        let before = { seq: 0, hash: '' };
        for (let round = 0; round < 3; round++) {
          for (let written = 0; written < 20; written++) {
            const commit = commitAfter(stream, before);
            expect(await store.journal.append([commitWrite(commit), draftWrite(entriesOf(draftId, commit.seq, commit.seq))])).toEqual([
              appended,
              appended,
            ]);
            kept.push(commit);
            before = commit;
          }
          // Killed while an append is under way, whose fate only the log knows.
          const pending = commitAfter(stream, before);
          const [answer] = await Promise.allSettled([appendCommits(store.journal, [pending]), server.crash()]);
          const read = await store.journal.readCommits(stream, 0, 1000);
          expect(read.slice(0, kept.length)).toEqual(kept);
          if (answer.status === 'fulfilled') expect(read).toEqual([...kept, pending]);
          if (read.length > kept.length) {
            expect(read).toEqual([...kept, pending]);
            kept.push(pending);
            expect(await store.journal.append([draftWrite(entriesOf(draftId, pending.seq, pending.seq))])).toEqual([appended]);
          }
          before = kept.at(-1) ?? before;
          expect((await store.journal.readDraft(draftId, 0, 1000)).map(({ ordinal }) => ordinal)).toEqual(kept.map(({ seq }) => seq));
        }
        await place.remove();
      } finally {
        await server.stop();
      }
    });
  });
});
