import type { StreamRef } from '#shared/domain/commit.ts';

/**
 * What takes whole logs out of a store, for rooms that are removed for good. Each resolves when nothing of the log and of its
 * snapshots is left. Where it rejects with StoreUnavailable some may be left: done again it removes the rest, and where there is
 * nothing it does no harm. Other writes go on meanwhile. Whoever calls it has seen to it that nobody writes there any more.
 */
export interface Removal {
  stream(stream: StreamRef): Promise<void>;
  draft(draftId: string): Promise<void>;
}
