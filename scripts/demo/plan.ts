import type { Stance } from '#shared/domain/comments/events.ts';
import type { Role } from '#shared/domain/participants/roles.ts';
import type { Visibility, WhoComments } from '#shared/domain/room/events.ts';

/** How a room of the demonstration ends up. */
export type Ending = 'scheduled' | 'open' | 'paused' | 'locked' | 'closed' | 'archived';

export interface PlannedComment {
  readonly by: string;
  readonly body: string;
  /** Number of the comment it answers, from 1. */
  readonly answers?: number;
  readonly stance?: Stance;
  /** Words of the draft it is about. */
  readonly quote?: string;
  readonly support?: readonly string[];
  /** Who wrote it down for the speaker. */
  readonly enteredBy?: string;
  readonly hidden?: true;
}

export interface PlannedSuggestion {
  readonly ask: string;
  readonly problem?: string;
  readonly reason?: string;
  /** Numbers of the comments it is made of. */
  readonly from: readonly number[];
  readonly confirmedBy?: readonly string[];
  readonly disputedBy?: readonly string[];
  readonly support?: readonly string[];
  readonly mergedInto?: number;
}

/** A room of the demonstration. Its people are keyed by the word the plan calls them by; all are simulated, and their names say so. */
export interface Plan {
  readonly title: string;
  readonly question: string;
  readonly background: string;
  readonly visibility: Visibility;
  readonly whoComments?: WhoComments;
  readonly people: Readonly<Record<string, { readonly name: string; readonly role: Role }>>;
  readonly clauses: readonly string[];
  readonly comments: readonly PlannedComment[];
  readonly suggestions?: readonly PlannedSuggestion[];
  readonly ending: Ending;
  /** For a paused room: what everybody is told. */
  readonly pauseNote?: string;
}
