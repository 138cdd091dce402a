import type { RoomState } from '#shared/domain/state.ts';
import type { Connections } from '../access/connections.ts';
import type { People } from '../access/people.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Journal, Snapshots } from '../store/ports.ts';
import type { PurgedRoomRecord } from '../store/records.ts';
import type { Erasures } from './erasures.ts';
import type { PurgedRooms } from './purgedRooms.ts';
import { loadRoom } from './roomLog.ts';
import type { Rooms } from './rooms.ts';
import { passDamaged } from './storeFailure.ts';
import { removeRemains } from './roomRemains.ts';
import type { RemainsParts } from './roomRemains.ts';

/** How long after its time a deleted room still waits: clocks of several processes differ, and none may bring it back meanwhile. */
const graceMs = 60 * 60 * 1_000;
/** So long it is looked whether a process that did not know yet has written behind the end. */
const stragglersMs = 24 * 60 * 60 * 1_000;
const page = 200;

export interface PurgeParts extends RemainsParts {
  readonly journal: Journal;
  readonly snapshots: Snapshots;
  readonly purged: PurgedRooms;
  readonly rooms: Pick<Rooms, 'forget'>;
  readonly people: Pick<People, 'seatsOf'>;
  readonly sessions: Pick<Sessions, 'endAll'>;
  readonly connections: Pick<Connections, 'endSessions'>;
  /** Ends what is open of a room: its sockets, and its drafts in memory; `forGood`: for ever. */
  readonly endRoom: (roomId: string, forGood: boolean) => Promise<void>;
  readonly erasures: Pick<Erasures, 'afterScrub'>;
  readonly now: () => number;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Removes deleted rooms for good once nobody can bring them back any more: logs, snapshots, drafts, files, seats, links and the
 * line in the list, and their bytes from the files of the store. A small record stays. It is written first and fences the room off;
 * whatever is cut short goes on from there.
 */
export class Purge {
  readonly #parts: PurgeParts;
  readonly #recent = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: PurgeParts) {
    this.#parts = parts;
  }

