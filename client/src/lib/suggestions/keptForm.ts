import type { Shelf } from '../room/outbox.ts';
import type { SuggestionForm } from './forms.ts';
import type { SuggestionWords } from './prefill.ts';

/** Where one person's half-written form is kept: one per thing it is about, so that two never mix. */
export function formKey(roomId: string, participantId: string, form: SuggestionForm): string {
  const about =
    form.kind === 'gather' ? JSON.stringify(form.sources) : form.kind === 'make' ? JSON.stringify(form.anchor) : String(form.suggestion);
  return `shangliang/suggestion/${roomId}/${participantId}/${form.kind}/${about}`;
}

/** What was half-written, or null. Anything unreadable counts as nothing. */
export function readForm(shelf: Shelf, key: string): readonly SuggestionWords[] | null {
  try {
    const value: unknown = JSON.parse(shelf.getItem(key) ?? 'null');
    return Array.isArray(value) && value.length > 0 && value.every(isWords) ? value : null;
  } catch {
    return null;
  }
}

/** Keeps what is half-written, or forgets it. A browser that keeps nothing loses it with the dialog. */
export function writeForm(shelf: Shelf, key: string, parts: readonly SuggestionWords[] | null): void {
  try {
    if (parts === null) shelf.removeItem(key);
    else shelf.setItem(key, JSON.stringify(parts));
  } catch {
    // Full or switched off.
  }
}

function isWords(value: unknown): value is SuggestionWords {
  if (typeof value !== 'object' || value === null) return false;
  const { ask, problem, reason } = value as Partial<SuggestionWords>;
  return [ask, problem, reason].every((text) => typeof text === 'string');
}
