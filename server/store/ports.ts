import type { Commit, StreamRef } from '#shared/domain/commit.ts';
import type { DraftEntry } from './draftEntry.ts';
import type { Removal } from './removal.ts';
import type { Eraser } from './erasing.ts';
import type { Packing } from './packing.ts';

export type { DraftEntry } from './draftEntry.ts';

/** One thing to write in a turn: a commit of a stream, or consecutive entries of a draft's log. */
export type JournalWrite =
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'draft'; readonly draftId: string; readonly entries: readonly DraftEntry[] };

/**
 * What became of one write. conflict: the seq or ordinal was taken by another process, or is not the next one; nothing of this
 * write was stored. duplicate: a commit with this actor and command id is in the stream already, at `seq`.
 */
export type JournalOutcome =
  { readonly outcome: 'appended' } | { readonly outcome: 'conflict' } | { readonly outcome: 'duplicate'; readonly seq: number };

/**
 * The logs. `append` writes one turn's worth and answers per write, in order; when it resolves, what it calls appended is on
 * disk (fsync) or acknowledged by a majority with its journal. One write's conflict never touches another. It rejects with
 * StoreUnavailable when the store failed: then whether anything was written is unknown, and the caller reads it back.
 * Within one call there are at most one draft write per draft, and any number of commits per stream in rising seq; once one
 * commit of a stream conflicts, the later ones of that stream in the same call conflict too.
 */
export interface Journal {
  append(writes: readonly JournalWrite[]): Promise<readonly JournalOutcome[]>;
  /**
   * Commits with seq > after, rising, at most `limit`; with `mostBytes` no more than hold so many bytes of events, but one at least where
   * there is one: what is behind is asked for with the last seq.
   */
  readCommits(stream: StreamRef, after: number, limit: number, mostBytes?: number): Promise<readonly Commit[]>;
  /** The last commit's seq and hash; seq 0 and hash '' for an empty stream. */
  head(stream: StreamRef): Promise<{ readonly seq: number; readonly hash: string; readonly at: number }>;
  /** The commit that an accepted command led to, if any. */
  findCommand(stream: StreamRef, actorId: string, commandId: string): Promise<{ readonly seq: number; readonly commandMac: string } | null>;
  /** Ids of all streams of a kind that have a commit, rising, after `after`, at most `limit`. */
  listStreams(kind: StreamRef['kind'], after: string, limit: number): Promise<readonly string[]>;
  /** Entries with ordinal > after, rising, at most `limit`; `mostBytes` of updates as above. */
  readDraft(draftId: string, after: number, limit: number, mostBytes?: number): Promise<readonly DraftEntry[]>;
}

/** A cache of a fold: which thing, at which position (seq or ordinal) of its log, its bytes and their SHA-256 (hex). */
export interface Snapshot {
  readonly kind: 'room' | 'draft';
  readonly id: string;
  readonly position: number;
  /** Version of the format of `bytes`; a reader that does not know it ignores the snapshot. */
  readonly version: number;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/**
 * Snapshots are caches: losing all of them loses nothing. The two newest of each thing are kept; an older one goes only once the new
 * one was read back from the store and is what was put there, else `put` rejects with StoreUnavailable and the older ones stay.
 */
export interface Snapshots {
  put(snapshot: Snapshot): Promise<void>;
  /** Newest first, at most two. A reader takes the first whose SHA-256 and version are right. */
  latest(kind: Snapshot['kind'], id: string): Promise<readonly Snapshot[]>;
}

/** Ordinary records, by kind: what is personal or may be forgotten, and so is no event. See records.ts for each kind's shape. */
export interface RecordStore<Kinds extends { readonly [kind: string]: StoredRecord }> {
  /** exists: the id, or a unique field's value, is taken by another record of the kind. */
  insert<K extends keyof Kinds & string>(kind: K, record: Kinds[K]): Promise<'inserted' | 'exists'>;
  get<K extends keyof Kinds & string>(kind: K, id: string): Promise<Kinds[K] | null>;
  /** Records whose indexed field equals the value, by rising id after `after`, at most `limit`. */
  find<K extends keyof Kinds & string>(
    kind: K,
    field: string,
    value: string,
    options?: { readonly after?: string; readonly limit?: number },
  ): Promise<readonly Kinds[K][]>;
  /** All records of a kind by rising id after `after`, at most `limit`. */
  list<K extends keyof Kinds & string>(
    kind: K,
    options?: { readonly after?: string; readonly limit?: number },
  ): Promise<readonly Kinds[K][]>;
  /** Replaces the record if its stored `rev` is still `record.rev`, and stores it with rev + 1. */
  replace<K extends keyof Kinds & string>(kind: K, record: Kinds[K]): Promise<'replaced' | 'conflict' | 'absent' | 'exists'>;
  remove<K extends keyof Kinds & string>(kind: K, id: string): Promise<void>;
  /** Removes records of the kind whose `expiresAt` is at or before `now` (milliseconds); gives how many. */
  removeExpired<K extends keyof Kinds & string>(kind: K, now: number): Promise<number>;
}

/** What every record has. Plain JSON data; `rev` starts at 0 and is raised by each replace. */
export interface StoredRecord {
  readonly id: string;
  readonly rev: number;
  readonly expiresAt?: number | null;
}

/** The store behind it all is not there, is full, or answered with something other than success. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** When what failed was begun (`performance.now()`): where it waited long for an answer, the store may work again by now. */
  begunAt = performance.now();
}

/** One opened store. `health` resolves if a small durable write went through, and rejects with StoreUnavailable if not. */
export interface Store<Kinds extends { readonly [kind: string]: StoredRecord }> {
  readonly journal: Journal;
  readonly snapshots: Snapshots;
  readonly records: RecordStore<Kinds>;
  readonly removal: Removal;
  readonly erasing: Eraser;
  readonly packing: Packing;
  /** In words for a person: 'SQLite 3.53.4 (data/shangliang.db)', 'MongoDB 8.0.4 (replica set rs0)'. */
  readonly description: string;
  health(): Promise<void>;
  /** Has `tell` called when the store noticed by itself that it is out of reach, before anything that waits for it has failed. */
  whenOutOfReach?(tell: (reason: StoreUnavailable) => void): void;
  /**
   * Whether another process may have written since this was asked last; true the first time, and always where it cannot be told.
   * Rejects with StoreUnavailable.
   */
  writtenElsewhere(): Promise<boolean>;
  /** Waits for what is under way, then closes. */
  close(): Promise<void>;
}
