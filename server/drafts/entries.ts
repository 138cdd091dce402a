import { createHash } from 'node:crypto';
import { draftEntryDigest } from '#shared/domain/drafts/entryDigest.ts';
import type { DraftEntry } from '../store/ports.ts';

/** SHA-256 of bytes as hex: the same as `sha256OfBytes` of shared code, in native code, since every frame passes here. */
export function sha256OfFrame(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digest of an entry: the log up to and including it, in one hash. The first entry follows the empty digest. */
export function entryDigest(previous: string, entry: Omit<DraftEntry, 'digest'>): string {
  return draftEntryDigest(previous, entry, sha256OfFrame(entry.bytes));
}
