import type { EntrySeal } from '#shared/domain/drafts/entryDigest.ts';

/**
 * One entry in the log of a draft. `ordinal` is dense from 1 and unique per draft and lineage. A barrier has no bytes: nothing
 * by somebody who lost the right to write can stand behind it. `digest` chains the log; see `draftEntryDigest`.
 */
export interface DraftEntry extends EntrySeal {
  readonly draftId: string;
  readonly ordinal: number;
  readonly kind: 'update' | 'barrier';
  /** The participant who wrote it, or `system`. */
  readonly actorId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly digest: string;
}
