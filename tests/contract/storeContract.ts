import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { crashContract } from './crashContract.ts';
import { erasingContract } from './erasingContract.ts';
import { journalContract } from './journalContract.ts';
import type { Backend, OpenPlace, Place } from './place.ts';
import { packingContract } from './packingContract.ts';
import { recordContract } from './recordContract.ts';
import { removalContract } from './removalContract.ts';
import { snapshotContract } from './snapshotContract.ts';

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

    journalContract(shared, fresh);
    snapshotContract(shared);
    erasingContract(shared);
    recordContract(shared, () => context.backend?.atomicUpdates ?? false);
    removalContract(shared);
    packingContract(shared, fresh);
    crashContract(fresh);
  });
}
