import type { CommentAnchor, GivenAnchor } from '../comments/events.ts';
import type { Words } from '../words.ts';

/** Where a suggestion comes from: a comment or recorded speech (with the words selected in it), or a passage of a draft. */
export type Source =
  | { readonly kind: 'comment'; readonly comment: number; readonly quote: Words | null }
  | { readonly kind: 'passage'; readonly anchor: CommentAnchor };

export type GivenSource =
  | { readonly kind: 'comment'; readonly comment: number; readonly quote?: string | undefined }
  | { readonly kind: 'passage'; readonly anchor: GivenAnchor };

/** What a suggestion says: the ask in one sentence, the problem behind it, the reason for it. */
export interface SuggestionText {
  readonly ask: Words;
  readonly problem: Words | null;
  readonly reason: Words | null;
}

/**
 * Suggestions 意见建议 are numbered from 1 in each room, in the order they were gathered. A merged one keeps its number and its
 * sources; what it says counts with the one it was merged into until the merge is undone.
 */
export type SuggestionEvent =
  | ({
      readonly type: 'suggestion.gathered';
      readonly v: 1;
      readonly suggestion: number;
      readonly sources: readonly Source[];
    } & SuggestionText)
  | ({ readonly type: 'suggestion.reworded'; readonly v: 1; readonly suggestion: number } & SuggestionText)
  | { readonly type: 'suggestion.sourced'; readonly v: 1; readonly suggestion: number; readonly source: Source }
  | { readonly type: 'suggestion.confirmed'; readonly v: 1; readonly suggestion: number }
  | { readonly type: 'suggestion.disputed'; readonly v: 1; readonly suggestion: number; readonly note: Words | null }
  | { readonly type: 'suggestion.merged'; readonly v: 1; readonly suggestion: number; readonly into: number }
  | { readonly type: 'suggestion.mergeUndone'; readonly v: 1; readonly suggestion: number }
  | { readonly type: 'suggestion.dropped'; readonly v: 1; readonly suggestion: number }
  | { readonly type: 'suggestion.relisted'; readonly v: 1; readonly suggestion: number }
  | { readonly type: 'suggestion.supported'; readonly v: 1; readonly suggestion: number }
  | { readonly type: 'suggestion.supportEnded'; readonly v: 1; readonly suggestion: number };

/** A suggestion's text as it comes from a person. */
export interface GivenSuggestionText {
  readonly ask: string;
  readonly problem?: string | undefined;
  readonly reason?: string | undefined;
}

export type SuggestionCommand =
  /** A suggestion in one's own words, about a passage or about the room: said as a comment, listed, and confirmed by its author. */
  | ({ readonly type: 'makeSuggestion'; readonly anchor?: GivenAnchor | null | undefined } & GivenSuggestionText)
  | ({ readonly type: 'gatherSuggestion'; readonly sources: readonly GivenSource[] } & GivenSuggestionText)
  | ({ readonly type: 'rewordSuggestion'; readonly suggestion: number } & GivenSuggestionText)
  | { readonly type: 'addSource'; readonly suggestion: number; readonly source: GivenSource }
  | { readonly type: 'confirmSuggestion'; readonly suggestion: number }
  | { readonly type: 'disputeSuggestion'; readonly suggestion: number; readonly note?: string | undefined }
  | { readonly type: 'mergeSuggestion'; readonly suggestion: number; readonly into: number }
  | { readonly type: 'undoMerge'; readonly suggestion: number }
  /** Splits one in several: each part is gathered with the same sources, and the one that was split is dropped. */
  | { readonly type: 'splitSuggestion'; readonly suggestion: number; readonly parts: readonly GivenSuggestionText[] }
  | { readonly type: 'dropSuggestion'; readonly suggestion: number }
  | { readonly type: 'relistSuggestion'; readonly suggestion: number }
  | { readonly type: 'supportSuggestion'; readonly suggestion: number }
  | { readonly type: 'endSuggestionSupport'; readonly suggestion: number };
