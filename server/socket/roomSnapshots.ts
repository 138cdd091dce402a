import type { Commit } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import { lean, leanComment } from '#shared/domain/lean.ts';
import { commentsFor, snapshotWithoutComments } from '#shared/domain/snapshot.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { Audience } from '#shared/domain/visibility.ts';
import type { Head } from '#shared/protocol/messages.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { Publication } from '../rooms/publication.ts';
import { Slots } from '../slots.ts';
import { EncodedOnce } from './encodedOnce.ts';

/** A snapshot of so many bytes is worth packing: three frames of a narrow line. */
const PACKED_FROM = 16 * 1024;
/** From so many comments on a room is written out piece by piece, and what was written is used for a while. */
const LARGE_FROM = 2_000;
/** So many comments are written out at once: a few milliseconds. */
const PIECE = 1_000;
/** A snapshot may be behind by one commit for so many comments, within these bounds. */
const COMMENTS_PER_COMMIT = 200;
const BEHIND_LEAST = 10;
const BEHIND_MOST = 500;
/** Large rooms that are written out or packed at the same time: each of them takes memory of its size. */
const atOnce = new Slots(2);

/** How a room is written out: for a class, and with all that a verifier wants or in the lean form. */
export interface Form {
  readonly audience: Audience;
  readonly lean: boolean;
}

/** A room written out for a class, at an entry of its log. */
export interface Written {
  readonly head: Head;
  readonly snapshot: EncodedOnce;
  /** The same as gzip, where that was asked for and is worth it. */
  readonly packed: Buffer | null;
}

interface Kept {
  readonly head: Head;
  readonly snapshot: Promise<EncodedOnce>;
  packed: Promise<Buffer | null> | null;
}

/** Whether an event changes which words of before may be read, so that what was written out before it must not be used any more. */
function changesWords(event: RoomEvent): boolean {
  switch (event.type) {
    case 'comment.hidden':
    case 'comment.restored':
    case 'comment.published':
    case 'comment.withdrawn':
    case 'text.erased':
    case 'participant.erased':
      return true;
    case 'comment.edited':
      return event.held === true;
    default:
      return false;
  }
}

/**
 * A room as it is sent to those who join: written out once per class for all who come at the same entry, and of a large room for all who
 * come within a while, who get what happened since behind it. Nothing that was written out is used once words in it may be read by fewer.
 */
export class RoomSnapshots {
  readonly #room: LiveRoom;
  readonly #kept = new Map<string, Kept>();
  /** The commits up to the head of the room, rising, behind the oldest that is kept. */
  #behind: Commit[] = [];
  #seq: number;

  private constructor(room: LiveRoom) {
    this.#room = room;
    this.#seq = room.head.seq;
  }

  static readonly #ofRooms = new WeakMap<LiveRoom, RoomSnapshots>();

  /** Those of a room, which stay while it is in memory though everybody has left. */
  static of(room: LiveRoom): RoomSnapshots {
    const known = this.#ofRooms.get(room) ?? new RoomSnapshots(room);
    this.#ofRooms.set(room, known);
    // Something was published while nobody was there to note it.
    if (known.#seq !== room.head.seq) known.#forget(room.head.seq);
    return known;
  }

  /** To be called with each publication, before anybody is told of it. */
  note({ commit, events }: Publication): void {
    if (commit.seq !== this.#seq + 1 || events.some(changesWords)) {
      this.#forget(commit.seq);
      return;
    }
    this.#seq = commit.seq;
    this.#behind.push(commit);
    const most = this.#mostBehind();
    for (const [form, { head }] of this.#kept) if (commit.seq - head.seq > most) this.#kept.delete(form);
    if (this.#behind.length > 2 * BEHIND_MOST) this.#behind = this.#behind.slice(-BEHIND_MOST);
  }

  /** The room as it may be sent now, or a little earlier. Whether it still may be when this resolves, `behind` says. */
  async written(form: Form, packs: boolean): Promise<Written> {
    const kept = this.#current(form);
    const snapshot = await kept.snapshot;
    return { head: kept.head, snapshot, packed: packs ? await this.#packed(kept, snapshot) : null };
  }

  /** The commits from what was written up to now; null where it must not be sent any more. */
  behind(form: Form, { head }: Written): readonly Commit[] | null {
    if (this.#kept.get(keyOf(form))?.head.seq !== head.seq) return null;
    return this.#behind.filter(({ seq }) => seq > head.seq);
  }

  #forget(seq: number): void {
    this.#kept.clear();
    this.#behind = [];
    this.#seq = seq;
  }

  #mostBehind(): number {
    const { length } = this.#room.state.comments;
    return length < LARGE_FROM ? 0 : Math.min(BEHIND_MOST, Math.max(BEHIND_LEAST, Math.floor(length / COMMENTS_PER_COMMIT)));
  }

  #current(form: Form): Kept {
    const key = keyOf(form);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const { state, head } = this.#room;
    const large = state.comments.length >= LARGE_FROM;
    const snapshot = large ? atOnce.run(() => written(state, form)) : written(state, form);
    const kept: Kept = { head, snapshot, packed: null };
    this.#kept.set(key, kept);
    return kept;
  }

  #packed(kept: Kept, snapshot: EncodedOnce): Promise<Buffer | null> {
    if (snapshot.bytes.byteLength < PACKED_FROM) return Promise.resolve(null);
    // Of a small room it is not waited for: whoever cannot be served packed now takes it as it is.
    if (this.#mostBehind() === 0) return snapshot.packed() ?? Promise.resolve(null);
    kept.packed ??= atOnce.run(() => snapshot.packed(true));
    return kept.packed;
  }
}

function keyOf({ audience, lean: isLean }: Form): string {
  return `${audience}/${isLean}`;
}

/** Writes a room out, letting others have their turn between the pieces. */
async function written(state: RoomState, { audience, lean: isLean }: Form): Promise<EncodedOnce> {
  const without = snapshotWithoutComments(state, audience);
  const pieces = [Buffer.from(`${JSON.stringify(isLean ? lean(without) : without).slice(0, -1)},"comments":[`)];
  for (let from = 0; from < state.comments.length; from += PIECE) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    const comments = commentsFor(state, audience, from, from + PIECE);
    const text = JSON.stringify(isLean ? comments.map(leanComment) : comments).slice(1, -1);
    pieces.push(Buffer.from(from === 0 ? text : `,${text}`));
  }
  pieces.push(Buffer.from(']}'));
  return new EncodedOnce(null, pieces);
}
