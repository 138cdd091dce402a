import type { Rejection } from '#shared/domain/rejections.ts';
import { newId } from '../access/secrets.ts';
import type { ArrivalRecord } from '../store/records.ts';
import type { Rooms } from './rooms.ts';
import { removeRemains } from './roomRemains.ts';
import type { RemainsParts, RoomRemains } from './roomRemains.ts';

/** So long another process may be at it; what is older was left behind. */
const abandonedAfterMs = 60 * 60 * 1_000;

export interface ArrivalParts extends RemainsParts {
  readonly rooms: Pick<Rooms, 'forget'>;
  /** Ends what is open of a room: its sockets, and its drafts in memory. */
  readonly endRoom: (roomId: string) => Promise<void>;
  readonly now: () => number;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Rooms that are being brought in from files, entry by entry: all of one, or nothing. A promise is stored before the first entry; as
 * long as it stands there is no such room, and what is left of one that was cut short is removed.
 */
export class Arrivals {
  readonly #parts: ArrivalParts;

  constructor(parts: ArrivalParts) {
    this.#parts = parts;
  }

  /** Whether a room is on its way in, or what is left of its way has still to go: nobody reads it. */
  async has(roomId: string): Promise<boolean> {
    return (await this.#of(roomId)).some(({ state }) => state !== 'arrived');
  }

  /** Removes what earlier attempts left of a room. Rejects with StoreUnavailable. */
  async clear(roomId: string): Promise<void> {
    for (const left of await this.#of(roomId)) await this.#settle(left);
  }

  /**
   * Runs `write`, which stores a room that is not there yet; where it gives a reason or rejects, nothing of the room stays. It asks
   * `goesOn` before each step: no more, once another process has taken the room for one that was left behind.
   */
  async bring(its: RoomRemains, write: (goesOn: () => Promise<boolean>) => Promise<Rejection | null>): Promise<Rejection | null> {
    const { records, rooms, now, onFailed } = this.#parts;
    const promise: ArrivalRecord = { id: `${its.roomId}/${newId()}`, rev: 0, ...its, state: 'arriving', createdAt: now() };
    await records.insert('arrival', promise);
    // Somebody may have asked for it before: that it was not there is not to be followed by half of it.
    await rooms.forget(its.roomId);
    try {
      const why = await write(async () => (await records.get('arrival', promise.id)) !== null);
      if (why !== null || (await records.replace('arrival', { ...promise, state: 'arrived' })) !== 'replaced') {
        await this.#settle(promise);
        return why ?? { code: 'storeUnavailable' };
      }
    } catch (error) {
      // Where it had arrived after all, only the promise goes.
      await this.#settle(promise).catch(onFailed);
      throw error;
    }
    await records.remove('arrival', promise.id).catch(onFailed);
    return null;
  }

  /**
   * Removes whatever was cut short. Call it before anything reads the rooms. What another process is bringing in at this moment cannot be
   * told from it: that ends, and has to be begun again. Rejects with StoreUnavailable.
   */
  async resume(): Promise<void> {
    for (const left of await this.#parts.records.list('arrival')) await this.#settle(left);
  }

  /** Looks for what another process left behind. */
  async sweep(): Promise<void> {
    const { records, now } = this.#parts;
    for (const left of await records.list('arrival')) if (left.createdAt < now() - abandonedAfterMs) await this.#settle(left);
  }

  /** Ends an arrival: one that came through loses its promise, of any other everything goes, and then the promise. */
  async #settle(promise: ArrivalRecord): Promise<void> {
    const { records, rooms, endRoom } = this.#parts;
    for (let decided = false; !decided;) {
      const stored = await records.get('arrival', promise.id);
      if (stored?.state === 'arrived') return records.remove('arrival', promise.id);
      if (stored === null) {
        // Another process removed what there was; some may have been stored since. Not where somebody has begun anew.
        if ((await this.#of(promise.roomId)).length > 0) return;
        await records.insert('arrival', { ...promise, rev: 0, state: 'leaving' });
        decided = true;
      } else decided = stored.state === 'leaving' || (await records.replace('arrival', { ...stored, state: 'leaving' })) === 'replaced';
    }
    await endRoom(promise.roomId);
    await rooms.forget(promise.roomId);
    await removeRemains(this.#parts, promise);
    await records.remove('arrival', promise.id);
  }

  #of(roomId: string): Promise<readonly ArrivalRecord[]> {
    return this.#parts.records.find('arrival', 'roomId', roomId);
  }
}
