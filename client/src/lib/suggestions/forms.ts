import type { GivenAnchor } from '#shared/domain/comments/events.ts';
import type { GivenSource } from '#shared/domain/suggestions/events.ts';
import type { SuggestionWords } from './prefill.ts';

/** What the form is opened for. */
export type SuggestionForm =
  /** In one's own words; `composed`: the words were begun at the foot of the discussion, and go from there once they are sent. */
  | { readonly kind: 'make'; readonly anchor: GivenAnchor | null; readonly words: SuggestionWords; readonly composed: boolean }
  | { readonly kind: 'gather'; readonly sources: readonly GivenSource[]; readonly words: SuggestionWords }
  | { readonly kind: 'reword' | 'split'; readonly suggestion: number; readonly parts: readonly SuggestionWords[] };

/** A dialog about suggestions. */
export type SuggestionDialog =
  | { readonly kind: 'suggestion'; readonly form: SuggestionForm }
  | { readonly kind: 'merge'; readonly suggestion: number }
  | { readonly kind: 'count'; readonly count: 'people' | 'participations' | 'comments' | 'suggestions' };

export const noWords: SuggestionWords = { ask: '', problem: '', reason: '' };
