import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StoreUnavailable } from '../store/ports.ts';
import { fileTypeOf } from './fileType.ts';
import type { FileType } from './fileType.ts';

/** A file that came in whole and is of a kind that rooms take. */
export interface IncomingFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly contentType: FileType;
  /** Where it lies until it is stored. */
  readonly path: string;
}

export type Incoming =
  | { readonly ok: true; readonly file: IncomingFile }
  | { readonly ok: false; readonly why: 'tooLarge'; readonly got: number }
  | { readonly ok: false; readonly why: 'type' | 'cutShort' };

class TooLarge extends Error {}

/**
 * Receives what comes in over a wire: writes it to a file as it comes, counts and hashes it, and looks at its content. Nothing
 * of it is held in memory. `use` runs while the file is there; afterwards it is gone.
 * @param most bytes; what is longer is broken off there
 */
export async function receive<T>(
  content: Readable,
  { folder, most }: { readonly folder: string; readonly most: number },
  use: (incoming: Incoming) => Promise<T>,
): Promise<T> {
  const place = path.join(folder, randomUUID());
  try {
    await mkdir(folder, { recursive: true });
    return await use(await written(content, place, most));
  } finally {
    await rm(place, { force: true });
  }
}

async function written(content: Readable, place: string, most: number): Promise<Incoming> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength;
      if (bytes > most) {
        done(new TooLarge());
        return;
      }
      hash.update(chunk);
      done(null, chunk);
    },
  });
  // A request must live on after its body was refused, or nobody would be told; so it is not a part of the pipeline.
  const through = new PassThrough();
  content.once('error', (error) => through.destroy(error));
  content.once('close', () => {
    if (!content.readableEnded) through.destroy(new Error('The sender went away.'));
  });
  content.pipe(through);
  try {
    await pipeline(through, count, createWriteStream(place, { flags: 'wx' }));
  } catch (error) {
    content.unpipe(through);
    content.resume();
    if (error instanceof TooLarge) return { ok: false, why: 'tooLarge', got: bytes };
    if (error instanceof Error && 'syscall' in error && 'path' in error) {
      throw new StoreUnavailable(`The folder of incoming files failed: ${error.message}`, { cause: error });
    }
    return { ok: false, why: 'cutShort' };
  }
  const handle = await open(place, 'r');
  try {
    const contentType = await fileTypeOf(handle, bytes);
    return contentType === null
      ? { ok: false, why: 'type' }
      : { ok: true, file: { sha256: hash.digest('hex'), bytes, contentType, path: place } };
  } finally {
    await handle.close();
  }
}

/** Removes what a process left behind that was ended while files came in. Call it before any comes in. */
export async function clearIncoming(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
