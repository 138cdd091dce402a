import path from 'node:path';
import type { StoreLog } from '../store/openError.ts';
import { openDiskFiles } from './diskFiles.ts';
import { openGridFiles } from './gridFiles.ts';
import type { Files } from './ports.ts';

/** Opens the place of background files: beside the store, in the data folder or in the MongoDB. */
export async function openFiles(options: {
  readonly mongoUrl?: string | undefined;
  readonly mongoStandalone?: boolean | undefined;
  readonly dataDir: string;
  readonly log?: StoreLog | undefined;
}): Promise<Files> {
  if (options.mongoUrl === undefined) return openDiskFiles(path.join(options.dataDir, 'files'));
  return openGridFiles({ url: options.mongoUrl, allowStandalone: options.mongoStandalone ?? false });
}
