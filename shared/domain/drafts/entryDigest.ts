import { hashFields } from '../../lib/hash.ts';

/** What the digest of an entry in a draft's log covers, besides the digest before it. */
export interface EntryHeader {
  readonly ordinal: number;
  readonly kind: 'update' | 'barrier';
  readonly actorId: string;
  readonly at: number;
}

/** How an entry commits to its bytes. Entries of before there were salts have neither, and commit to the plain hash. */
export interface EntrySeal {
  /** At least 128 random bits, hex: without them nobody can try guesses against the digest. Gone with what was erased. */
  readonly salt?: string;
  /** The commitment to the bytes the entry had, where something in them was erased and these are others. */
  readonly erased?: string;
}

/** What an entry commits to. `bytesHash` is the SHA-256 of its bytes, in hex. */
export function bytesCommitment({ salt, erased }: EntrySeal, bytesHash: string): string {
  if (erased !== undefined) return erased;
  return salt === undefined ? bytesHash : hashFields('shangliang/draft-bytes/1', [salt, bytesHash]);
}

/**
 * The digest of an entry of a draft's log: the log up to and including it, in one hash. The first entry follows the empty digest.
 * `commitment` is what the entry commits to: the chain can be checked where the bytes themselves are gone.
 */
export function draftEntryDigest(previous: string, { ordinal, kind, actorId, at }: EntryHeader, commitment: string): string {
  return hashFields('shangliang/draft-entry/1', [previous, String(ordinal), kind, actorId, String(at), commitment]);
}
