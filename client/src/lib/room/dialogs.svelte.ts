import type { PreparingDialog } from '../preparing/preparingItems.ts';

import type { ErasedText, Runs } from '#shared/domain/erasing/events.ts';
import type { SuggestionDialog } from '../suggestions/forms.ts';

/** Which dialog of the room is open. Comments are named by number and people by id: both may change while it is open. */
export type OpenDialog =
  | SuggestionDialog
  | { readonly kind: 'held' }
  | { readonly kind: 'draftTitle'; readonly draftId: string | null }
  | { readonly kind: 'keepVersion'; readonly draftId: string }
  | { readonly kind: 'hide' | 'withdraw' | 'versions'; readonly comment: number }
  | { readonly kind: 'erase'; readonly of: ErasedText }
  | { readonly kind: 'erasePassage'; readonly draftId: string; readonly runs: Runs; readonly words: string }
  | { readonly kind: 'mute' | 'remove'; readonly person: string }
  | { readonly kind: 'preparing'; readonly which: PreparingDialog }
  | { readonly kind: 'settings' | 'invitations' | 'roster' | 'hall' | 'closeRoom' };

/** The one dialog of the room that is open, if any. */
export class Dialogs {
  #open = $state.raw<OpenDialog | null>(null);

  get open(): OpenDialog | null {
    return this.#open;
  }
  show(dialog: OpenDialog): void {
    this.#open = dialog;
  }
  close(): void {
    this.#open = null;
  }
}
