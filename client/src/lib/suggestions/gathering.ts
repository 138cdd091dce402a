import { defaultLimits } from '#shared/domain/limits.ts';
import type { Comment } from '#shared/domain/state.ts';
import type { RoomStore } from '../room/roomStore.svelte.ts';
import type { SuggestionForm } from './forms.ts';
import { prefill } from './prefill.ts';

/** Whether this viewer may make a suggestion of this comment now: a recorder of any, a member of his own. */
export function gathersOf(store: RoomStore, comment: Comment): boolean {
  if (store.me === null || comment.status !== 'published' || comment.erased !== undefined) return false;
  if (store.whyNotAdd('suggestion:gather') !== null) return false;
  return keepsBoard(store) || comment.authorId === store.me;
}

/** Whether this viewer gathers for the whole room. */
export function keepsBoard(store: RoomStore): boolean {
  const code = store.whyNot('speech:record')?.code;
  return store.me !== null && code !== 'notAllowed' && code !== 'removed' && code !== 'signInNeeded';
}

/** The form for a suggestion made of a comment, or of the words selected in it. */
export function formOf(comment: Comment, selected: string): SuggestionForm {
  const quote = selected.trim().slice(0, defaultLimits.suggestionLength);
  const said = quote === '' ? (comment.body.text ?? '') : quote;
  const source = { kind: 'comment', comment: comment.number, ...(quote === '' ? {} : { quote }) } as const;
  return { kind: 'gather', sources: [source], words: prefill(said) };
}

/** The words a person has selected within one comment, or null. */
export function selectedIn(pane: Element): { readonly comment: number; readonly quote: string } | null {
  const selection = getSelection();
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const within = range.commonAncestorContainer;
  const element = within instanceof Element ? within : within.parentElement;
  const article = element?.closest('article.comment');
  const quote = selection.toString().trim();
  const comment = Number(/^comment-(\d+)$/.exec(article?.id ?? '')?.[1] ?? 0);
  if (article == null || !pane.contains(article) || comment === 0 || quote === '') return null;
  return { comment, quote };
}
