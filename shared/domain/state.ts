import { Vector } from '../lib/vector.ts';
import type { CommentAnchor, Stance } from './comments/events.ts';
import type { Reason } from './participants/events.ts';
import type { Role } from './participants/roles.ts';
import type { RoomSettings } from './room/events.ts';
import type { Words } from './words.ts';
import type { RoomEvent } from './facts.ts';

export interface Participant {
  readonly id: string;
  readonly role: Role;
  readonly standing: 'active' | 'muted' | 'removed';
  readonly joinedAt: number;
}

export interface DraftState {
  readonly id: string;
  readonly lineage: string;
  readonly locked: boolean;
  readonly revision: { readonly number: number; readonly ordinal: number; readonly contentHash: string; readonly at: number } | null;
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
  readonly status: 'published' | 'hidden' | 'withdrawn';
  readonly hidden: { readonly by: string; readonly at: number; readonly reason: Reason } | null;
  readonly resolved: { readonly by: string; readonly at: number } | null;
  readonly supporters: readonly string[];
}

/** One act of steering, in the public log of the room. */
export interface SteeringEntry {
  readonly seq: number;
  readonly at: number;
  readonly actorId: string;
  readonly event: RoomEvent;
}

export interface RoomState {
  readonly status: 'absent' | 'open' | 'closed';
  readonly title: Words;
  readonly question: Words;
  readonly background: Words;
  readonly settings: RoomSettings;
  readonly commenting: 'open' | 'closed';
  readonly createdAt: number;
  readonly closedAt: number | null;
  readonly lastAt: number;
  readonly participants: ReadonlyMap<string, Participant>;
  readonly drafts: ReadonlyMap<string, DraftState>;
  /** Comment number n stands at index n - 1. */
  readonly comments: Vector<Comment>;
  readonly steering: Vector<SteeringEntry>;
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
    createdAt: 0,
    closedAt: null,
    lastAt: 0,
    participants: new Map(),
    drafts: new Map(),
    comments: Vector.of(),
    steering: Vector.of(),
  };
}

/** The comment with this number, or undefined. */
export function commentOf(state: RoomState, number: number): Comment | undefined {
  return state.comments.get(number - 1);
}
