import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GridFSBucket } from 'mongodb';
import type { MongoOptions } from './connect.ts';
import { connectMongo } from './connect.ts';
import { faultOf } from './faults.ts';
import type { Files, StoredContent } from '../../files/ports.ts';

interface GridFile {
  readonly _id: unknown;
  readonly filename: string;
  readonly length: number;
  readonly uploadDate: Date;
}

/**
 * Contents in a MongoDB, as GridFS keeps them, with a connection of their own. The hash is the name of a file, not its id: of two
 * who store the same at once both succeed, and an upload that was cut short is in nobody's way.
 */
export async function openGridFiles(options: MongoOptions): Promise<Files> {
  const { client, db, description } = await connectMongo(options);
  const bucket = new GridFSBucket(db, { bucketName: 'files', writeConcern: { w: 'majority', journal: true } });
  const files = db.collection<GridFile>('files.files');

  async function put(sha256: string, content: () => Readable): Promise<void> {
    const { modifiedCount, matchedCount } = await files.updateMany({ filename: { $eq: sha256 } }, { $set: { uploadDate: new Date() } });
    if (matchedCount > 0 || modifiedCount > 0) return;
    await pipeline(content(), bucket.openUploadStream(sha256));
  }

  async function newest(sha256: string): Promise<GridFile | null> {
    return files
      .find({ filename: { $eq: sha256 } })
      .sort({ uploadDate: -1 })
      .limit(1)
      .next();
  }

  async function list(after: string, limit: number): Promise<readonly StoredContent[]> {
    const found = new Map<string, number>();
    const page = files.find({ filename: { $gt: after } }).sort({ filename: 1 });
    for await (const { filename, uploadDate } of page) {
      if (!found.has(filename) && found.size >= limit) break;
      found.set(filename, Math.max(found.get(filename) ?? 0, uploadDate.getTime()));
    }
    return [...found].map(([sha256, storedAt]) => ({ sha256, storedAt }));
  }

  return {
    description: `GridFS in ${description}`,
    put: (sha256, content) => guarded(() => put(sha256, content)),
    get: (sha256) =>
      guarded(async () => {
        const file = await newest(sha256);
        return file === null ? null : { bytes: file.length, content: bucket.openDownloadStream(file._id as never) };
      }),
    remove: (sha256) =>
      guarded(async () => {
        for (const { _id } of await files.find({ filename: { $eq: sha256 } }).toArray()) {
          await bucket.delete(_id as never).catch(ignoreAbsent);
        }
      }),
    list: (after, limit) => guarded(() => list(after, limit)),
    close: () => client.close(),
  };
}

/** Somebody else removed it first. */
function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error) || !error.message.includes('File not found')) throw error;
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw faultOf(error);
  }
}
