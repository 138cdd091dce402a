import { join } from 'node:path';
import type { StoreLog } from './openError.ts';
import type { Store } from './ports.ts';
import type { RecordKinds } from './records.ts';
import { openSqlite } from './sqlite/openSqlite.ts';

export interface StoreOptions {
  /** Address of a MongoDB; without it the embedded SQLite store in `dataDir` is used. */
  readonly mongoUrl?: string | undefined;
  /** Accept a MongoDB that is no replica set, and so may lose what it acknowledged when its one server is lost. */
  readonly mongoStandalone?: boolean | undefined;
  /** Folder of the embedded store; made if it is not there. */
  readonly dataDir: string;
  readonly log?: StoreLog | undefined;
}

/** Opens the store that the options name. Rejects with StoreOpenError, whose message is for a person. */
export async function openStore(options: StoreOptions): Promise<Store<RecordKinds>> {
  const log = options.log === undefined ? {} : { log: options.log };
  if (options.mongoUrl !== undefined) {
    // Loaded where it is used: the driver is a fifth of what starting takes.
    const { openMongo } = await import('./mongo/openMongo.ts');
    return openMongo({ url: options.mongoUrl, allowStandalone: options.mongoStandalone ?? false, ...log });
  }
  return openSqlite({ file: join(options.dataDir, 'shangliang.db'), ...log });
}
