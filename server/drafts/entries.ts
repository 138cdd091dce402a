import { bytesCommitment, draftEntryDigest } from '#shared/domain/drafts/entryDigest.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import type { DraftEntry } from '../store/ports.ts';

/** The digest of an entry: the log up to and including it, in one hash. The first entry follows the empty digest. */
export function entryDigest(previous: string, entry: Omit<DraftEntry, 'digest'>): string {
  return draftEntryDigest(previous, entry, bytesCommitment(entry, sha256OfBytes(entry.bytes)));
}
