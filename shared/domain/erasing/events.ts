import type { GivenReason, Reason } from '../participants/events.ts';

/** What can be erased of itself: a comment (a reply, a recorded speech), a suggestion, a background file. */
export type ErasedThing =
  | { readonly kind: 'comment'; readonly comment: number }
  | { readonly kind: 'suggestion'; readonly suggestion: number }
  | { readonly kind: 'file'; readonly fileId: string };

/** In which capacity somebody erased. Who keeps the installation has no seat in the room, so the log cannot name him. */
export const erasers = ['author', 'moderator', 'administrator'] as const;
export type ErasedAs = (typeof erasers)[number];

/** What stays in the place of a text. */
export interface Erased {
  /** The participant who erased; `system` for an administrator, and where a whole person was erased. */
  readonly by: string;
  readonly as: ErasedAs;
  readonly at: number;
  readonly reason: Reason | null;
}

/**
 * The acts of erasing. That they stand in the log comes first; the texts themselves are taken out of the store right after, and,
 * where that was interrupted, at the next start. All that is read or folded from here on is without them, taken out or not.
 */
export type ErasingEvent =
  | { readonly type: 'text.erased'; readonly v: 1; readonly of: ErasedThing; readonly as: ErasedAs; readonly reason: Reason | null }
  | {
      readonly type: 'participant.erased';
      readonly v: 1;
      readonly participantId: string;
      /** The person himself, by erasing his account, or an administrator. */
      readonly as: 'author' | 'administrator';
      /** Whether what he wrote was erased with him. */
      readonly texts: boolean;
      readonly reason: Reason | null;
    };

export type ErasingCommand =
  | { readonly type: 'eraseText'; readonly of: ErasedThing; readonly reason?: GivenReason | undefined }
  /** Follows from erasing an account: only the system gives it. */
  | {
      readonly type: 'eraseParticipant';
      readonly participantId: string;
      readonly as: 'author' | 'administrator';
      readonly texts: boolean;
      readonly reason?: GivenReason | undefined;
    };
