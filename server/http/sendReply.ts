import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Response } from 'express';
import { jsonChunks, textChunks } from '../jsonParts.ts';
import type { Reply, ReplyFile } from './reply.ts';

/** What an answer holds at most that is made while it is sent: a chunk, what waits in its streams, and the state of a packer. */
export const streamHolds = 512 * 1024;
/** Longer texts and bytes go out in slices. */
const slicedFrom = 64 * 1024;

/** What an answer that was made holds in memory until it is sent. */
export function holdsOf({ file, packed }: Reply): number {
  const made = file?.bytes;
  if (typeof made === 'string') return streamHolds + 2 * made.length;
  if (made instanceof Uint8Array) return streamHolds + made.byteLength;
  // Shared by all who are sent it.
  return packed === undefined ? streamHolds : streamHolds / 2;
}

/** Sends an answer as its reader takes it; resolves when it is sent or the reader is gone. */
export async function sendReply(response: Response, reply: Reply): Promise<void> {
  if (reply.cookie !== undefined) response.setHeader('set-cookie', reply.cookie);
  if (reply.cookies !== undefined) response.setHeader('set-cookie', [...reply.cookies]);
  if (reply.retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(reply.retryAfterMs / 1_000));
  response.setHeader('cache-control', 'no-store');
  if (reply.hangUp === true) response.setHeader('connection', 'close');
  response.status(reply.status);
  if (reply.file !== undefined) await sendFile(response, reply.file);
  else if (reply.packed !== undefined) await sendPacked(response, reply.packed);
  else if (reply.json === undefined) response.end();
  else if (reply.pack === true) await sendLong(response, reply.json);
  else response.json(reply.json);
}

async function sendLong(response: Response, json: unknown): Promise<void> {
  const packs = response.req.acceptsEncodings('gzip') === 'gzip';
  if (packs) response.setHeader('content-encoding', 'gzip');
  response.setHeader('vary', 'accept-encoding');
  response.type('json');
  await stream(response, jsonChunks(json), packs ? createGzip({ level: 5 }) : null);
}

/** Sends JSON that is packed already, to who does not take it so as it was. */
async function sendPacked(response: Response, gzip: Uint8Array): Promise<void> {
  const packs = response.req.acceptsEncodings('gzip') === 'gzip';
  if (packs) response.setHeader('content-encoding', 'gzip');
  response.setHeader('vary', 'accept-encoding');
  response.type('json');
  await stream(response, slices(gzip), packs ? null : createGunzip());
}

/** What is shown in the browser is shown alone: no script, no frame, nothing from elsewhere, whatever the file holds. */
const sandbox = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox";

async function sendFile(response: Response, file: ReplyFile): Promise<void> {
  response.attachment(file.name).type(file.contentType);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-security-policy', sandbox);
  if (file.inline === true) {
    response.setHeader('content-disposition', String(response.getHeader('content-disposition')).replace(/^attachment/, 'inline'));
  }
  const { bytes } = file;
  if (typeof bytes === 'string') await (bytes.length <= slicedFrom ? response.send(bytes) : stream(response, textChunks(bytes), null));
  else if (bytes instanceof Uint8Array) {
    response.setHeader('content-length', bytes.byteLength);
    await stream(response, slices(bytes), null);
  } else {
    if (file.length !== undefined) response.setHeader('content-length', file.length);
    await stream(response, bytes, null);
  }
}

/** A reader that goes away is no failure of ours; a source that fails ends the connection, so that nobody takes a half for the whole. */
async function stream(
  response: Response,
  chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  through: NodeJS.ReadWriteStream | null,
): Promise<void> {
  const source = chunks instanceof Readable ? chunks : Readable.from(chunks, { objectMode: false, highWaterMark: slicedFrom });
  // Who asks for the head alone causes nothing to be read.
  if (response.req.method === 'HEAD') {
    source.destroy();
    response.end();
    return;
  }
  const sent = through === null ? pipeline(source, response) : pipeline(source, through, response);
  await sent.catch(() => response.destroy());
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += slicedFrom) yield bytes.subarray(at, at + slicedFrom);
}
