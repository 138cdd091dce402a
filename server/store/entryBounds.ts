import type { Commit } from '#shared/domain/commit.ts';
import type { DraftEntry } from './ports.ts';

/**
 * No entry of a draft's log and no commit is larger than this, in bytes, so that each is one document in every store: MongoDB takes
 * 16 MB. What people send is smaller by far; what comes from a file, from another room or by raised limits is held to it.
 */
export const mostEntryBytes = 8 * 1024 * 1024;
export const mostCommitBytes = 4 * 1024 * 1024;

/** What an entry, or an event of a commit, takes up in a store besides its bytes, at most. */
const overheadBytes = 1024;

/** What an entry takes up in a store, at most. */
export function entryTakes({ bytes }: Pick<DraftEntry, 'bytes'>): number {
  return overheadBytes + bytes.byteLength;
}

/** What a commit takes up in a store, at most. */
export function commitTakes({ events }: Pick<Commit, 'events'>): number {
  return events.reduce((sum, { json }) => sum + overheadBytes + Buffer.byteLength(json), overheadBytes);
}
