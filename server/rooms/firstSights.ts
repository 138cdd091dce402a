import { clauseLabels } from '#shared/domain/drafts/clauses.ts';
import type { Comment, DraftState, RoomState } from '#shared/domain/state.ts';
import { commentOf } from '#shared/domain/state.ts';
import type { Audience } from '#shared/domain/visibility.ts';
import { redactComment } from '#shared/domain/visibility.ts';
import type { FirstComment, FirstSight, FirstText } from '#shared/protocol/firstSight.ts';
import { firstSightMost } from '#shared/protocol/firstSight.ts';
import type { DraftBeginning } from '../drafts/draftText.ts';
import type { LiveRoom } from './liveRoom.ts';

/** The part of a first sight that all of a class have in common. */
export type SharedSight = Omit<FirstSight, 'here' | 'hereCount' | 'watching' | 'you'>;

export interface FirstSightParts {
  readonly beginning: (roomId: string, draftId: string, characters: number) => Promise<DraftBeginning>;
  readonly nameOf: (participantId: string) => Promise<string>;
  readonly now: () => number;
}

/** So long the words of a draft may be those of a moment ago; rights and what is withheld are always those of now. */
const keptMs = 2_000;
const keptRooms = 500;

/**
 * What rooms show before their pages live. Read by everybody who opens a room, so it is made once for each class of viewers and kept
 * until the room moves on, or for two seconds.
 */
export class FirstSights {
  readonly #parts: FirstSightParts;
  readonly #kept = new Map<string, { readonly seq: number; readonly madeAt: number; readonly sight: Promise<SharedSight> }>();

  constructor(parts: FirstSightParts) {
    this.#parts = parts;
  }

  /** Rejects with StoreUnavailable where names cannot be read; a draft that cannot be read is left out. */
  async of(room: LiveRoom, audience: Audience): Promise<SharedSight> {
    const key = `${room.id}/${audience}`;
    const known = this.#kept.get(key);
    const { seq } = room.head;
    if (known !== undefined && known.seq === seq && this.#parts.now() - known.madeAt < keptMs) return known.sight;
    const sight = this.#make(room.id, room.state, audience);
    this.#kept.delete(key);
    this.#kept.set(key, { seq, madeAt: this.#parts.now(), sight });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptRooms) break;
      this.#kept.delete(oldest);
    }
    sight.catch(() => {
      if (this.#kept.get(key)?.sight === sight) this.#kept.delete(key);
    });
    return sight;
  }

  async #make(roomId: string, state: RoomState, audience: Audience): Promise<SharedSight> {
    const [draft] = state.drafts.values();
    const last = lastComments(state, audience);
    const seats = [...state.participants.keys()];
    const [text, comments] = await Promise.all([
      draft === undefined ? null : this.#textOf(roomId, draft),
      Promise.all(
        last.map(async (comment) => firstComment(comment, await this.#parts.nameOf(comment.authorId), seats.indexOf(comment.authorId))),
      ),
    ]);
    return {
      title: state.title.text ?? '',
      status: state.status === 'closed' ? 'closed' : 'open',
      paused: state.paused !== null,
      drafts: state.drafts.size,
      text,
      comments,
      commentCount: state.comments.length,
    };
  }

  async #textOf(roomId: string, draft: DraftState): Promise<FirstText | null> {
    let beginning: DraftBeginning;
    try {
      beginning = await this.#parts.beginning(roomId, draft.id, firstSightMost.characters);
    } catch {
      // The page says what is wrong with it, once it lives.
      return null;
    }
    const { blocks, goesOn, clauses } = beginning;
    const labels = clauseLabels(
      clauses.filter((id) => id !== null),
      draft.numbered,
    );
    let next = 0;
    return {
      draftId: draft.id,
      title: draft.title?.text ?? null,
      locked: draft.locked,
      blocks,
      labels: clauses.map((id) => (id === null ? null : (labels[next++] ?? null))),
      goesOn,
    };
  }
}

function lastComments({ comments, ...state }: RoomState, audience: Audience): readonly Comment[] {
  const from = Math.max(1, comments.length - firstSightMost.comments + 1);
  const last: Comment[] = [];
  for (let number = from; number <= comments.length; number += 1) {
    const comment = commentOf({ ...state, comments }, number);
    if (comment !== undefined) last.push(redactComment(comment, audience));
  }
  return last;
}

function firstComment(comment: Comment, name: string, seat: number): FirstComment {
  const { number, at, authorId, stance, status, body, parent, erased } = comment;
  const isShown = status === 'published' && erased === undefined;
  const words = isShown ? (body.text ?? null) : null;
  return {
    number,
    at,
    authorId,
    name,
    seat,
    stance: isShown ? stance : null,
    status,
    words: words === null ? null : words.slice(0, firstSightMost.commentCharacters).toWellFormed(),
    isReply: parent !== null,
  };
}
