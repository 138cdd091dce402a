import type { Words } from '../words.ts';

/** A clause is named by the Yjs identity of its block, `[client, clock]`: it stays the same clause whatever happens to its words. */
export type ClauseId = readonly [number, number];

/** The number of a clause as people say it: `5`, or `5-1` for one that was put in behind 5 later. */
export interface NumberedClause {
  readonly id: ClauseId;
  readonly label: string;
}

/** What led to a version: what happened in the room, or that somebody gave the text of that moment a name. */
export const sealCauses = ['locked', 'paused', 'commentingOpened', 'commentingClosed', 'closed', 'archived', 'named', 'erased'] as const;
export type SealCause = (typeof sealCauses)[number];

/**
 * A revision is draft text sealed into the room's log: which draft, up to which ordinal of its update log, the digest of that
 * log (so the room's chain covers the draft), the hash of the text and when. Lineage names the history the ordinals belong to.
 */
export type DraftEvent =
  | { readonly type: 'draft.created'; readonly v: 1; readonly draftId: string; readonly lineage: string; readonly title?: Words }
  | { readonly type: 'draft.renamed'; readonly v: 1; readonly draftId: string; readonly title: Words }
  /** The clauses in their order at this moment: they keep these numbers until they are numbered anew. */
  | { readonly type: 'draft.clausesNumbered'; readonly v: 1; readonly draftId: string; readonly clauses: readonly NumberedClause[] }
  | { readonly type: 'draft.locked'; readonly v: 1; readonly draftId: string }
  | { readonly type: 'draft.unlocked'; readonly v: 1; readonly draftId: string }
  /** The text as it stands has a name from here on: the revision that names `versionId` follows. */
  | { readonly type: 'draft.versionNamed'; readonly v: 1; readonly draftId: string; readonly versionId: string; readonly label: Words }
  | {
      readonly type: 'draft.revisionSealed';
      readonly v: 1;
      readonly draftId: string;
      readonly revision: number;
      readonly lineage: string;
      readonly ordinal: number;
      readonly logDigest: string;
      /** Hash of the text, with a salt: of a text of which only a name is unknown, a plain one could be guessed. */
      readonly content?: Words;
      /** The plain hash, in logs of before. */
      readonly contentHash?: string;
      /** The clauses of the sealed text with the numbers they were shown with; they keep them from here on. */
      readonly clauses?: readonly NumberedClause[];
      readonly cause?: SealCause;
      /** The naming it answers. */
      readonly versionId?: string;
    };

export type DraftCommand =
  | { readonly type: 'createDraft'; readonly title: string }
  | { readonly type: 'renameDraft'; readonly draftId: string; readonly title: string }
  /** Numbers the clauses 1, 2, 3 ... in the order given, as the moderator sees them. */
  | { readonly type: 'numberClauses'; readonly draftId: string; readonly clauses: readonly ClauseId[] }
  | { readonly type: 'lockDraft'; readonly draftId: string }
  | { readonly type: 'unlockDraft'; readonly draftId: string }
  /** Keeps the text as it stands under a name. */
  | { readonly type: 'nameVersion'; readonly draftId: string; readonly label: string }
  | {
      readonly type: 'sealRevision';
      readonly draftId: string;
      readonly lineage: string;
      readonly ordinal: number;
      readonly logDigest: string;
      readonly contentHash: string;
      readonly clauses?: readonly ClauseId[] | undefined;
      readonly cause?: SealCause | undefined;
      readonly versionId?: string | undefined;
    };
