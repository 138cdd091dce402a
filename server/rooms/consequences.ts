import { upcast } from '#shared/domain/commit.ts';
import { systemActor } from '#shared/domain/decision.ts';
import { draftsToSeal, endsWriting } from '#shared/domain/drafts/drafts.ts';
import type { SealCause } from '#shared/domain/drafts/events.ts';
import { erasedIn } from '#shared/domain/erasing/passages.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { Damaged } from '../store/damaged.ts';
import type { Journal, RecordStore } from '../store/ports.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { RecordKinds } from '../store/records.ts';
import type { LiveRoom } from './liveRoom.ts';
import type { Rooms } from './rooms.ts';
import { passDamaged } from './storeFailure.ts';

const page = 500;
/** So many commits without a consequence may lie behind the stored position: a start after a crash reads no more than these. */
const storedEvery = 200;

export interface ConsequenceParts {
  readonly journal: Pick<Journal, 'readCommits' | 'head' | 'listStreams'>;
  readonly records: RecordStore<RecordKinds>;
  readonly drafts: () => Pick<Drafts, 'barrier' | 'erase' | 'seal'>;
  readonly rooms: () => Pick<Rooms, 'with'>;
  readonly onFailed: (error: unknown) => void;
}

/** A commit that has consequences which are not all done. */
interface Owed {
  readonly seq: number;
  /** What the drafts of the room are still to be marked for; none once the marks are durable. */
  marks: readonly RoomEvent[];
  readonly seals: ReadonlyMap<string, SealCause>;
}

/** How far the consequences of one room's log are done, in this process. */
interface Book {
  readonly owed: Owed[];
  /** The last commit that was heard of. */
  seen: number;
  /** The position as it is stored. */
  stored: number;
  settling: Promise<void> | null;
}

/**
 * What must follow from a commit: marks in the drafts behind the end of a right, the erasing of passages from their text, sealed versions.
 * All of it is read off the log, and a stored position says up to which commit it is done. So whatever a kill, a lost store or a race
 * leaves undone is done when the room is next loaded, before anybody acts in it, and at the start for rooms that nobody opens. Each
 * consequence can be done again without harm: a mark more changes nothing, and the same text is sealed once.
 */
