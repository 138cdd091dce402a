import { closeCodes, retryCodes } from '#shared/protocol/close.ts';
import type { RejectionCode } from '#shared/domain/rejections.ts';
import type { DraftEntry } from '../store/ports.ts';
import { StoreUnavailable } from '../store/ports.ts';
import { Audience } from './audience.ts';
import { applyOneByOne, applyTogether } from './batch.ts';
import type { Judge, Verdict, WriteFrame } from './batch.ts';
import type { Connection, Delivery } from './connection.ts';
import type { DraftText } from './draftText.ts';
import { stepOneFrame, stepTwoFrame } from './frames.ts';
import { loadText, readTail } from './load.ts';
import type { DraftParts } from './parts.ts';
import type { Slots } from './slots.ts';
import { SnapshotKeeper } from './snapshotKeeper.ts';

/** Bounds of one turn, so that neither the event loop nor the store is held up for long. At least one frame is taken. */
const turnFrames = 256;
const turnBytes = 512 * 1024;
/** So many turns in a row lost to another process are no race any more. */
const maxConflicts = 100;
const defaultIdleMs = 5_000;

interface Write extends WriteFrame<Connection> {
  readonly is: 'write';
  readonly number: number;
  readonly bytes: number;
}

interface Asked {
  /** The work was given up; nothing of it can be relied on. */
  readonly reject: (reason: unknown) => void;
}

type Work =
  | Write
  | ({ readonly is: 'barrier'; readonly resolve: () => void } & Asked)
  | ({ readonly is: 'look'; readonly look: (text: DraftText) => void } & Asked)
  | ({ readonly is: 'catchUp'; readonly resolve: () => void } & Asked)
  | { readonly is: 'welcome' | 'askForAll'; readonly connection: Connection }
  | { readonly is: 'stepOne'; readonly connection: Connection; readonly stateVector: Uint8Array }
  | { readonly is: 'refuse'; readonly connection: Connection; readonly close: number; readonly why: RejectionCode };

type Storable = Extract<Work, { is: 'write' | 'barrier' }>;

