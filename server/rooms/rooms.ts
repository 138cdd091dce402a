import type { RoomParts } from './liveRoom.ts';
import { LiveRoom } from './liveRoom.ts';
import type { Publication } from './publication.ts';
import { passDamaged } from './storeFailure.ts';
import { emptyPosition, loadRoomFrom, saveRoom } from './roomLog.ts';
import { Slots } from '../slots.ts';
import type { Snapshots } from '../store/ports.ts';

/** How many commits a room may be ahead of its snapshot before leaving memory writes a new one. */
const SNAPSHOT_EVERY = 200;
/** While a room lives, one is written after so many commits, or after one for so many comments in a large room: writing costs its size. */
const LIVING_EVERY = 1_000;
const COMMENTS_PER_COMMIT = 20;
/** After a restart everybody comes back to every room at once; more loads side by side would only make each of them late. */
const LOADS_AT_ONCE = 64;

export interface RoomsParts extends RoomParts {
  readonly snapshots: Snapshots;
  /** Whether a room was removed for good, or is not all there yet: what the store holds of it is not read. No room, if not given. */
  readonly isAway?: (roomId: string) => Promise<boolean>;
  /** How large the logs of these drafts of a room are now; nothing, if not given. */
  readonly draftSizes?: (roomId: string, draftIds: readonly string[]) => Promise<ReadonlyMap<string, { readonly logBytes: number }>>;
  /** How long a room nobody uses stays in memory. */
  readonly idleMs: number;
  /** Called with a room that was read, before anybody gets it; it must not reject. */
  readonly onLoaded?: (room: LiveRoom) => Promise<void>;
  /** Called with a room that leaves memory. */
  readonly onLeaving?: (room: LiveRoom) => Promise<void>;
  /** Called for each durable commit of any room, after the room's own listeners. */
  readonly onPublication: (room: LiveRoom, publication: Publication) => void;
}

interface Entry {
  readonly room: Promise<LiveRoom>;
  loaded: LiveRoom | null;
  holds: number;
  /** Where the newest snapshot stands, as far as is known. */
  keptSeq: number;
  saving: Promise<void> | null;
  timer: NodeJS.Timeout | null;
}

/** The rooms in memory. Who needs one holds it and lets it go; a room nobody holds leaves memory after a while. */
export class Rooms {
  readonly #parts: RoomsParts;
  readonly #entries = new Map<string, Entry>();
  /** Rooms that nobody can get any more and that are being saved. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #loads = new Slots(LOADS_AT_ONCE);

  constructor(parts: RoomsParts) {
    this.#parts = parts;
  }

  /**
   * Holds a room in memory until `release` is called (once). `room.state.status` is `absent` for an unknown id. Rejects with
   * StoreUnavailable or Damaged when it cannot be read; never gives an empty room instead of a stored one.
   */
  async hold(id: string): Promise<{ readonly room: LiveRoom; readonly release: () => void }> {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = { room: this.#load(id), loaded: null, holds: 0, keptSeq: 0, saving: null, timer: null };
      this.#entries.set(id, entry);
    }
    const held = entry;
    held.holds += 1;
    if (held.timer !== null) clearTimeout(held.timer);
    held.timer = null;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      held.holds -= 1;
      this.#leaveLater(id, held);
    };
    try {
      return { room: await held.room, release };
    } catch (error) {
      // Somebody may have begun to load it again already: that one is good.
      if (this.#entries.get(id) === held) this.#entries.delete(id);
      throw error;
    }
  }

  /** The room if it is in memory now; whoever holds it can rely on that. */
  loaded(id: string): LiveRoom | null {
    return this.#entries.get(id)?.loaded ?? null;
  }

