import type { FileHandle } from 'node:fs/promises';

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
/** The end record, and the longest comment behind it. */
const longestEnd = 22 + 0xffff;
/** So much of a directory is read; an honest document's is a few kilobytes. */
const longestDirectory = 4 * 1024 * 1024;

/**
 * The names in the directory of a ZIP file, which is what programs go by that open it. Null for what has no directory that could
 * be read: cut short, too large, or of the kind for files beyond 4 GB.
 */
export async function namesInZip(file: FileHandle, bytes: number): Promise<ReadonlySet<string> | null> {
  const tail = await read(file, Math.max(0, bytes - longestEnd), Math.min(bytes, longestEnd));
  const end = lastEnd(tail);
  if (end === null) return null;
  const size = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  const count = tail.readUInt16LE(end + 10);
  if (size > longestDirectory || start + size > bytes) return null;
  const directory = await read(file, start, size);
  const names = new Set<string>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entryMark) return null;
    const nameLength = directory.readUInt16LE(at + 28);
    const rest = directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    names.add(directory.toString('utf8', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + rest;
  }
  return names;
}

/** Where the end record begins: the last one, whose comment reaches exactly to the end. */
function lastEnd(tail: Buffer): number | null {
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === endMark && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return null;
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
