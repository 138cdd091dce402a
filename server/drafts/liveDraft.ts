import * as Y from 'yjs';
import { deletionOf, runSetOf, withoutRuns } from '#shared/document/erasing/eraseFromUpdate.ts';
import { RunSet } from '#shared/document/erasing/runSet.ts';
import { actorName } from '#shared/domain/decision.ts';
import type { DraftState } from '#shared/domain/state.ts';
import { closeCodes, retryCodes } from '#shared/protocol/close.ts';
import { Damaged } from '../store/damaged.ts';
import type { DraftEntry } from '../store/ports.ts';
import { StoreUnavailable } from '../store/ports.ts';
import { Audience } from './audience.ts';
import { applyOneByOne, applyTogether } from './batch.ts';
import type { Judge, Verdict } from './batch.ts';
import { Connection } from './connection.ts';
import type { Delivery } from './connection.ts';
import { ContentCheck } from './contentCheck.ts';
import { entryDigest } from './entries.ts';
import { lastEntry } from './load.ts';
import type { DraftText } from './draftText.ts';
import { stepOneFrame } from './frames.ts';
import type { JoinCounter } from './joinCost.ts';
import { LoadedText } from './loadedText.ts';
import type { DraftParts } from './parts.ts';
import { settleTurn } from './settle.ts';
import type { Slots } from '../slots.ts';
import { SnapshotKeeper } from './snapshotKeeper.ts';
import { isStorable, takeTurn, workOf } from './work.ts';
import type { Barrier, Erase, Saying, Storable, Work, Write } from './work.ts';

/** So many turns in a row lost to another process are no race any more. */
const maxConflicts = 100;
const defaultIdleMs = 5_000;
/** A count ends at so many times what a join may take. */
const countedTimes = 4;

export interface LiveDraftParts extends DraftParts {
  readonly roomId: string;
  readonly draftId: string;
  readonly loads: Slots;
  readonly joins: Pick<JoinCounter, 'count'>;
  /** Nobody is connected and nothing is left to do: it may be forgotten. */
  readonly onGone: (draft: LiveDraft) => void;
  /** A client found its copy to have another content than the log; it is told to join anew. */
  readonly onDiverged: () => void;
}

/**
 * One draft in memory, with one serial lane. Between two pieces of work its text is exactly what the log holds, so whatever is
 * answered from it is durable; while a turn is being stored nothing else is done. If a turn cannot be stored, the text is thrown
 * away and loaded anew, and the frames that were not yet acknowledged are judged again.
 */
export class LiveDraft {
  readonly roomId: string;
  readonly draftId: string;
  readonly audience: Audience;
  readonly #parts: LiveDraftParts;
  readonly #keeper: SnapshotKeeper;
  readonly #loaded: LoadedText;
  readonly #judge: Judge;
  readonly #check: ContentCheck;
  readonly #work: Work[] = [];
  #conflicts = 0;
  #busy = false;
  #idleTimer: NodeJS.Timeout | null = null;
  #whenIdle: (() => void)[] = [];

