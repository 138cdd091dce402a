import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import type { Place, PlaceAddress } from './place.ts';

/** Opens a store at an address, from whichever process. */
export async function openPlace(address: PlaceAddress): Promise<Store<RecordKinds>> {
  if (address.adapter === 'sqlite') return openSqlite({ file: address.file });
  throw new Error('not yet');
}

/** A new SQLite file in a folder of its own. */
export async function newSqlitePlace(): Promise<Place & { readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'shangliang-store-'));
  const file = join(folder, `${randomUUID()}.db`);
  const place = placeAt({ adapter: 'sqlite', file }, () => rm(folder, { recursive: true, force: true }));
  return { ...place, file };
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
