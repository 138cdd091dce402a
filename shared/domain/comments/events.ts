import type { GivenReason, Reason } from '../participants/events.ts';
import type { Words } from '../words.ts';

export const stances = ['for', 'against', 'abstain', 'reservation'] as const;
export type Stance = (typeof stances)[number];

/**
 * Where in a draft a comment belongs: the identities of the quoted characters as runs `[client, clock, length]`, the words
 * quoted, and what stood before and after them. The domain stores it; only the draft code can resolve it.
 */
export interface CommentAnchor {
  readonly draftId: string;
  readonly runs: readonly (readonly [number, number, number])[];
  readonly quote: Words;
  readonly before: Words;
  readonly after: Words;
}

/** An anchor as it comes from a person's screen, before its words are sealed. */
export interface GivenAnchor {
  readonly draftId: string;
  readonly runs: readonly (readonly [number, number, number])[];
  readonly quote: string;
  readonly before: string;
  readonly after: string;
}

/** Comments are numbered from 1 in each room, in the order they were accepted; the number is the comment's name. */
export type CommentEvent =
  | {
      readonly type: 'comment.posted';
      readonly v: 1;
      readonly comment: number;
      readonly parent: number | null;
      readonly stance: Stance | null;
      readonly body: Words;
      readonly anchor: CommentAnchor | null;
      /** Participants named in the text with an @. */
      readonly mentions?: readonly string[];
      /** The one who said it in the hall, where somebody else wrote it down: the actor entered it for him. */
      readonly spokenBy?: string;
      /** Not shown to everybody before a moderator has looked at it. */
      readonly held?: true;
    }
  | { readonly type: 'comment.published'; readonly v: 1; readonly comment: number }
  | {
      readonly type: 'comment.edited';
      readonly v: 1;
      readonly comment: number;
      readonly body: Words;
      readonly stance: Stance | null;
      /** Words that nobody has looked at yet: the comment is held again. */
      readonly held?: true;
    }
  | { readonly type: 'comment.withdrawn'; readonly v: 1; readonly comment: number }
  | { readonly type: 'comment.supported'; readonly v: 1; readonly comment: number }
  | { readonly type: 'comment.supportEnded'; readonly v: 1; readonly comment: number }
  | { readonly type: 'comment.resolved'; readonly v: 1; readonly comment: number }
  | { readonly type: 'comment.reopened'; readonly v: 1; readonly comment: number }
  | { readonly type: 'comment.hidden'; readonly v: 1; readonly comment: number; readonly reason: Reason }
  | { readonly type: 'comment.restored'; readonly v: 1; readonly comment: number };

export type CommentCommand =
  | {
      readonly type: 'postComment';
      readonly body: string;
      readonly parent?: number | null | undefined;
      readonly stance?: Stance | null | undefined;
      readonly anchor?: GivenAnchor | null | undefined;
      readonly mentions?: readonly string[] | undefined;
    }
  | {
      readonly type: 'recordSpeech';
      readonly speakerId: string;
      readonly body: string;
      readonly parent?: number | null | undefined;
      readonly stance?: Stance | null | undefined;
      readonly anchor?: GivenAnchor | null | undefined;
    }
  | { readonly type: 'publishComment'; readonly comment: number }
  | { readonly type: 'editComment'; readonly comment: number; readonly body: string; readonly stance?: Stance | null | undefined }
  | { readonly type: 'withdrawComment'; readonly comment: number }
  | { readonly type: 'supportComment'; readonly comment: number }
  | { readonly type: 'endSupport'; readonly comment: number }
  | { readonly type: 'resolveComment'; readonly comment: number }
  | { readonly type: 'reopenComment'; readonly comment: number }
  | { readonly type: 'hideComment'; readonly comment: number; readonly reason: GivenReason }
  | { readonly type: 'restoreComment'; readonly comment: number };
