import type { Stance } from '../domain/comments/events.ts';
import type { Erased } from '../domain/erasing/events.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Json } from '../lib/canonical.ts';
import type { PersonView } from './messages.ts';

/**
 * What remains of a room, as everybody who may read it gets it: figures with their rows, and the words of those rows. Words that
 * are hidden, held, withdrawn or erased are in none of it, for no reader; what was erased keeps its row.
 */
export interface OutcomeView {
  readonly roomId: string;
  readonly title: string;
  readonly question: string;
  readonly visibility: 'public' | 'link' | 'private';
  /** False while the room is open: who prepares the record sees beforehand what it would be. */
  readonly final: boolean;
  readonly startedAt: number;
  /** When it was closed; for a preview, when this was read. */
  readonly endedAt: number;
  readonly counts: Outcome;
  readonly comments: readonly OutcomeComment[];
  /** How many published comments are not among them, since only those that are cited were asked for. */
  readonly commentsLeftOut: number;
  readonly suggestions: readonly OutcomeSuggestion[];
  readonly texts: readonly OutcomeText[];
  /** Everybody named in this, by id. */
  readonly people: readonly PersonView[];
}

/** A published comment. */
export interface OutcomeComment {
  readonly number: number;
  readonly parent: number | null;
  readonly authorId: string;
  /** Who wrote it down for the author, or null. */
  readonly enteredBy: string | null;
  readonly at: number;
  readonly stance: Stance | null;
  readonly text: string;
  /** The words of the draft it is about, or null. */
  readonly quote: string | null;
  readonly supporters: readonly string[];
  readonly erased?: Erased;
}

export interface OutcomeSuggestion {
  readonly number: number;
  readonly by: string;
  readonly ask: string;
  readonly problem: string | null;
  readonly reason: string | null;
  readonly status: 'listed' | 'merged';
  readonly mergedInto: number | null;
  readonly sources: readonly OutcomeSource[];
  /** Authors of its sources who said that this is what they meant. */
  readonly confirmedBy: readonly string[];
  readonly disputedBy: readonly string[];
  /** Authors who have not answered. */
  readonly unanswered: readonly string[];
  readonly supporters: readonly string[];
  readonly erased?: Erased;
}

/** `quote`: the words it was made of, where some were selected and may be read. `comment`: null for a passage of a draft. */
export interface OutcomeSource {
  readonly comment: number | null;
  readonly quote: string | null;
}

/** A draft as it ended. */
export interface OutcomeText {
  readonly draftId: string;
  /** Null for the first draft of a room, which has the room's title. */
  readonly title: string | null;
  /** The sealed version this is, or null where it was never sealed or has moved on since. */
  readonly revision: { readonly number: number; readonly at: number } | null;
  /** The text as the editor's JSON, in its canonical spelling. */
  readonly document: Json;
  /** Beside each block at the top: the number of the clause it is, or null. */
  readonly labels: readonly (string | null)[];
}

/** What became of one's own comments: those others read, and those they do not. */
export interface OwnComment {
  readonly number: number;
  readonly status: 'published' | 'held' | 'hidden' | 'withdrawn';
  /** Null for a withdrawn comment and for one that was erased. */
  readonly text: string | null;
}

/** The answer of `GET /api/rooms/:roomId/outcome`. */
export interface OutcomeAnswer {
  readonly outcome: OutcomeView;
  /** Null for who has no seat in the room. */
  readonly yours: { readonly participantId: string; readonly comments: readonly OwnComment[] } | null;
}
