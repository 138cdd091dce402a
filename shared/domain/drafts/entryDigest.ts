import { hashFields } from '../../lib/hash.ts';

/** What the digest of an entry in a draft's log covers, besides the digest before it. */
export interface EntryHeader {
  readonly ordinal: number;
  readonly kind: 'update' | 'barrier';
  readonly actorId: string;
  readonly at: number;
}

/**
 * The digest of an entry of a draft's log: the log up to and including it, in one hash. The first entry follows the empty digest.
 * `bytesHash` is the SHA-256 of the entry's bytes, in hex: the chain can be checked where the bytes themselves are gone.
 */
export function draftEntryDigest(previous: string, { ordinal, kind, actorId, at }: EntryHeader, bytesHash: string): string {
  return hashFields('shangliang/draft-entry/1', [previous, String(ordinal), kind, actorId, String(at), bytesHash]);
}
