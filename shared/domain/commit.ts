import type { Json } from '../lib/canonical.ts';
import { canonicalJson } from '../lib/canonical.ts';
import { hashFields } from '../lib/hash.ts';
import type { RoomEvent } from './facts.ts';
import { mapWords, withoutText } from './words.ts';

/** A log belongs to a stream. `room` is the first kind of stream; others will share the store, the envelope and the rules. */
export interface StreamRef {
  readonly kind: 'room';
  readonly id: string;
}

/** An event as it is stored: canonical JSON text (a database may reorder keys and change numbers) and the salt of its digest. */
export interface StoredEvent {
  readonly salt: string;
  readonly json: string;
}

/**
 * The events that followed from one command, appended as one. `seq` is dense from 1 and counts commits of the stream. `hash`
 * covers the previous hash, the header and the digests of the events; `prevHash` of the first commit is the empty string.
 */
export interface Commit {
  readonly stream: StreamRef;
  readonly seq: number;
  /** Milliseconds since 1970; never earlier than one more than the previous commit's. */
  readonly at: number;
  /** A participant's id, or `system`. */
  readonly actorId: string;
  readonly commandId: string;
  /** Keyed digest of the command's payload: the same id with another payload is refused. */
  readonly commandMac: string;
  readonly events: readonly StoredEvent[];
  readonly prevHash: string;
  readonly hash: string;
}

/** An event on the wire: what the viewer may see, and always the digest; a verifier needs no more to check the chain. */
export interface WireEvent {
  readonly digest: string;
  /** Absent where the viewer may see neither the event nor the words in it. */
  readonly salt?: string;
  readonly event?: RoomEvent;
}

/** A commit on the wire. Its hash can be recomputed by anybody, whatever was withheld from him. */
export interface WireCommit extends Omit<Commit, 'events' | 'commandMac'> {
  readonly commandMac: string;
  readonly events: readonly WireEvent[];
}

/**
 * A commit on the wire of who follows a room and verifies nothing as it comes: the events that may be seen, null in the place of others,
 * in the lean form. The last one of a message carries the hash of the chain there, so that the next answer can be held against it.
 */
export interface LeanCommit extends Pick<Commit, 'seq' | 'at' | 'actorId' | 'commandId'> {
  readonly events: readonly (RoomEvent | null)[];
  readonly hash?: string;
}

/** Digest of an event: its salt, and its canonical JSON with every free text replaced by its digest. */
export function eventDigest(event: RoomEvent, salt: string): string {
  return hashFields('shangliang/event/1', [salt, canonicalJson(mapWords(event, withoutText) as unknown as Json)]);
}

/** Hash of a commit from its header, the hash before it and the digests of its events. */
export function commitHash(header: Omit<Commit, 'events' | 'hash'>, digests: readonly string[]): string {
  return hashFields('shangliang/commit/1', [
    header.stream.kind,
    header.stream.id,
    String(header.seq),
    String(header.at),
    header.actorId,
    header.commandId,
    header.commandMac,
    header.prevHash,
    ...digests,
  ]);
}

/** Seals events into a commit. `newSalt` gives at least 128 fresh random bits as hex. */
export function sealCommit(header: Omit<Commit, 'events' | 'hash'>, events: readonly RoomEvent[], newSalt: () => string): Commit {
  const stored = events.map((event) => ({ salt: newSalt(), json: canonicalJson(event as unknown as Json) }));
  const digests = stored.map(({ salt }, index) => eventDigest(events[index] as RoomEvent, salt));
  return { ...header, events: stored, hash: commitHash(header, digests) };
}

/**
 * The event of a stored one, lifted to the version the domain knows. Version 1 is the only one so far; a later version adds
 * its lifting here and nowhere else. Hashes are of what was stored, before any lifting.
 */
export function upcast(stored: StoredEvent): RoomEvent {
  return JSON.parse(stored.json) as RoomEvent;
}

/** The first seq at which a run of commits does not continue the chain, or null if it holds. `before` is the commit before the run. */
export function firstBreak(commits: readonly WireCommit[], before: { readonly seq: number; readonly hash: string }): number | null {
  let { seq, hash } = before;
  for (const commit of commits) {
    const digests = commit.events.map((event) => event.digest);
    const sound =
      commit.seq === seq + 1 &&
      commit.prevHash === hash &&
      commit.hash === commitHash(commit, digests) &&
      commit.events.every(({ event, salt, digest }) => event === undefined || salt === undefined || eventDigest(event, salt) === digest);
    if (!sound) return commit.seq;
    ({ seq, hash } = commit);
  }
  return null;
}