  /** Goes on with what was cut short. Call it before anything reads the rooms. Rejects with StoreUnavailable. */
  resume(): Promise<void> {
    return this.#inTurn(async () => {
      for (const state of ['marked', 'removing'] as const) {
        for (const gone of await this.#parts.records.find('purgedRoom', 'state', state))
          await this.#goOn(gone).catch(passDamaged(this.#parts.onFailed));
      }
    });
  }

  /** Removes the rooms whose time is over. One that fails is told to `onFailed` and tried again the next time. */
  async sweep(): Promise<void> {
    await this.resume();
    const { records, now, onFailed } = this.#parts;
    for (let after = ''; ;) {
      const cards = await records.list('roomCard', { after, limit: page });
      for (const { id, deletedUntil = null } of cards) {
        if (deletedUntil !== null && now() > deletedUntil + graceMs) await this.purge(id).catch(onFailed);
      }
      const last = cards.at(-1);
      if (last === undefined || cards.length < page) break;
      after = last.id;
    }
    await this.#removeStragglers();
  }

  /**
   * Removes a deleted room for good; gives whether it is gone. One that lives, or can still be brought back, is left alone;
   * `atOnce`: a copy of the sample room, which nobody brings back, need not wait; there are many of them, and the store is not scrubbed
   * for each. Rejects with StoreUnavailable.
   */
  purge(roomId: string, atOnce = false): Promise<boolean> {
    return this.#inTurn(async () => {
      const { records, purged } = this.#parts;
      const known = await purged.get(roomId);
      if (known !== null) return this.#goOn(known, atOnce);
      const gone = await this.#tombstone(roomId, atOnce);
      if (gone === null) return false;
      await records.insert('purgedRoom', gone);
      return this.#goOn((await purged.get(roomId)) ?? gone, atOnce);
    });
  }

  /** What would stay of the room as its log has it now; null where it has to stay whole. */
  async #tombstone(roomId: string, atOnce: boolean): Promise<PurgedRoomRecord | null> {
    const { journal, snapshots, now } = this.#parts;
    const { state, seq, hash } = await loadRoom(journal, snapshots, roomId);
    const { deletedUntil } = state;
    if (state.status === 'absent' || deletedUntil === null) return null;
    if (!atOnce && now() <= deletedUntil + graceMs) return null;
    return {
      ...{ id: roomId, rev: 0, state: 'marked', entries: seq, head: hash, purgedAt: now(), visibility: state.settings.visibility },
      ...deletionOf(state),
      draftIds: [...state.drafts.keys()],
      files: state.files.map(({ id, sha256 }) => ({ id, sha256 })),
    };
  }

  /** Whether the room is gone; where it turns out to live after all, the mark is taken back. `unscrubbed`: its bytes go with the next scrubbing. */
  async #goOn(gone: PurgedRoomRecord, unscrubbed = false): Promise<boolean> {
    if (gone.state === 'removed') return true;
    const { records, rooms, endRoom } = this.#parts;
    await endRoom(gone.id, false);
    await rooms.forget(gone.id);
    let current = gone;
    if (current.state === 'marked') {
      // From the mark on nobody reads the room anew: what its log holds now is what it ends with.
      const last = await this.#tombstone(gone.id, true);
      if (last === null) {
        await records.remove('purgedRoom', gone.id);
        return false;
      }
      const stored = await this.#change({ ...last, rev: gone.rev, purgedAt: gone.purgedAt, state: 'removing' });
      if (stored === null) return false;
      current = stored;
    }
    await this.#remove(current);
    this.#recent.set(gone.id, this.#parts.now());
    const end = async (): Promise<void> => void (await this.#change({ ...current, state: 'removed' }));
    if (unscrubbed) await end();
    // Names and links stand in no log, and are overwritten by no removal of one.
    else this.#parts.erasures.afterScrub(end);
    return true;
  }

  /** Stores the next state; gives the record as it is stored, null where it was taken back. Of two processes at one room either's state is as good. */
  async #change(next: PurgedRoomRecord): Promise<PurgedRoomRecord | null> {
    await this.#parts.records.replace('purgedRoom', next);
    return this.#parts.purged.get(next.id);
  }

  async #remove({ id: roomId, draftIds, files }: PurgedRoomRecord): Promise<void> {
    // Who was answered a moment ago, at the deletion sent again, may have opened a draft anew to mark its end.
    await this.#parts.endRoom(roomId, true);
    await this.#forgetGuests(roomId);
    await removeRemains(this.#parts, { roomId, draftIds, files });
  }

  /** A guest without a seat elsewhere was here for this room alone: his name and his sign-ins go with it. */
  async #forgetGuests(roomId: string): Promise<void> {
    const { records, people, sessions, connections } = this.#parts;
    for (let after = ''; ;) {
      const seats = await records.find('person', 'roomId', roomId, { after, limit: page });
      for (const { principal } of seats) {
        if (!principal.startsWith('guest:')) continue;
        if ((await people.seatsOf(principal)).some((seat) => seat.roomId !== roomId)) continue;
        connections.endSessions(await sessions.endAll(principal));
        await records.remove('guest', principal.slice('guest:'.length));
      }
      const last = seats.at(-1);
      if (last === undefined || seats.length < page) return;
      after = last.id;
    }
  }

  /** A process that still held the room when it was fenced off may have written once more. */
  async #removeStragglers(): Promise<void> {
    const { journal, removal, now } = this.#parts;
    for (const [id, at] of this.#recent) {
      if (now() - at > stragglersMs) this.#recent.delete(id);
      else if ((await journal.head({ kind: 'room', id })).seq > 0) await removal.stream({ kind: 'room', id });
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}

function deletionOf(state: RoomState): Pick<PurgedRoomRecord, 'deletedBy' | 'deletedAt'> {
  let found = { deletedBy: 'system', deletedAt: state.lastAt };
  for (const { event, actorId, at } of state.steering) if (event.type === 'room.deleted') found = { deletedBy: actorId, deletedAt: at };
  return found;
}