export class Consequences {
  readonly #parts: ConsequenceParts;
  readonly #books = new WeakMap<LiveRoom, Book>();
  /** Rooms in memory in which something is owed that could not be done. */
  readonly #stuck = new Set<LiveRoom>();
  /** Rooms that left memory: what is owed in them is found in the log by whoever loads them next. */
  readonly #left = new WeakSet<LiveRoom>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(parts: ConsequenceParts) {
    this.#parts = parts;
  }

  /** Takes note of a durable commit; resolves once its marks are durable. What it seals follows. Rejects with StoreUnavailable. */
  async follow(room: LiveRoom, seq: number, events: readonly RoomEvent[]): Promise<void> {
    const book = this.#bookOf(room, seq - 1);
    book.seen = Math.max(book.seen, seq);
    const owed = owedBy(room, seq, events);
    if (owed !== null) {
      book.owed.push(owed);
      try {
        await this.#mark(room, owed);
      } catch (error) {
        this.#holdBack(room);
        throw error;
      }
      this.#settleSoon(room, book);
    } else if (this.#doneUpTo(book) - book.stored >= storedEvery) await this.#store(room, book);
  }

  /** Writes the marks that these events ask for once more. Rejects with StoreUnavailable. */
  async markEnds(room: LiveRoom, events: readonly RoomEvent[]): Promise<void> {
    const drafts = this.#parts.drafts();
    if (events.some(endsWriting)) await drafts.barrier(room.id, [...room.state.drafts.keys()]);
    for (const draftId of erasedIn(events)) await drafts.erase(room.id, draftId);
  }

  /**
   * Does what the log of a room that was just loaded still asks for. Never rejects: what cannot be done now is told, and is owed as long
   * as the room is in memory.
   */
  async recover(room: LiveRoom): Promise<void> {
    const { seq: head } = room.head;
    try {
      const stored = (await this.#parts.records.get('followed', room.id))?.seq ?? 0;
      const book: Book = { owed: [], seen: head, stored, settling: null };
      this.#books.set(room, book);
      if (stored >= head && !isNaming(room)) return;
      const owed = await this.#owedBehind(room, stored);
      if (owed !== null) book.owed.push(owed);
      this.#settleSoon(room, book);
      await book.settling;
    } catch (error) {
      this.#parts.onFailed(error);
    }
  }

  /** Remembers how far a room is that leaves memory, and lets go of it. */
  async leave(room: LiveRoom): Promise<void> {
    this.#left.add(room);
    await this.#remember(room);
    this.#stuck.delete(room);
  }

  async #remember(room: LiveRoom): Promise<void> {
    const book = this.#books.get(room);
    if (book === undefined) return;
    await book.settling;
    if (this.#doneUpTo(book) > book.stored) await this.#store(room, book).catch(this.#parts.onFailed);
  }

  /** Tries again what could not be done; to be called when the store is there again. */
  retry(): void {
    for (const room of [...this.#stuck]) this.#settleSoon(room, this.#bookOf(room, 0));
  }

  /** Looks for rooms in which something is owed though nobody has opened them. Rejects with StoreUnavailable. */
  async sweep(): Promise<void> {
    this.retry();
    const { journal, records, rooms, onFailed } = this.#parts;
    for (let after = ''; ;) {
      const ids = await journal.listStreams('room', after, page);
      for (const id of ids) {
        const { seq: head } = await journal.head({ kind: 'room', id });
        const followed = await records.get('followed', id).catch(passDamaged(onFailed));
        // Loading it is what does the rest.
        if ((followed?.seq ?? 0) < head)
          await rooms()
            .with(id, (room) => this.#remember(room))
            .catch(passDamaged(onFailed));
      }
      const last = ids.at(-1);
      if (last === undefined || ids.length < page) return;
      after = last;
    }
  }

  /** Resolves when nothing is being done. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #holdBack(room: LiveRoom): void {
    if (!this.#left.has(room)) this.#stuck.add(room);
  }

  #bookOf(room: LiveRoom, stored: number): Book {
    const known = this.#books.get(room);
    if (known !== undefined) return known;
    const book: Book = { owed: [], seen: stored, stored, settling: null };
    this.#books.set(room, book);
    return book;
  }

  #doneUpTo({ owed, seen }: Book): number {
    return owed.reduce((least, { seq }) => Math.min(least, seq - 1), seen);
  }

  #settleSoon(room: LiveRoom, book: Book): void {
    if (book.settling !== null) return;
    const settling = this.#settleAll(room, book)
      .then(
        () => this.#stuck.delete(room),
        (error: unknown) => {
          this.#holdBack(room);
          this.#parts.onFailed(error);
        },
      )
      .then(() => {
        book.settling = null;
        this.#underWay.delete(settling);
      });
    book.settling = settling;
    this.#underWay.add(settling);
  }

  async #settleAll(room: LiveRoom, book: Book): Promise<void> {
    do {
      const owed = book.owed[0];
      if (owed !== undefined) {
        await this.#mark(room, owed);
        for (const [draftId, cause] of owed.seals) await this.#seal(room, draftId, cause);
        book.owed.splice(book.owed.indexOf(owed), 1);
      }
      for (const { id, naming } of room.state.drafts.values())
        for (const { versionId } of naming) await this.#seal(room, id, 'named', versionId);
    } while (book.owed.length > 0);
    if (this.#doneUpTo(book) > book.stored) await this.#store(room, book);
  }

  async #mark(room: LiveRoom, owed: Owed): Promise<void> {
    const { marks } = owed;
    if (marks.length > 0) await this.markEnds(room, marks);
    owed.marks = [];
  }

  async #seal(room: LiveRoom, draftId: string, cause: SealCause, versionId?: string): Promise<void> {
    try {
      const sealed = await this.#parts.drafts().seal(room.id, draftId);
      const commandId = versionId === undefined ? `seal-${draftId}-${sealed.ordinal}` : `name-${versionId}`;
      const answer = await room.submit(systemActor, commandId, { type: 'sealRevision', draftId, ...sealed, cause, versionId });
      if (!answer.ok && answer.rejection.code === 'storeUnavailable') throw new StoreUnavailable('A version could not be sealed.');
    } catch (error) {
      // Of a text that nobody can read no version is sealed; the doctor names the draft, and the tail behind its last version.
      if (!(error instanceof Damaged)) throw error;
      this.#parts.onFailed(error);
    }
  }

  /** What the log behind a position asks for, as one. */
  async #owedBehind(room: LiveRoom, after: number): Promise<Owed | null> {
    const { seq: head } = room.head;
    const marks: RoomEvent[] = [];
    const seals = new Map<string, SealCause>();
    for (let from = after; from < head;) {
      const commits = await room.commitsAfter(from, page);
      for (const { seq, events: stored } of commits) {
        if (seq > head) break;
        const events = stored.map(upcast);
        marks.push(...events.filter(asksForMark));
        for (const event of events) settleBy(event, seals);
        for (const { draftId, cause } of draftsToSeal(events, [...room.state.drafts.keys()])) seals.set(draftId, cause);
      }
      from = commits.at(-1)?.seq ?? head;
    }
    return marks.length === 0 && seals.size === 0 ? null : { seq: head, marks, seals };
  }

  /** Stores how far a room is. Another process may be further. */
  async #store(room: LiveRoom, book: Book): Promise<void> {
    const { records } = this.#parts;
    const seq = this.#doneUpTo(book);
    for (;;) {
      const kept = await records.get('followed', room.id);
      if (kept !== null && kept.seq >= seq) break;
      const next = { id: room.id, rev: kept?.rev ?? 0, roomId: room.id, seq };
      const outcome = kept === null ? await records.insert('followed', next) : await records.replace('followed', next);
      if (outcome === 'inserted' || outcome === 'replaced') break;
    }
    book.stored = Math.max(book.stored, seq);
  }
}

function owedBy(room: LiveRoom, seq: number, events: readonly RoomEvent[]): Owed | null {
  const seals = new Map(draftsToSeal(events, [...room.state.drafts.keys()]).map(({ draftId, cause }) => [draftId, cause]));
  const marks = events.filter(asksForMark);
  const named = events.some(({ type }) => type === 'draft.versionNamed');
  return seals.size === 0 && marks.length === 0 && !named ? null : { seq, marks, seals };
}

function asksForMark(event: RoomEvent): boolean {
  return endsWriting(event) || erasedIn([event]).length > 0;
}

function isNaming({ state }: LiveRoom): boolean {
  return [...state.drafts.values()].some(({ naming }) => naming.length > 0);
}

/**
 * Takes out of what is to be sealed what an event shows to be done, or to make no sense any more: once writing goes on, the text is not
 * that of the pause.
 */
function settleBy(event: RoomEvent, seals: Map<string, SealCause>): void {
  if (event.type === 'draft.revisionSealed' && event.versionId === undefined) {
    if (event.cause === undefined || event.cause === seals.get(event.draftId)) seals.delete(event.draftId);
    return;
  }
  const ended = endedBy[event.type];
  if (ended === undefined) return;
  for (const [draftId, cause] of seals) {
    if (cause === ended && (event.type !== 'draft.unlocked' || event.draftId === draftId)) seals.delete(draftId);
  }
}

const endedBy: Partial<Record<RoomEvent['type'], SealCause>> = {
  'room.resumed': 'paused',
  'room.reopened': 'closed',
  'room.unarchived': 'archived',
  'draft.unlocked': 'locked',
};
