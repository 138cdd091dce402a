import { bytesCommitment, draftEntryDigest } from '#shared/domain/drafts/entryDigest.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import type { DraftEntry } from '../store/ports.ts';
import { wasUnpackedAfter } from '../store/segment.ts';

/** The digest of an entry: the log up to and including it, in one hash. The first entry follows the empty digest. */
export function entryDigest(previous: string, entry: Omit<DraftEntry, 'digest'>): string {
  return draftEntryDigest(previous, entry, bytesCommitment(entry, sha256OfBytes(entry.bytes)));
}

/** Whether an entry is the next one of a log whose last digest is `previous`. */
export function follows(previous: string, entry: DraftEntry): boolean {
  return wasUnpackedAfter(previous, entry) || entryDigest(previous, entry) === entry.digest;
}
