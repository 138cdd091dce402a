import type { WireCommit } from '../domain/commit.ts';
import type { Checkpoint } from '../domain/proof/checkpoint.ts';
import type { Audience } from '../domain/visibility.ts';
import type { LogEntryView } from './historyView.ts';
import type { Head, PersonView } from './messages.ts';

export const recordFormat = 'shangliang/room-record/1';

/** The lines of a room's export file, in this order: one head, commits, drafts' entries, checkpoints, people, files, one end. */
export type RecordLine =
  | {
      readonly is: 'head';
      readonly format: typeof recordFormat;
      readonly roomId: string;
      /** Whose view it is: what that class of readers may not see is there as a digest. */
      readonly view: Audience;
      readonly exportedAt: number;
    }
  | { readonly is: 'commit'; readonly commit: WireCommit }
  | { readonly is: 'entry'; readonly draftId: string; readonly entry: LogEntryView }
  | { readonly is: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly is: 'person'; readonly person: PersonView }
  /** `content` in base64; null where it could not be had. */
  | { readonly is: 'file'; readonly fileId: string; readonly sha256: string; readonly content: string | null }
  | { readonly is: 'end'; readonly head: Head; readonly lines: number };
