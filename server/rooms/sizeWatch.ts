import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Fullness } from '#shared/domain/roomSize.ts';
import { fullnessOf, wordBytes } from '#shared/domain/roomSize.ts';
import type { RoomSizeView } from '#shared/protocol/messages.ts';
import type { LiveRoom } from './liveRoom.ts';

type SizeLimits = Pick<Limits, 'roomLogBytes' | 'roomFileBytes' | 'roomReserveBytes'>;

/** Notices when a room becomes full, or nearly so, or is not any more. */
export class SizeWatch {
  readonly #limits: SizeLimits;
  readonly #onChange: (room: LiveRoom, fullChanged: boolean) => void;
  readonly #known = new WeakMap<LiveRoom, { readonly words: Fullness; readonly files: Fullness }>();

  /** `onChange`: called with the room, and whether it can be written in was changed by it. */
  constructor(limits: SizeLimits, onChange: (room: LiveRoom, fullChanged: boolean) => void) {
    this.#limits = limits;
    this.#onChange = onChange;
  }

  /** The room may have grown, or a file of it was removed. */
  look(room: LiveRoom): void {
    const before = this.#known.get(room) ?? { words: 'fine', files: 'fine' };
    const now = fullnessOf(room.size, this.#limits);
    if (before.words === now.words && before.files === now.files) return;
    this.#known.set(room, now);
    this.#onChange(room, (before.words === 'full') !== (now.words === 'full'));
  }

  /** Why nobody writes in the drafts of a room of this size, or null. */
  whyFull(room: LiveRoom): Rejection | null {
    return wordBytes(room.size) >= this.#limits.roomLogBytes ? { code: 'roomFull' } : null;
  }
}

/** What moderators see of a room's size. */
export function sizeView({ size }: LiveRoom, limits: SizeLimits): RoomSizeView {
  return { ...size, mostWords: limits.roomLogBytes, mostFiles: limits.roomFileBytes };
}

/** The same, where it is worth a warning; else null. */
export function sizeWarning(room: LiveRoom, limits: SizeLimits): RoomSizeView | null {
  const { words, files } = fullnessOf(room.size, limits);
  return words === 'fine' && files === 'fine' ? null : sizeView(room, limits);
}
