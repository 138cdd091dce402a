import { runSetOf } from '#shared/document/erasing/eraseFromUpdate.ts';
import { upcast } from '#shared/domain/commit.ts';
import { actorName } from '#shared/domain/decision.ts';
import type { Actor } from '#shared/domain/decision.ts';
import { digestsToErase, isErasing } from '#shared/domain/erasing/erasedWords.ts';
import type { RoomFiles } from '../files/roomFiles.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { withoutErased } from '../drafts/entries.ts';
import type { Histories } from '../drafts/histories.ts';
import type { ErasedEntry, ErasedWords, Eraser } from '../store/erasing.ts';
import type { Journal, RecordStore } from '../store/ports.ts';
import type { RecordKinds } from '../store/records.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { DraftState } from '#shared/domain/state.ts';
import type { LiveRoom } from './liveRoom.ts';
import type { RoomAnswer } from './publication.ts';
import type { Rooms } from './rooms.ts';

const page = 500;
/** So long a promise is kept whose command never came: it was refused, or the process ended before it. */
const forgottenAfterMs = 60 * 60 * 1000;
/** Writers wait while a store is scrubbed: it then rests so many times as long, however many erase meanwhile. */
const restFactor = 20;

export interface ErasureParts {
  readonly journal: Pick<Journal, 'readCommits' | 'findCommand' | 'readDraft'>;
  readonly erasing: Eraser;
  readonly records: RecordStore<RecordKinds>;
  readonly files: Pick<RoomFiles, 'forget'>;
  readonly rooms: Pick<Rooms, 'with'>;
  readonly drafts: Pick<Drafts, 'erase'>;
  readonly histories: Pick<Histories, 'forget'>;
  readonly now: () => number;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Takes out of the store what was erased in rooms. A promise is stored before the command that erases, and kept until its texts are
 * gone: whatever ends in between is finished at the next start, or within the hour.
 */
export class Erasures {
  readonly #parts: ErasureParts;
  readonly #due = new Set<string>();
  /** What is done once the store has been scrubbed the next time. */
  #owed: (() => Promise<void>)[] = [];
  #restsUntil = 0;
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: ErasureParts) {
    this.#parts = parts;
  }

  /** Runs a command in a room like `room.submit`; one that erases is promised first. Rejects with StoreUnavailable. */
  async submit(room: LiveRoom, actor: Actor, commandId: string, command: RoomCommand): Promise<RoomAnswer> {
    if (command.type !== 'eraseText' && command.type !== 'erasePassage' && command.type !== 'eraseParticipant')
      return room.submit(actor, commandId, command);
    const { records, now } = this.#parts;
    const actorId = actorName(actor);
    const id = `${room.id}/${actorId}/${commandId}`;
    await records.insert('erasure', { id, rev: 0, roomId: room.id, actorId, commandId, createdAt: now() });
    const answer = await room.submit(actor, commandId, command);
    // Where the outcome is unknown the promise stays, and the sweep finds out.
    if (!answer.ok && answer.rejection.code !== 'storeUnavailable') await records.remove('erasure', id);
    return answer;
  }

  /** Notes that something was erased in a room; the store follows at once. */
  changed(roomId: string, events: readonly { readonly type: string }[]): void {
    if (!events.some(isErasing)) return;
    this.#due.add(roomId);
    void this.work();
  }

  /** Looks for promises that were not kept. */
  async sweep(): Promise<void> {
    for (let after = ''; ;) {
      const promises = await this.#parts.records.list('erasure', { after, limit: page });
      for (const { roomId } of promises) this.#due.add(roomId);
      const last = promises.at(-1);
      if (last === undefined || promises.length < page) break;
      after = last.id;
    }
    await this.work();
  }

  /** Resolves when all that is due now is done, or waits for the store's rest or, where it failed, for the next sweep. */
  work(): Promise<void> {
    this.#working = this.#working.then(() => this.#workOff()).catch(this.#parts.onFailed);
    return this.#working;
  }

