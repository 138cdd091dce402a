import { createHash } from 'node:crypto';
import { hashFields } from '#shared/lib/hash.ts';
import type { DraftEntry } from '../store/ports.ts';

/** SHA-256 of bytes as hex: the same as `sha256OfBytes` of shared code, in native code, since every frame passes here. */
export function sha256OfFrame(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digest of an entry: the log up to and including it, in one hash. The first entry follows the empty digest. */
export function entryDigest(previous: string, entry: Omit<DraftEntry, 'digest'>): string {
  const { ordinal, kind, actorId, at, bytes } = entry;
  return hashFields('shangliang/draft-entry/1', [previous, String(ordinal), kind, actorId, String(at), sha256OfFrame(bytes)]);
}
