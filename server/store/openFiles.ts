import path from 'node:path';
import type { StoreLog } from './openError.ts';
import { openDiskFiles } from '../files/diskFiles.ts';
import type { Files } from '../files/ports.ts';

/** Opens the place of background files: beside the store, in the data folder or in the MongoDB. */
export async function openFiles(options: {
  readonly mongoUrl?: string | undefined;
  readonly mongoStandalone?: boolean | undefined;
  readonly dataDir: string;
  readonly log?: StoreLog | undefined;
}): Promise<Files> {
  if (options.mongoUrl === undefined) return openDiskFiles(path.join(options.dataDir, 'files'));
  const { openGridFiles } = await import('./mongo/gridFiles.ts');
  return openGridFiles({ url: options.mongoUrl, allowStandalone: options.mongoStandalone ?? false });
}
