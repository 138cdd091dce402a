import { eraseFromUpdate } from '#shared/document/erasing/eraseFromUpdate.ts';
import type { RunSet } from '#shared/document/erasing/runSet.ts';
import { bytesCommitment, draftEntryDigest } from '#shared/domain/drafts/entryDigest.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import type { DraftEntry } from '../store/ports.ts';

/** An entry without the words that were erased, as it is to be stored and read from then on; the same one where it has none of them. */
export function withoutErased(entry: DraftEntry, gone: RunSet): DraftEntry {
  const bytes = gone.isEmpty || entry.kind === 'barrier' ? null : eraseFromUpdate(entry.bytes, gone);
  if (bytes === null) return entry;
  const { salt: _salt, ...left } = entry;
  return { ...left, bytes, erased: bytesCommitment(entry, sha256OfBytes(entry.bytes)) };
}

/** The digest of an entry: the log up to and including it, in one hash. The first entry follows the empty digest. */
export function entryDigest(previous: string, entry: Omit<DraftEntry, 'digest'>): string {
  return draftEntryDigest(previous, entry, bytesCommitment(entry, sha256OfBytes(entry.bytes)));
}