  /** Does `work` once no file of the store holds any more what is out of it by now. If the process ends before, it is not done. */
  afterScrub(work: () => Promise<void>): void {
    this.#owed.push(work);
    void this.work();
  }

  async #workOff(): Promise<void> {
    const { rooms, records } = this.#parts;
    const due = [...this.#due];
    this.#due.clear();
    for (const roomId of due) {
      try {
        const kept = await rooms.with(roomId, (room) => this.#eraseIn(room));
        for (const id of kept) this.#owed.push(() => records.remove('erasure', id));
      } catch (error) {
        // Its promises stay, and are tried with the next sweep; the other rooms have their turn.
        this.#parts.onFailed(error);
      }
    }
    const restMs = this.#restsUntil - performance.now();
    if (this.#owed.length === 0 || this.#timer !== null) return;
    if (restMs <= 0) await this.#scrub();
    else {
      this.#timer = setTimeout(() => {
        this.#timer = null;
        void this.work();
      }, restMs);
      this.#timer.unref();
    }
  }

  async #scrub(): Promise<void> {
    const owed = this.#owed;
    this.#owed = [];
    const begun = performance.now();
    try {
      await this.#parts.erasing.scrub();
    } catch (error) {
      this.#owed.unshift(...owed);
      throw error;
    } finally {
      const ended = performance.now();
      this.#restsUntil = ended + restFactor * (ended - begun);
    }
    for (const work of owed) await work().catch(this.#parts.onFailed);
  }

  /** Erases what is erased in a room by now; gives the promises that are kept once the store is scrubbed. */
  async #eraseIn(room: LiveRoom): Promise<readonly string[]> {
    const { journal, erasing, records, files, now } = this.#parts;
    const stream = { kind: 'room', id: room.id } as const;
    const kept: string[] = [];
    let come = false;
    for (const { id, actorId, commandId, createdAt } of await records.find('erasure', 'roomId', room.id)) {
      const known = await journal.findCommand(stream, actorId, commandId);
      if (known !== null) come = true;
      if (known !== null || createdAt < now() - forgottenAfterMs) kept.push(id);
    }
    if (!come) {
      for (const id of kept) await records.remove('erasure', id);
      return [];
    }
    // Another process may have erased: what the log says counts, not what is in memory here.
    await room.refresh();
    const { state } = room;
    // The folds first: one without the words that the log still has fits it, one with words that the log has lost would not.
    await erasing.forgetSnapshots('room', room.id);
    for (let after = 0; ;) {
      const commits = await journal.readCommits(stream, after, page);
      const erased = commits.flatMap(({ seq, actorId, events }): readonly ErasedWords[] => {
        const digests = events.flatMap((stored) => digestsToErase(upcast(stored), actorId, state));
        return digests.length === 0 ? [] : [{ seq, digests }];
      });
      await erasing.eraseWords(stream, erased);
      const last = commits.at(-1);
      if (last === undefined || commits.length < page) break;
      after = last.seq;
    }
    for (const draft of state.drafts.values()) if (draft.erased.length > 0) await this.#eraseInDraft(room.id, draft);
    await files.forget(state.files.filter(({ erased }) => erased !== undefined));
    return kept;
  }

  async #eraseInDraft(roomId: string, { id, erased }: DraftState): Promise<void> {
    const { journal, erasing, drafts, histories } = this.#parts;
    // Behind this nothing of it comes into the log any more, from any process.
    await drafts.erase(roomId, id);
    const gone = runSetOf(erased);
    for (let after = 0; ;) {
      const entries = await journal.readDraft(id, after, page);
      await erasing.eraseEntries(
        id,
        entries.flatMap((entry): readonly ErasedEntry[] => {
          const { ordinal, bytes, erased: was } = withoutErased(entry, gone);
          return was === undefined || bytes === entry.bytes ? [] : [{ ordinal, bytes, erased: was }];
        }),
      );
      const last = entries.at(-1);
      if (last === undefined || entries.length < page) break;
      after = last.ordinal;
    }
    await erasing.forgetSnapshots('draft', id);
    histories.forget(id);
  }
}