  constructor(parts: LiveDraftParts) {
    this.#parts = parts;
    this.roomId = parts.roomId;
    this.draftId = parts.draftId;
    this.audience = new Audience(parts, parts.roomId, parts.draftId);
    this.#keeper = new SnapshotKeeper(parts.snapshots, parts.log);
    this.#loaded = new LoadedText(parts, this.audience, this.#keeper);
    this.#check = new ContentCheck(this.audience, () => this.#enqueue({ is: 'check' }), parts.checkPace);
    this.#judge = {
      limits: parts.limits,
      mayWrite: (frame) => this.audience.whyNotWrite(frame),
      wasRefused: ({ source }) => source instanceof Connection && source.wasRefused,
      isForeign: (clientId, actor) => actor.kind !== 'participant' || this.audience.isForeign(clientId, actor.id),
    };
  }

  attach(connection: Connection): void {
    this.audience.connections.add(connection);
    this.#enqueue({ is: 'welcome', connection });
  }

  detach(connection: Connection): void {
    this.audience.leave(connection);
    if (this.audience.connections.size === 0) this.#check.stop();
    this.#leaveLater();
  }

  /** What a connection hands on, in its order. Presence does not wait for the log: nothing rests on it. */
  take(connection: Connection, delivery: Delivery): void {
    const work = workOf(connection, delivery);
    if (work !== null) this.#enqueue(work);
    else if (delivery.is === 'frame' && delivery.frame.is === 'diverged') this.#hearDiverged(connection, delivery.frame);
    else if (delivery.is === 'frame' && delivery.frame.is === 'presence') {
      if (this.audience.receivePresence(connection, delivery.frame.update)) return;
      connection.stopReading();
      this.#enqueue({ is: 'refuse', connection, close: closeCodes.badFrame, why: 'malformed' });
    } else if (connection.welcomed) this.audience.sendPresent(connection);
  }

  /** Writes a barrier behind everything accepted so far; resolves once it is durable. */
  barrier(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ is: 'barrier', resolve, reject });
    });
  }

  /**
   * Deletes what was erased and still stands in the text, and writes a barrier: behind it no process takes in erased words any more.
   * Resolves once it is durable and no snapshot with them is under way.
   */
  erase(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ is: 'erase', resolve, reject });
    });
  }

  /** Looks at the durable text, in turn. */
  look<T>(look: (text: DraftText) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const answer = (text: DraftText): void => {
        try {
          resolve(look(text));
        } catch (reason) {
          reject(reason);
        }
      };
      this.#enqueue({ is: 'look', look: answer, reject });
    });
  }

  /** Reads what other processes wrote and tells everybody. */
  catchUp(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ is: 'catchUp', resolve, reject });
    });
  }

  /** Closes who may no longer read, tells whose right to write changed, and asks those that may write again for what they have. */
  rightsChanged(): void {
    for (const connection of [...this.audience.connections]) {
      if (!this.audience.mayRead(connection)) continue;
      if (this.audience.tellStanding(connection, this.#loaded.current)) this.#enqueue({ is: 'askForAll', connection });
    }
  }

  /** Finishes what is under way, then sends everybody away to come back in a moment. */
  async end(): Promise<void> {
    for (const connection of this.audience.connections) connection.stopReading();
    while (this.#busy) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    for (const connection of [...this.audience.connections]) connection.close(retryCodes.restart, 'restart');
    this.#stopLeaving();
    this.#check.stop();
    await this.#keeper.whenLeaving(this.#loaded.current);
    this.audience.end();
  }

  #enqueue(work: Work): void {
    this.#stopLeaving();
    this.#work.push(work);
    if (this.#busy) return;
    this.#busy = true;
    // At the end of the event loop's turn: what other sockets sent in the same moment goes into the same transaction.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#work.length > 0) {
      try {
        const text = await this.#loaded.get();
        this.#check.begin(text);
        await this.#doNext(text);
      } catch (reason) {
        if (reason instanceof Damaged) await this.#failDamaged(reason);
        else this.#fail(reason);
      }
    }
    this.#nowIdle();
    this.#leaveLater();
  }

  async #doNext(text: DraftText): Promise<void> {
    const [next] = this.#work;
    if (next === undefined) return;
    if (isStorable(next)) {
      await this.#store(takeTurn(this.#work));
    } else if (next.is === 'erase') {
      await this.#erase(next, text);
    } else if (next.is === 'catchUp') {
      await this.#loaded.catchUp();
      this.#work.shift();
      next.resolve();
      if (this.#loaded.current !== null) this.#check.after(this.#loaded.current);
    } else {
      this.#work.shift();
      if (next.is === 'look') next.look(text);
      else if (next.is === 'check') this.#check.tell(text);
      else if (!next.connection.ended && this.audience.mayRead(next.connection)) this.#say(next, text);
    }
  }

  /** A copy holds something else than the log. It is of no more use, and what made it so has to be found by people. */
  #hearDiverged(connection: Connection, { ordinal, hash }: { readonly ordinal: number; readonly hash: string }): void {
    connection.stopReading();
    const told = this.#check.toldFor(ordinal);
    if (told === null || told === hash) {
      this.#enqueue({ is: 'refuse', connection, close: closeCodes.badFrame, why: 'malformed' });
      return;
    }
    const { roomId, draftId } = this;
    const who = actorName(connection.actor);
    this.#parts.log.error({ roomId, draftId, ordinal, who, theirs: hash, ours: told }, 'a client holds another text than the log');
    this.#parts.onDiverged();
    this.#enqueue({ is: 'refuse', connection, close: closeCodes.diverged, why: 'reloadNeeded' });
  }

  #say(saying: Saying, text: DraftText): void {
    const { connection } = saying;
    switch (saying.is) {
      case 'welcome':
        this.audience.welcome(connection, text);
        return;
      case 'askForAll':
        connection.send(stepOneFrame(text.stateVector()));
        return;
      case 'refuse':
        connection.refuse(saying.close, saying.why, this.audience.lineage);
        return;
      case 'stepOne':
        try {
          connection.sendWhole(text.answer(saying.stateVector));
          connection.follows = true;
        } catch {
          connection.refuse(closeCodes.badFrame, 'malformed', this.audience.lineage);
        }
        return;
      default:
        saying satisfies never;
    }
  }

  async #store(turn: readonly Storable[]): Promise<void> {
    try {
      const { text, verdicts } = await this.#judgeTurn(turn.filter((work) => work.is === 'write'));
      const waiting = turn.findIndex((work) => isWaiting(verdicts.get(work)));
      if (waiting === 0) {
        await this.#count(text, turn[0]);
        this.#work.unshift(...turn);
        return;
      }
      const judged = waiting === -1 ? turn : turn.slice(0, waiting);
      if (!(await this.#isUpToDate(text, verdicts)) || !(await this.#write(entriesOf(judged, verdicts, text, this.#parts)))) {
        this.#lost();
        this.#work.unshift(...turn);
        return;
      }
      settleTurn(judged, verdicts, text, this.audience);
      // Behind the telling: what was cut short there is told by the reload that follows.
      this.#loaded.told(text);
      this.#work.unshift(...turn.slice(judged.length));
      this.#check.after(text);
      this.#keeper.whileOpen(text);
    } catch (reason) {
      this.#work.unshift(...turn);
      throw reason;
    }
  }

  /** Counts, beside the event loop, what a join would cost with a frame; nothing else is done with this draft meanwhile. */
  async #count(text: DraftText, frame: Storable | undefined): Promise<void> {
    if (frame?.is !== 'write') return;
    try {
      frame.count = await this.#parts.joins.count(text.whole(), frame.update, countedTimes * this.#parts.limits.joinSteps);
    } catch (reason) {
      // No fault of who wrote it. What might be owed stays owed, so the next frame is counted again.
      this.#parts.log.error({ draftId: this.draftId, err: reason }, 'what a join of a draft costs could not be counted');
      frame.count = { before: 0, after: 0, walkers: 0 };
    }
  }

  async #erase(work: Erase, text: DraftText): Promise<void> {
    const updates: Uint8Array[] = [];
    const entries: DraftEntry[] = [];
    for (const { runs, by } of this.#erased()) {
      const update = deletionOf(text.doc, new RunSet(runs));
      if (update === null) continue;
      Y.applyUpdate(text.doc, update, 'erasing');
      updates.push(update);
      entries.push(text.append({ kind: 'update', actorId: by, bytes: update, salt: this.#parts.newSalt() }, this.#parts.now()));
    }
    entries.push(text.append({ kind: 'barrier', actorId: 'system', bytes: new Uint8Array() }, this.#parts.now()));
    if (!(await this.#write(entries))) {
      this.#lost();
      return;
    }
    this.#work.shift();
    this.audience.tell(
      updates.map((update) => ({ update, source: null })),
      text,
    );
    this.#loaded.told(text);
    this.#check.after(text);
    await this.#keeper.idle();
    work.resolve();
  }

  /** Whoever was away sends again what he has no answer to, and with it may come what was erased meanwhile. */
  #leaveOutErased(frames: readonly Write[]): void {
    const gone = runSetOf(this.#erased());
    if (!gone.isEmpty) for (const frame of frames) frame.update = withoutRuns(frame.update, gone);
  }

  #erased(): DraftState['erased'] {
    return this.#parts.access.erased?.(this.roomId, this.draftId) ?? [];
  }

  async #judgeTurn(frames: readonly Write[]): Promise<{ text: DraftText; verdicts: ReadonlyMap<Work, Verdict> }> {
    let text = await this.#loaded.get();
    this.#leaveOutErased(frames);
    let verdicts = applyTogether(text, frames, this.#judge);
    if (verdicts === null) {
      text = await this.#loaded.reload();
      this.#leaveOutErased(frames);
      verdicts = applyOneByOne(text, frames, this.#judge);
    }
    return { text, verdicts: new Map(frames.map((frame, index) => [frame, verdicts[index] ?? { is: 'ignored' }])) };
  }

  /**
   * Whether no other process has written meanwhile. A frame can look forged or gapped only because it builds on what another
   * process stored, so this is asked before anything is refused; what is to be stored finds out by its ordinal.
   */
  async #isUpToDate(text: DraftText, verdicts: ReadonlyMap<Work, Verdict>): Promise<boolean> {
    if (![...verdicts.values()].some((verdict) => verdict.is === 'refused' || verdict.is === 'gap')) return true;
    return (await this.#parts.journal.readDraft(this.draftId, text.head.ordinal, 1)).length === 0;
  }

  /** Whether the entries are durable; if not, another process was faster. */
  async #write(entries: readonly DraftEntry[]): Promise<boolean> {
    if (entries.length === 0) return true;
    const { outcome } = await this.#parts.commits.write({ kind: 'draft', draftId: this.draftId, entries });
    if (outcome === 'appended') this.#conflicts = 0;
    return outcome === 'appended';
  }

  /** Another process wrote: the text, and the rights with it, have to be loaded anew. */
  #lost(): void {
    this.#loaded.drop();
    this.#conflicts += 1;
    if (this.#conflicts > maxConflicts) throw new StoreUnavailable('Another process writes into the same draft without a pause.');
  }

  /**
   * The log of the draft is damaged: nothing is read from it any more, and everybody is sent away for good, with what he has. Barriers
   * are written all the same, since pausing a room or muting somebody must not hang on one draft.
   */
  async #failDamaged(reason: Damaged): Promise<void> {
    const after = this.#loaded.toldOrdinal ?? 0;
    this.#loaded.drop();
    this.#conflicts = 0;
    this.#parts.log.error({ draftId: this.draftId, err: reason }, 'a draft is damaged');
    const marks: (Barrier | Erase)[] = [];
    for (const work of this.#work.splice(0)) {
      if (work.is === 'barrier' || work.is === 'erase') marks.push(work);
      else if ('reject' in work) work.reject(reason);
    }
    for (const connection of [...this.audience.connections]) connection.close(closeCodes.damaged, 'damaged');
    if (marks.length === 0) return;
    try {
      await this.#markUnread(after);
      for (const mark of marks) mark.resolve();
    } catch (failure) {
      this.#parts.log.error({ draftId: this.draftId, err: failure }, 'a barrier could not be written into a damaged draft');
      if (failure instanceof StoreUnavailable) this.#parts.onStoreFailed?.(failure);
      // Where not even the end of the log can be read, nobody opens the draft any more; who holds it hears of the room's rights by himself.
      for (const mark of marks)
        if (failure instanceof Damaged) mark.resolve();
        else mark.reject(failure);
    }
  }

  /** Writes a barrier behind the last entry that is stored, whatever lies before it. */
  async #markUnread(after: number): Promise<void> {
    const { journal, now } = this.#parts;
    for (let conflicts = 0; conflicts <= maxConflicts; conflicts += 1) {
      const last = await lastEntry(journal, this.draftId, after);
      const mark = {
        draftId: this.draftId,
        ordinal: (last?.ordinal ?? 0) + 1,
        kind: 'barrier' as const,
        actorId: 'system',
        at: Math.max(now(), last?.at ?? 0),
        bytes: new Uint8Array(),
      };
      if (await this.#write([{ ...mark, digest: entryDigest(last?.digest ?? '', mark) }])) return;
    }
    throw new StoreUnavailable('Another process writes into the same draft without a pause.');
  }

  /**
   * The store failed, or the draft could not be loaded. Nothing is acknowledged; editors, and whoever else waits for an answer to
   * a frame, are sent away to come back with what they have. Readers stay if only a write failed.
   */
  #fail(reason: unknown): void {
    const readersStay = this.#loaded.current !== null;
    this.#loaded.drop();
    this.#conflicts = 0;
    this.#parts.log.error({ draftId: this.draftId, err: reason }, 'a draft could not be read or written');
    const unanswered = new Set<Connection>();
    const kept: Work[] = [];
    for (const work of this.#work.splice(0)) {
      if ('reject' in work) work.reject(reason);
      else if (work.is === 'write') unanswered.add(work.source);
      else kept.push(work);
    }
    for (const connection of [...this.audience.connections]) {
      const writes = this.audience.whyNotWrite(connection) === null;
      if (!readersStay || writes || unanswered.has(connection)) connection.close(retryCodes.notNow, 'storeUnavailable');
    }
    if (readersStay) this.#work.unshift(...kept);
    if (reason instanceof StoreUnavailable) this.#parts.onStoreFailed?.(reason);
  }

  #nowIdle(): void {
    this.#busy = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #leaveLater(): void {
    if (this.#busy || this.#idleTimer !== null || this.audience.connections.size > 0) return;
    this.#idleTimer = setTimeout(() => void this.#leave(), this.#parts.idleMs ?? defaultIdleMs);
  }

  #stopLeaving(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }

  /** Leaves memory, unless somebody came while the last snapshot was being written. */
  async #leave(): Promise<void> {
    this.#idleTimer = null;
    this.#busy = true;
    await this.#keeper.whenLeaving(this.#loaded.current);
    if (this.#work.length > 0 || this.audience.connections.size > 0) {
      await this.#run();
      return;
    }
    this.audience.end();
    this.#check.stop();
    this.#parts.onGone(this);
    this.#nowIdle();
  }
}

function isWaiting(verdict: Verdict | undefined): boolean {
  return verdict?.is === 'later' || verdict?.is === 'uncounted';
}

/** The entries a turn adds to the log, in its order; the text counts them as there from now on. */
function entriesOf(
  turn: readonly Storable[],
  verdicts: ReadonlyMap<Work, Verdict>,
  text: DraftText,
  { now, newSalt }: Pick<DraftParts, 'now' | 'newSalt'>,
): readonly DraftEntry[] {
  const at = now();
  const entries: DraftEntry[] = [];
  for (const work of turn) {
    if (work.is === 'barrier') entries.push(text.append({ kind: 'barrier', actorId: 'system', bytes: new Uint8Array() }, at));
    else if (verdicts.get(work)?.is === 'stored' && work.actor.kind === 'participant') {
      entries.push(text.append({ kind: 'update', actorId: work.actor.id, bytes: work.update, salt: newSalt() }, at));
    }
  }
  return entries;
}
