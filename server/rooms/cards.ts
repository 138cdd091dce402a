import type { RoomEvent } from '#shared/domain/facts.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { Damaged } from '../store/damaged.ts';
import type { Journal, RecordStore, Snapshots } from '../store/ports.ts';
import type { RecordKinds, RoomCardRecord } from '../store/records.ts';
import type { Position } from './roomLog.ts';
import { loadRoom } from './roomLog.ts';
import { passDamaged } from './storeFailure.ts';

/** A line of the list of rooms. */
export type RoomLine = RoomCardRecord;

/**
 * The list of rooms: one line a room, folded from its log, with the position it was folded to. It is written a moment after
 * a room changed, not with it, and brought up to date from the logs at start.
 */
export class RoomCards {
  readonly #records: RecordStore<RecordKinds>;
  /** Lines, not rooms: a room that has left memory must not be held by the line that is still to be written. */
  readonly #due = new Map<string, RoomCardRecord>();
  readonly #delayMs: number;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  readonly #onStoreFailed: (error: unknown) => void;

  constructor(records: RecordStore<RecordKinds>, delayMs: number, onStoreFailed: (error: unknown) => void) {
    this.#records = records;
    this.#delayMs = delayMs;
    this.#onStoreFailed = onStoreFailed;
  }

  /** Notes that a room has moved on. */
  changed(roomId: string, { state, seq }: Position): void {
    if (state.status === 'absent') return;
    this.#due.set(roomId, cardOf(roomId, state, seq));
    this.#timer ??= setTimeout(() => void this.flush(), this.#delayMs);
    this.#timer.unref();
  }

  /** Writes what is due now. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const due = [...this.#due.values()];
    this.#due.clear();
    this.#writing = this.#writing.then(async () => {
      for (const line of due) await this.#write(line).catch((error: unknown) => this.#writeLater(line, error));
    });
    return this.#writing;
  }

  /** An old line could show what is not to be listed any more: it is written as soon as the store takes it. */
  #writeLater(line: RoomCardRecord, error: unknown): void {
    this.#onStoreFailed(error);
    if (!this.#due.has(line.id)) this.#due.set(line.id, line);
    this.#timer ??= setTimeout(() => void this.flush(), this.#delayMs);
    this.#timer.unref();
  }

  /** The line of a room, or null; a damaged one goes, since it can be made anew from the log. */
  get(roomId: string): Promise<RoomCardRecord | null> {
    return this.#records.get('roomCard', roomId).catch(async (error: unknown) => {
      if (!(error instanceof Damaged)) throw error;
      await this.#records.remove('roomCard', roomId);
      return null;
    });
  }

  async listed(): Promise<readonly RoomCardRecord[]> {
    return this.#records.find('roomCard', 'listed', 'yes', { limit: 200 });
  }

  /** Brings every line up to the head of its log: after a crash some are behind. That of a damaged room stays as it is. */
  async catchUp(journal: Journal, snapshots: Snapshots): Promise<void> {
    for (let after = ''; ;) {
      const ids = await journal.listStreams('room', after, 200);
      for (const id of ids) {
        const head = await journal.head({ kind: 'room', id });
        const card = await this.get(id);
        if (card !== null && card.position >= head.seq) continue;
        await this.#catchUpOne(journal, snapshots, id).catch(passDamaged(this.#onStoreFailed));
      }
      const last = ids.at(-1);
      if (ids.length < 200 || last === undefined) return;
      after = last;
    }
  }

  async #catchUpOne(journal: Journal, snapshots: Snapshots, id: string): Promise<void> {
    const { state, seq } = await loadRoom(journal, snapshots, id);
    if (state.status !== 'absent') await this.#write(cardOf(id, state, seq));
  }

  async #write(line: RoomCardRecord): Promise<void> {
    for (;;) {
      const card = await this.get(line.id);
      if (card !== null && card.position >= line.position) return;
      const next = { ...line, rev: card?.rev ?? 0 };
      const outcome = card === null ? await this.#records.insert('roomCard', next) : await this.#records.replace('roomCard', next);
      if (outcome === 'inserted' || outcome === 'replaced') return;
    }
  }
}

const listingTypes: ReadonlySet<RoomEvent['type']> = new Set([
  'room.described',
  'room.settingsChanged',
  'room.scheduled',
  'room.closed',
  'room.reopened',
  'room.archived',
  'room.unarchived',
  'room.deleted',
  'room.deletionUndone',
] satisfies RoomEvent['type'][]);

/** Whether an event changes who finds the room in the list, or as what: the line must not lag behind the acknowledgement. */
export function changesListing(event: RoomEvent): boolean {
  return listingTypes.has(event.type);
}

/** The line of a room at a position; which revision it replaces is known when it is written. */
function cardOf(id: string, state: RoomState, position: number): RoomCardRecord {
  return {
    id,
    rev: 0,
    position,
    title: state.title.text ?? '',
    question: state.question.text ?? '',
    visibility: state.settings.visibility,
    status: state.status === 'closed' ? 'closed' : 'open',
    comments: state.comments.length,
    participants: state.participants.size,
    createdAt: state.createdAt,
    lastAt: state.lastAt,
    startsAt: state.startsAt,
    archived: state.archived,
    deletedUntil: state.deletedUntil,
    listed: state.settings.visibility === 'public' && state.deletedUntil === null ? 'yes' : 'no',
  };
}
