import type { Stance } from '../domain/comments/events.ts';
import type { Role } from '../domain/participants/roles.ts';
import type { Comment } from '../domain/state.ts';
import type { Json } from '../lib/canonical.ts';

/** At most so much of a room's first sight; the live page brings the rest. */
export const firstSightMost = {
  /** Characters of the draft, in whole blocks. */
  characters: 12_000,
  comments: 15,
  /** Characters of one comment. */
  commentCharacters: 1_500,
  faces: 24,
} as const;

/** The beginning of a draft as one reads it. */
export interface FirstText {
  readonly draftId: string;
  readonly title: string | null;
  readonly locked: boolean;
  /** Blocks at the top of the editor's JSON, from the first on. */
  readonly blocks: readonly Json[];
  /** The number of each block that is a clause, null for what is none; such as 5 or 5-1. */
  readonly labels: readonly (string | null)[];
  /** Whether there is more of it. */
  readonly goesOn: boolean;
}

/** A comment as it is drawn before the page lives. `words` are null where this viewer may not read them, or nobody may. */
export interface FirstComment {
  readonly number: number;
  readonly at: number;
  readonly authorId: string;
  readonly name: string;
  /** The place of the author among those who came into the room, from 0: it decides the colour. */
  readonly seat: number;
  readonly stance: Stance | null;
  readonly status: Comment['status'];
  readonly words: string | null;
  readonly isReply: boolean;
}

/** Somebody who is in the room at the moment. */
export interface FirstPerson {
  readonly id: string;
  readonly name: string;
  readonly seat: number;
  readonly role: Role;
}

/** What a room shows before its page lives: enough to read, bounded, and as this viewer may see it. */
export interface FirstSight {
  readonly title: string;
  readonly status: 'open' | 'closed';
  readonly paused: boolean;
  /** How many drafts the room has. */
  readonly drafts: number;
  /** The first of them; null where there is none, or where it cannot be read at the moment. */
  readonly text: FirstText | null;
  /** The last of the discussion, in the order they came. */
  readonly comments: readonly FirstComment[];
  readonly commentCount: number;
  /** Who is connected, as far as shown; `hereCount` counts all. */
  readonly here: readonly FirstPerson[];
  readonly hereCount: number;
  readonly watching: number;
  /** Who the viewer is in this room; null for somebody who only watches. */
  readonly you: { readonly participantId: string; readonly role: Role } | null;
}