  /**
   * Reads what other processes appended to the rooms in memory, and tells it. A damaged one is passed over. Rejects with
   * StoreUnavailable.
   */
  async followOthers(): Promise<void> {
    for (const { loaded } of [...this.#entries.values()]) await loaded?.catchUp().catch(passDamaged(this.#parts.onStoreFailed));
  }

  /** Runs `use` with the room held. */
  async with<T>(id: string, use: (room: LiveRoom) => Promise<T> | T): Promise<T> {
    const { room, release } = await this.hold(id);
    try {
      return await use(room);
    } finally {
      release();
    }
  }

  /** Lets a room go that was removed for good, whoever holds it: what is asked of it from now on is refused. */
  async forget(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    if (entry.timer !== null) clearTimeout(entry.timer);
    const room = await entry.room.catch(() => null);
    room?.end();
    await room?.settled();
  }

  /** Waits for commands under way and stores what would be slow to fold again. */
  async close(): Promise<void> {
    for (const [id, entry] of [...this.#entries]) {
      if (entry.timer !== null) clearTimeout(entry.timer);
      const room = await entry.room.catch(() => null);
      if (room === null) continue;
      await room.settled();
      await this.#save(id, entry, room);
    }
    this.#entries.clear();
    await Promise.all(this.#leaving);
  }

  /** Rooms in memory, those included that are still being saved on their way out. */
  get size(): number {
    return this.#entries.size + this.#leaving.size;
  }

  async #load(id: string): Promise<LiveRoom> {
    const { journal, snapshots } = this.#parts;
    const away = (await this.#parts.isAway?.(id)) ?? false;
    const { position, snapshotSeq } = away
      ? { position: emptyPosition, snapshotSeq: 0 }
      : await this.#loads.run(() => loadRoomFrom(journal, snapshots, id));
    const sizes = await this.#parts.draftSizes?.(id, [...position.state.drafts.keys()]);
    const room = new LiveRoom(id, position, this.#parts, sizes);
    const entry = this.#entries.get(id);
    if (entry !== undefined) {
      // The tail that was folded counts: where it was long, the next load should not have to.
      entry.keptSeq = snapshotSeq;
      entry.loaded = room;
    }
    room.subscribe((publication) => {
      if (entry !== undefined) this.#saveWhileLiving(id, entry, room);
      this.#parts.onPublication(room, publication);
    });
    if (!away) await this.#parts.onLoaded?.(room);
    return room;
  }

  #leaveLater(id: string, entry: Entry): void {
    if (entry.holds > 0) return;
    entry.timer = setTimeout(() => void this.#leave(id, entry), this.#parts.idleMs);
    entry.timer.unref();
  }

  async #leave(id: string, entry: Entry): Promise<void> {
    const room = await entry.room.catch(() => null);
    await room?.settled();
    // Asked again after the awaits: somebody may have come meanwhile.
    if (entry.holds > 0 || this.#entries.get(id) !== entry) return;
    this.#entries.delete(id);
    if (room === null) return;
    const saving = this.#save(id, entry, room).finally(() => this.#leaving.delete(saving));
    this.#leaving.add(saving);
    await saving;
  }

  async #save(id: string, entry: Entry, room: LiveRoom): Promise<void> {
    await this.#parts.onLeaving?.(room);
    await entry.saving;
    if (room.head.seq - entry.keptSeq < SNAPSHOT_EVERY) return;
    await this.#write(id, entry, room);
  }

  /** In the background, one at a time: whoever starts after a crash of a busy room reads a short tail. */
  #saveWhileLiving(id: string, entry: Entry, room: LiveRoom): void {
    const every = Math.max(LIVING_EVERY, room.state.comments.length / COMMENTS_PER_COMMIT);
    if (entry.saving !== null || room.head.seq - entry.keptSeq < every || this.#entries.get(id) !== entry) return;
    entry.saving = this.#write(id, entry, room).finally(() => (entry.saving = null));
  }

  async #write(id: string, entry: Entry, room: LiveRoom): Promise<void> {
    const { position } = room;
    entry.keptSeq = position.seq;
    await saveRoom(this.#parts.snapshots, id, position).catch((error: unknown) => this.#parts.onStoreFailed(error));
  }
}
