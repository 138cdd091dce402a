/**
 * A revision is draft text sealed into the room's log: which draft, up to which ordinal of its update log, the digest of that
 * log (so the room's chain covers the draft), the hash of the text and when. Lineage names the history the ordinals belong to.
 */
export type DraftEvent =
  | { readonly type: 'draft.created'; readonly v: 1; readonly draftId: string; readonly lineage: string }
  | { readonly type: 'draft.locked'; readonly v: 1; readonly draftId: string }
  | { readonly type: 'draft.unlocked'; readonly v: 1; readonly draftId: string }
  | {
      readonly type: 'draft.revisionSealed';
      readonly v: 1;
      readonly draftId: string;
      readonly revision: number;
      readonly lineage: string;
      readonly ordinal: number;
      readonly logDigest: string;
      readonly contentHash: string;
    };

export type DraftCommand =
  | { readonly type: 'lockDraft'; readonly draftId: string }
  | { readonly type: 'unlockDraft'; readonly draftId: string }
  | {
      readonly type: 'sealRevision';
      readonly draftId: string;
      readonly lineage: string;
      readonly ordinal: number;
      readonly logDigest: string;
      readonly contentHash: string;
    };
