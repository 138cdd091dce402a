import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { crashContract } from './crashContract.ts';
import { journalContract } from './journalContract.ts';
import { recordContract } from './recordContract.ts';
import { snapshotContract } from './snapshotContract.ts';

/** What tests/contract/appendForever.ts needs to open a place from another process. */
export type PlaceAddress =
  { readonly adapter: 'sqlite'; readonly file: string } | { readonly adapter: 'mongo'; readonly url: string; readonly dbName: string };

/** An empty database of its own. Every store opened on it sees the same data, as several processes would. */
export interface Place {
  readonly address: PlaceAddress;
  open(): Promise<Store<RecordKinds>>;
  /** Closes what was opened on it and removes it. */
  remove(): Promise<void>;
}

/** A kind of database that the contract is proven on. */
export interface Backend {
  newPlace(): Promise<Place>;
  /** Whether conditional updates by several writers at once are atomic. */
  readonly atomicUpdates: boolean;
}

/** One store on one place, and more stores on the same place if a test asks for them. */
export interface OpenPlace {
  readonly store: Store<RecordKinds>;
  readonly place: Place;
}

/** Everything a store promises, run against one adapter. `backend` is called once, when the tests begin. */
export function storeContract(name: string, backend: () => Promise<Backend>): void {
  describe(name, () => {
    const context: { backend?: Backend; place?: Place; store?: Store<RecordKinds> } = {};

    beforeAll(async () => {
      context.backend = await backend();
      context.place = await context.backend.newPlace();
      context.store = await context.place.open();
    });
    afterAll(async () => {
      await context.place?.remove();
    });

    // Most tests share one place: each uses streams, drafts and ids of its own.
    const shared = (): OpenPlace => {
      if (context.store === undefined || context.place === undefined) throw new Error('The store was not opened.');
      return { store: context.store, place: context.place };
    };
    const fresh = async (): Promise<Place> => {
      if (context.backend === undefined) throw new Error('The store was not opened.');
      return context.backend.newPlace();
    };

    journalContract(shared);
    snapshotContract(shared);
    recordContract(shared, () => context.backend?.atomicUpdates ?? false);
    crashContract(fresh);
  });
}
