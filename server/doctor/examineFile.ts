import { createHash } from 'node:crypto';
import type { Finding } from '#shared/domain/proof/finding.ts';
import type { RoomFile } from '#shared/domain/state.ts';
import type { Files } from '../files/ports.ts';

/** Reads a background file through: whether it is there, of the size and the content that the log says. */
export async function examineFile(files: Pick<Files, 'get'>, room: string, file: RoomFile): Promise<Finding | null> {
  const found = await files.get(file.sha256);
  if (found === null) return { what: 'fileMissing', room, file: file.id };
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of found.content as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  const same = bytes === file.bytes && hash.digest('hex') === file.sha256;
  return same ? null : { what: 'fileChanged', room, file: file.id };
}