export interface LiveDraftParts extends DraftParts {
  readonly roomId: string;
  readonly draftId: string;
  readonly loads: Slots;
  /** Nobody is connected and nothing is left to do: it may be forgotten. */
  readonly onGone: (draft: LiveDraft) => void;
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
  readonly #judge: Judge;
  #work: Work[] = [];
  #text: DraftText | null = null;
  /** The ordinal up to which everybody connected has been told; null before the first load. */
  #told: number | null = null;
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
    this.#judge = {
      limits: parts.limits,
      mayWrite: (actor) => parts.access.mayWrite(parts.roomId, parts.draftId, actor),
      isForeign: (clientId, actor) => actor.kind !== 'participant' || this.audience.isForeign(clientId, actor.id),
    };
  }

  attach(connection: Connection): void {
    this.audience.connections.add(connection);
    this.#enqueue({ is: 'welcome', connection });
  }

  detach(connection: Connection): void {
    this.audience.leave(connection);
    this.#leaveLater();
  }

  /** What a connection hands on, in its order. */
  take(connection: Connection, delivery: Delivery): void {
    if (delivery.is === 'refuse') {
      this.#enqueue({ ...delivery, connection });
      return;
    }
    const { frame, number, bytes } = delivery;
    switch (frame.is) {
      case 'stepOne':
        this.#enqueue({ is: 'stepOne', connection, stateVector: frame.stateVector });
        return;
      case 'stepTwo':
      case 'update':
        this.#enqueue({
          is: 'write',
          source: connection,
          actor: connection.actor,
          step: frame.is,
          update: frame.update,
          number,
          bytes,
        });
        return;
      case 'presence':
        if (!this.audience.receivePresence(connection, frame.update)) {
          connection.stopReading();
          this.#enqueue({ is: 'refuse', connection, close: closeCodes.badFrame, why: 'malformed' });
        }
        return;
      case 'queryPresence':
        if (connection.welcomed) this.audience.sendPresent(connection);
        return;
      default:
        frame satisfies never;
    }
  }

  /** Writes a barrier behind everything accepted so far; resolves once it is durable. */
  barrier(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ is: 'barrier', resolve, reject });
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

  /** Tells every connection whose right to write changed, and asks those that may write again for what they have. */
  rightsChanged(): void {
    for (const connection of this.audience.connections) {
      if (this.audience.tellStanding(connection, this.#text)) this.#enqueue({ is: 'askForAll', connection });
    }
  }

  /** Finishes what is under way, then sends everybody away to come back in a moment. */
  async end(): Promise<void> {
    for (const connection of this.audience.connections) connection.stopReading();
    while (this.#busy) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    for (const connection of [...this.audience.connections]) connection.close(retryCodes.restart, 'restart');
    this.#stopLeaving();
    await this.#keeper.whenLeaving(this.#text);
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
        await this.#turn(this.#text ?? (await this.#load()));
      } catch (reason) {
        this.#fail(reason);
      }
    }
    this.#busy = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
    this.#leaveLater();
  }

  async #turn(text: DraftText): Promise<void> {
    const first = this.#work[0];
    if (first === undefined) return;
    if (isStorable(first)) {
      await this.#store(this.#takeTurn());
      return;
    }
    this.#work.shift();
    switch (first.is) {
      case 'look':
        first.look(text);
        return;
      case 'catchUp':
        await this.#readTail(text).then(first.resolve, (reason: unknown) => {
          first.reject(reason);
          throw reason;
        });
        return;
      default:
        if (!first.connection.ended) this.#answer(first, text);
    }
  }

  #answer(work: Extract<Work, { readonly connection: Connection }>, text: DraftText): void {
    const { connection } = work;
    switch (work.is) {
      case 'welcome':
        this.audience.welcome(connection, text);
        return;
      case 'askForAll':
        connection.send(stepOneFrame(text.stateVector()));
        return;
      case 'refuse':
        connection.refuse(work.close, work.why, this.audience.lineage);
        return;
      case 'stepOne':
        try {
          connection.sendWhole(stepTwoFrame(text.missing(work.stateVector)));
          connection.follows = true;
        } catch {
          connection.refuse(closeCodes.badFrame, 'malformed', this.audience.lineage);
        }
        return;
      default:
        work satisfies never;
    }
  }

  #takeTurn(): Storable[] {
    const turn: Storable[] = [];
    let bytes = 0;
    for (const work of this.#work) {
      if (!isStorable(work) || turn.length >= turnFrames) break;
      bytes += work.is === 'write' ? work.bytes : 0;
      if (turn.length > 0 && bytes > turnBytes) break;
      turn.push(work);
    }
    this.#work.splice(0, turn.length);
    return turn;
  }

  async #store(turn: readonly Storable[]): Promise<void> {
    try {
      const { text, verdicts } = await this.#judgeTurn(turn.filter((work) => work.is === 'write'));
      const entries: DraftEntry[] = [];
      const now = this.#parts.now();
      for (const work of turn) {
        if (work.is === 'barrier') entries.push(text.append({ kind: 'barrier', actorId: 'system', bytes: new Uint8Array() }, now));
        else if (verdicts.get(work)?.is === 'stored' && work.actor.kind === 'participant') {
          entries.push(text.append({ kind: 'update', actorId: work.actor.id, bytes: work.update }, now));
        }
      }
      if (entries.length > 0 && !(await this.#write(entries))) {
        this.#work.unshift(...turn);
        return;
      }
      this.#settle(turn, verdicts, text);
    } catch (reason) {
      this.#work.unshift(...turn);
      throw reason;
    }
  }

  async #judgeTurn(frames: readonly Write[]): Promise<{ text: DraftText; verdicts: ReadonlyMap<Work, Verdict> }> {
    let text = this.#text ?? (await this.#load());
    let verdicts = applyTogether(text, frames, this.#judge);
    if (verdicts === null) {
      text = await this.#load();
      verdicts = applyOneByOne(text, frames, this.#judge);
    }
    return { text, verdicts: new Map(frames.map((frame, index) => [frame, verdicts[index] ?? { is: 'ignored' }])) };
  }

  /** Whether the entries are durable; if not, another process was faster and the text has to be loaded anew. */
  async #write(entries: readonly DraftEntry[]): Promise<boolean> {
    const { outcome } = await this.#parts.commits.write({ kind: 'draft', draftId: this.draftId, entries });
    if (outcome === 'appended') {
      this.#conflicts = 0;
      return true;
    }
    this.#text = null;
    this.#conflicts += 1;
    if (this.#conflicts > maxConflicts) throw new StoreUnavailable('Another process writes into the same draft without a pause.');
    await this.#parts.access.refresh?.(this.roomId);
    return false;
  }

  /** The turn is durable: tells the others, then each sender what became of its frames. */
  #settle(turn: readonly Storable[], verdicts: ReadonlyMap<Work, Verdict>, text: DraftText): void {
    this.#told = text.head.ordinal;
    this.audience.tell(
      turn.flatMap((work) => (work.is === 'write' && verdicts.get(work)?.is === 'stored' ? [work] : [])),
      text,
    );
    const senders = new Set<Connection>();
    const askAgain = new Set<Connection>();
    const refused = new Map<Connection, { readonly close: number; readonly why: RejectionCode }>();
    for (const work of turn) {
      if (work.is !== 'write') continue;
      const verdict = verdicts.get(work);
      senders.add(work.source);
      if (verdict?.is === 'refused') refused.set(work.source, verdict);
      else if (verdict?.is === 'stored' || verdict?.is === 'nothing') work.source.settle(work.number, work.step);
      else if (verdict?.is === 'gap') {
        const next = work.source.gap(work.step);
        if (next === 'ask') askAgain.add(work.source);
        else if (next === 'lost') refused.set(work.source, { close: closeCodes.lineage, why: 'reloadNeeded' });
      }
    }
    for (const connection of senders) connection.sendSaved(text.head.ordinal);
    for (const [connection, { close, why }] of refused) if (!connection.ended) connection.refuse(close, why, this.audience.lineage);
    for (const connection of askAgain) connection.send(stepOneFrame(text.stateVector()));
    for (const work of turn) {
      if (work.is === 'barrier') work.resolve();
      else work.source.release(work.bytes);
    }
    this.#keeper.whileOpen(text);
  }

  /** Loads the text and tells everybody connected what it holds and they do not have. */
  async #load(): Promise<DraftText> {
    this.#text = null;
    const { text, from } = await this.#parts.loads.run(() => loadText(this.#parts, this.draftId));
    this.#keeper.restsOn(from);
    if (this.#told === null) this.audience.knows(text);
    else if (this.#told < text.head.ordinal) await this.#tellFrom(this.#told, text);
    this.#told = text.head.ordinal;
    this.#text = text;
    return text;
  }

  async #tellFrom(ordinal: number, text: DraftText): Promise<void> {
    for (let after = ordinal; after < text.head.ordinal;) {
      const page = await this.#parts.journal.readDraft(this.draftId, after, turnFrames);
      this.#tellEntries(
        page.filter((entry) => entry.ordinal <= text.head.ordinal),
        text,
      );
      after = page.at(-1)?.ordinal ?? text.head.ordinal;
    }
  }

  async #readTail(text: DraftText): Promise<void> {
    try {
      this.#tellEntries(await readTail(this.#parts.journal, text), text);
      this.#told = text.head.ordinal;
    } catch (reason) {
      this.#text = null;
      throw reason;
    }
  }

  #tellEntries(entries: readonly DraftEntry[], text: DraftText): void {
    const updates = entries.filter(({ kind }) => kind === 'update').map(({ bytes }) => ({ update: bytes, source: null }));
    this.audience.tell(updates, text);
  }

  /**
   * The store failed, or the draft could not be loaded. Nothing is acknowledged; editors, and whoever else waits for an answer to
   * a frame, are sent away to come back with what they have. Readers stay if only a write failed.
   */
  #fail(reason: unknown): void {
    const readersStay = this.#text !== null;
    this.#text = null;
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
      const writes = this.#parts.access.mayWrite(this.roomId, this.draftId, connection.actor) === null;
      if (!readersStay || writes || unanswered.has(connection)) connection.close(retryCodes.notNow, 'storeUnavailable');
    }
    if (readersStay) this.#work.unshift(...kept);
    if (reason instanceof StoreUnavailable) this.#parts.onStoreFailed?.(reason);
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
    await this.#keeper.whenLeaving(this.#text);
    if (this.#work.length > 0 || this.audience.connections.size > 0) {
      await this.#run();
      return;
    }
    this.#busy = false;
    this.audience.end();
    this.#parts.onGone(this);
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

function isStorable(work: Work): work is Storable {
  return work.is === 'write' || work.is === 'barrier';
}
