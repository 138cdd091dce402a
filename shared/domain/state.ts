import { Vector } from '../lib/vector.ts';
import type { CommentAnchor, Stance } from './comments/events.ts';
import type { NumberedClause, SealCause } from './drafts/events.ts';
import type { Erased, ErasedPassage } from './erasing/events.ts';
import type { RoomEvent } from './facts.ts';
import type { Reason } from './participants/events.ts';
import type { Role } from './participants/roles.ts';
import type { RoomOrigin, RoomSettings } from './room/events.ts';
import type { Source } from './suggestions/events.ts';
import type { Words } from './words.ts';

export interface Participant {
  readonly id: string;
  readonly role: Role;
  readonly standing: 'active' | 'muted' | 'removed';
  readonly joinedAt: number;
  /** The account behind the seat is suspended; absent where it is not. What the room itself decided about the person is `standing`. */
  readonly suspended?: true;
  /** The person was erased: nobody is behind this seat any more. `texts`: what he wrote went with him. */
  readonly erased?: { readonly as: 'author' | 'administrator'; readonly at: number; readonly texts: boolean };
}

/** Draft text sealed into the log, to go back to: number, where in the draft's log, why, and the name somebody gave it. */
export interface DraftVersion {
  readonly number: number;
  readonly ordinal: number;
  /** Hash of the text; null where something in it was erased. */
  readonly contentHash: string | null;
  readonly at: number;
  /** Null in logs from before causes were written. */
  readonly cause: SealCause | null;
  readonly name: { readonly label: Words; readonly by: string } | null;
}

export interface DraftState {
  readonly id: string;
  readonly lineage: string;
  readonly title: Words | null;
  readonly locked: boolean;
  /** The numbering that was frozen last, with the numbers of clauses that are gone; null until the first. */
  readonly numbered: readonly NumberedClause[] | null;
  readonly revision: { readonly number: number; readonly ordinal: number; readonly contentHash: string | null; readonly at: number } | null;
  /** All that were sealed, oldest first; the last one is `revision`. */
  readonly versions: readonly DraftVersion[];
  /** Names that were given and whose version is being sealed. */
  readonly naming: readonly { readonly versionId: string; readonly label: Words; readonly by: string; readonly at: number }[];
  /** Passages that were erased, in the order of the log: no reader gets their characters any more. */
  readonly erased: readonly (Erased & Pick<ErasedPassage, 'runs' | 'quotes'>)[];
}

export interface CommentVersion {
  readonly body: Words;
  readonly stance: Stance | null;
  readonly at: number;
}

export interface Comment {
  readonly number: number;
  readonly parent: number | null;
  readonly authorId: string;
  readonly at: number;
  readonly stance: Stance | null;
  readonly body: Words;
  readonly anchor: CommentAnchor | null;
  /** Earlier wordings, oldest first; empty if the comment was never edited. */
  readonly versions: readonly CommentVersion[];
  readonly editedAt: number | null;
  readonly status: 'published' | 'held' | 'hidden' | 'withdrawn';
  readonly mentions: readonly string[];
  /** Who wrote it down for the author, where he did not write it himself. */
  readonly enteredBy: string | null;
  readonly hidden: { readonly by: string; readonly at: number; readonly reason: Reason } | null;
  readonly resolved: { readonly by: string; readonly at: number } | null;
  readonly supporters: readonly string[];
  /** Its words are gone for everybody; that it was said stays. */
  readonly erased?: Erased;
}

/** A suggestion 意见建议 gathered from what people said. */
export interface Suggestion {
  readonly number: number;
  readonly by: string;
  readonly at: number;
  readonly ask: Words;
  readonly problem: Words | null;
  readonly reason: Words | null;
  readonly sources: readonly Source[];
  readonly status: 'listed' | 'merged' | 'dropped';
  readonly mergedInto: number | null;
  /** What the authors of its sources say: that this is what was meant, or not. Rewording asks them anew. */
  readonly confirmations: ReadonlyMap<string, { readonly meant: boolean; readonly note: Words | null; readonly at: number }>;
  readonly rewordedAt: number | null;
  readonly supporters: readonly string[];
  readonly erased?: Erased;
}

export interface RoomFile {
  readonly id: string;
  readonly name: Words;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly by: string;
  readonly at: number;
  /** Its content and its name are gone; its place stays. */
  readonly erased?: Erased;
}

/** One act of steering, in the public log of the room. */
export interface SteeringEntry {
  readonly seq: number;
  readonly at: number;
  readonly actorId: string;
  readonly event: RoomEvent;
}

