import type { GivenReason, Reason } from '../participants/events.ts';

/** Who characters of a draft are: runs `[client, clock, length]`. */
export type Runs = readonly (readonly [number, number, number])[];

/** What can be erased of itself: a comment (a reply, a recorded speech), a suggestion, a background file. */
export type ErasedText =
  | { readonly kind: 'comment'; readonly comment: number }
  | { readonly kind: 'suggestion'; readonly suggestion: number }
  | { readonly kind: 'file'; readonly fileId: string };

/** A passage of a draft. Its words stand in no log of the room, here neither. */
export interface ErasedPassage {
  readonly kind: 'passage';
  readonly draftId: string;
  readonly runs: Runs;
  /** From which entry of the draft's log on something of it stood in the text, and up to which, null where it did until now. */
  readonly since: number;
  readonly until: number | null;
  /** Digests of the words of anchors that quote it, or stand beside it and hold it. */
  readonly quotes: readonly string[];
}

export type ErasedThing = ErasedText | ErasedPassage;

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
  | { readonly type: 'eraseText'; readonly of: ErasedText; readonly reason?: GivenReason | undefined }
  /** Only the server gives it: what is in the history of a draft it alone knows. `lines` are the words of the passage. */
  | ({ readonly type: 'erasePassage'; readonly lines: readonly string[]; readonly reason?: GivenReason | undefined } & Pick<
      ErasedPassage,
      'draftId' | 'runs' | 'since' | 'until'
    >)
  /** Follows from erasing an account: only the system gives it. */
  | {
      readonly type: 'eraseParticipant';
      readonly participantId: string;
      readonly as: 'author' | 'administrator';
      readonly texts: boolean;
      readonly reason?: GivenReason | undefined;
    };
