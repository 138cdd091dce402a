import { MongoClient } from 'mongodb';
import * as Y from 'yjs';
import { openMongo } from '#server/store/mongo/openMongo.ts';
import type { Ledger } from './ledger.ts';

/** Reads what a MongoDB holds of a room and a draft, past the server under test and on a connection of its own. */
export async function readMongoLedger(
  url: string,
  dbName: string,
): Promise<{ read: (roomId: string, draftId: string) => Promise<Ledger>; remove: () => Promise<void> }> {
  const store = await openMongo({ url, dbName, allowStandalone: true });
  return {
    async read(roomId, draftId) {
      const commits = await store.journal.readCommits({ kind: 'room', id: roomId }, 0, 1_000_000);
      const entries = await store.journal.readDraft(draftId, 0, 1_000_000);
      const doc = new Y.Doc();
      doc.transact(() => {
        for (const { kind, bytes } of entries) if (kind === 'update') Y.applyUpdate(doc, bytes);
      });
      return {
        commits: commits.map(({ seq, commandId, actorId, events }) => ({ seq, commandId, actorId, events: JSON.stringify(events) })),
        ordinals: entries.map(({ ordinal }) => ordinal),
        doc,
      };
    },
    async remove() {
      await store.close();
      const client = new MongoClient(url);
      await client.db(dbName).dropDatabase();
      await client.close();
    },
  };
}