/** What is so in a room. */
export interface RoomFacts {
  readonly status: 'absent' | 'open' | 'closed';
  readonly title: Words;
  readonly question: Words;
  readonly background: Words;
  readonly settings: RoomSettings;
  readonly commenting: 'open' | 'closed';
  /** While paused nobody writes, and everybody is told why. */
  readonly paused: { readonly by: string; readonly at: number; readonly note: Words | null } | null;
  readonly startsAt: number | null;
  readonly archived: boolean;
  /** A deleted room can be brought back until then. */
  readonly deletedUntil: number | null;
  readonly createdAt: number;
  readonly closedAt: number | null;
  readonly lastAt: number;
  readonly participants: ReadonlyMap<string, Participant>;
  readonly drafts: ReadonlyMap<string, DraftState>;
  /** Comment number n stands at index n - 1. */
  readonly comments: Vector<Comment>;
  readonly steering: Vector<SteeringEntry>;
  /** Suggestion number n stands at index n - 1. */
  readonly suggestions: Vector<Suggestion>;
  readonly files: readonly RoomFile[];
  /** When each person commented last, and how often: slow mode and the limit per person rest on it. */
  readonly commented: ReadonlyMap<string, { readonly lastAt: number; readonly count: number }>;
}

/** A room, and what is looked up in it often. */
export interface RoomState extends RoomFacts {
  /**
   * The numbers of each author's comments that are hidden or held and not erased: withheld from most, and shown to their author. It
   * follows from `comments`; every change of a comment goes through `withComment`, which keeps it.
   */
  readonly withheld: Withheld;
}

export type Withheld = ReadonlyMap<string, readonly number[]>;

function isWithheld(comment: Comment | undefined): boolean {
  return comment !== undefined && comment.erased === undefined && (comment.status === 'held' || comment.status === 'hidden');
}

/** What is withheld among these comments, looking at each of them. */
export function withheldAmong(comments: Iterable<Comment>): Withheld {
  const withheld = new Map<string, number[]>();
  for (const comment of comments) {
    if (!isWithheld(comment)) continue;
    const own = withheld.get(comment.authorId);
    if (own === undefined) withheld.set(comment.authorId, [comment.number]);
    else own.push(comment.number);
  }
  return withheld;
}

/** The room with a comment put in, at its number or behind the last one. */
export function withComment(state: RoomState, comment: Comment): RoomState {
  const before = commentOf(state, comment.number);
  const comments = before === undefined ? state.comments.push(comment) : state.comments.set(comment.number - 1, comment);
  if (isWithheld(before) === isWithheld(comment)) return { ...state, comments };
  const { number, authorId } = comment;
  const others = (state.withheld.get(authorId) ?? []).filter((other) => other !== number);
  const withheld = new Map(state.withheld);
  if (isWithheld(comment))
    withheld.set(
      authorId,
      [...others, number].sort((one, other) => one - other),
    );
  else if (others.length > 0) withheld.set(authorId, others);
  else withheld.delete(authorId);
  return { ...state, comments, withheld };
}

const nothing: Words = { digest: '' };

/** The state of a room whose log is empty. */
export function emptyRoom(): RoomState {
  return {
    status: 'absent',
    title: nothing,
    question: nothing,
    background: nothing,
    settings: { visibility: 'private', whoComments: 'members', guests: false },
    commenting: 'open',
    paused: null,
    startsAt: null,
    archived: false,
    deletedUntil: null,
    createdAt: 0,
    closedAt: null,
    lastAt: 0,
    participants: new Map(),
    drafts: new Map(),
    comments: Vector.of(),
    withheld: new Map(),
    steering: Vector.of(),
    suggestions: Vector.of(),
    files: [],
    commented: new Map(),
  };
}

/** Which record the room was made of, where it was brought in as a new one. */
export function originOf(state: RoomState): RoomOrigin | undefined {
  const first = state.steering.get(0)?.event;
  return first?.type === 'room.created' ? first.origin : undefined;
}

/** The comment with this number, or undefined. */
export function commentOf(state: RoomState, number: number): Comment | undefined {
  return state.comments.get(number - 1);
}

/** The suggestion with this number, or undefined. */
export function suggestionOf(state: RoomState, number: number): Suggestion | undefined {
  return state.suggestions.get(number - 1);
}

/** The participants whose words a suggestion was made of, each once. */
export function authorsOf(state: RoomState, suggestion: Suggestion): readonly string[] {
  const authors = suggestion.sources.map((source) => (source.kind === 'comment' ? commentOf(state, source.comment)?.authorId : undefined));
  return [...new Set(authors.filter((id) => id !== undefined))];
}
