import type { ShownNode } from '../document/history/textAt.ts';
import type { WovenDraft } from '../document/history/woven.ts';
import type { SealCause } from '../domain/drafts/events.ts';
import type { EntrySeal } from '../domain/drafts/entryDigest.ts';
import type { Checkpoint } from '../domain/proof/checkpoint.ts';
import type { Head, PersonView } from './messages.ts';

/** A version of a draft. `ordinal`: the last entry of the draft's log that is in it. */
export interface VersionView {
  readonly number: number;
  readonly ordinal: number;
  readonly at: number;
  /** Hash of the text; null where something in it was erased. */
  readonly contentHash: string | null;
  readonly cause: SealCause | null;
  /** The name somebody gave it, and who; null for one that was made by a change of the room's stage. */
  readonly label: string | null;
  readonly by: string | null;
}

/** The answer of `GET /api/rooms/:roomId/history`: what there is to travel through. */
export interface HistoryView {
  readonly roomId: string;
  readonly title: string;
  readonly status: 'open' | 'closed';
  readonly createdAt: number;
  readonly head: Head;
  readonly drafts: readonly {
    readonly id: string;
    readonly title: string | null;
    readonly lineage: string;
    readonly versions: readonly VersionView[];
  }[];
  readonly people: readonly PersonView[];
}

/** The answer of `GET /api/rooms/:roomId/drafts/:draftId/history`: from it the text of every moment in it can be shown. */
export type DraftHistory = WovenDraft;

/** The answer of `GET /api/rooms/:roomId/drafts/:draftId/history/:ordinal`. Before the first edit all is empty and `at` 0. */
export interface DraftMoment {
  readonly draftId: string;
  readonly lineage: string;
  /** The last entry that changed the text, at or before the one that was asked for; 0 before the first. */
  readonly ordinal: number;
  readonly at: number;
  readonly nodes: readonly ShownNode[];
}

/** One entry of a draft's log as it is stored; `bytes` is a Yjs update in base64, empty for a barrier. */
export interface LogEntryView extends EntrySeal {
  readonly ordinal: number;
  readonly kind: 'update' | 'barrier';
  readonly actorId: string;
  readonly at: number;
  readonly digest: string;
  readonly bytes: string;
}

/** The answer of `POST /api/rooms/:roomId/drafts/:draftId/passages`: what there would be to erase. */
export interface PassageView {
  /** The words, one line for each text they stand in. */
  readonly lines: readonly string[];
  /** The place that was pointed at, if one was. */
  readonly here: PassagePlaces;
  /** Everywhere else that exactly these lines stand, or stood at some time. */
  readonly elsewhere: PassagePlaces;
}

export interface PassagePlaces {
  readonly places: number;
  /** There may be further ones: then it is to be erased once more. */
  readonly more: boolean;
  /** What was written and deleted in the very same place. */
  readonly under: readonly string[];
}

/** The answer of `GET /api/rooms/:roomId/drafts/:draftId/log`. */
export interface DraftLogPage {
  readonly lineage: string;
  readonly entries: readonly LogEntryView[];
  /** What to ask for `after` next; null where nothing was behind it, and the log ended. */
  readonly next: number | null;
}

/** The answer of `GET /api/rooms/:roomId/checkpoints`: the newest 200, oldest first. */
export interface CheckpointsView {
  readonly checkpoints: readonly Checkpoint[];
}
