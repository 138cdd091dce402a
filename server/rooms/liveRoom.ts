import type { Commit, StreamRef } from '#shared/domain/commit.ts';
import { sealCommit, upcast } from '#shared/domain/commit.ts';
import type { Actor } from '#shared/domain/decision.ts';
import { actorName } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { RoomCommand, RoomEvent } from '#shared/domain/facts.ts';
import { decide, evolve } from '#shared/domain/room.ts';
import { fileBytesOf } from '#shared/domain/roomSize.ts';
import type { RoomSize } from '#shared/domain/roomSize.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { Damaged } from '../store/damaged.ts';
import type { Journal, JournalOutcome, JournalWrite } from '../store/ports.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { Publication, RoomAnswer } from './publication.ts';
import type { Position } from './roomLog.ts';
import { commitBytes, foldCommit } from './roomLog.ts';
import { rejectionOf } from './storeFailure.ts';
import type { Waiting } from './waiting.ts';
import { sameOrReused } from './waiting.ts';

/** What a live room needs from outside; all of it injected. */
export interface RoomParts {
  readonly journal: Journal;
  readonly commits: { write(write: JournalWrite): Promise<JournalOutcome> };
  readonly mac: (payload: string) => string;
  readonly now: () => number;
  readonly newId: () => string;
  readonly newSalt: () => string;
  readonly limits: Limits;
  /** Called when a commit is durable and published; the command is acknowledged when it resolves. */
  readonly afterCommit: (room: LiveRoom, seq: number, events: readonly RoomEvent[]) => Promise<void>;
  /** Writes what marks the end of a right, where these events end one, behind all that the drafts have accepted; resolves once it is durable. */
  readonly markEnds: (room: LiveRoom, events: readonly RoomEvent[]) => Promise<void>;
  readonly onStoreFailed: (error: unknown) => void;
}

/**
 * A room in memory: one serial lane, decide -> append -> evolve -> publish. The lane decides ahead of the store; nothing that
 * rests on an undurable commit (acks, refusals, publications) leaves before that commit is durable. If an append loses its
 * race, what was decided ahead is thrown away, the log is read anew, and the waiting commands are decided again.
 */
export class LiveRoom {
  readonly id: string;
  readonly #stream: StreamRef;
  readonly #parts: RoomParts;
  #durable: Position;
  #ahead: Position;
  #waiting: Waiting[] = [];
  #generation = 0;
  /** How many commits were read from the log after the room was loaded, and not decided here. */
  #readOfOthers = 0;
  /** The log holds, or may hold, more than was read of it: it is read anew before anything is decided. */
  #stale = false;
  /** Why it could not be read anew, where that was the log's fault and not the store's. */
  #damage: Damaged | null = null;
  /** The room was removed for good. */
  #over = false;
  #deciding: Promise<void> | null = null;
  /** What was read from the log and not decided here: what follows from it for the drafts may not be durable yet. */
  readonly #owed: { readonly seq: number; readonly events: readonly RoomEvent[] }[] = [];
  #paying: Promise<void> | null = null;
  #acknowledging = new Set<Promise<void>>();
  readonly #draftBytes = new Map<string, number>();
  readonly #listeners = new Set<(publication: Publication) => void>();

  /** `drafts`: bytes of the logs of its drafts, as they are now. */
  constructor(id: string, start: Position, parts: RoomParts, drafts: ReadonlyMap<string, { readonly logBytes: number }> = new Map()) {
    this.id = id;
    this.#stream = { kind: 'room', id };
    this.#parts = parts;
    this.#durable = start;
    this.#ahead = start;
    for (const [draftId, { logBytes }] of drafts) this.#draftBytes.set(draftId, logBytes);
  }

  /** The room after its last durable commit. */
  get state(): RoomState {
    return this.#durable.state;
  }

  get head(): { readonly seq: number; readonly hash: string } {
    return { seq: this.#durable.seq, hash: this.#durable.hash };
  }

  /** What the room takes up after its last durable commit. */
  get size(): RoomSize {
    return this.#sizeAt(this.#durable);
  }

  /** The log of a draft has become so large. */
  draftGrew(draftId: string, logBytes: number): void {
    this.#draftBytes.set(draftId, logBytes);
  }

  #sizeAt({ state, bytes }: Position): RoomSize {
    let drafts = 0;
    for (const logBytes of this.#draftBytes.values()) drafts += logBytes;
    return { discussion: bytes, drafts, files: fileBytesOf(state) };
  }

  get position(): Position {
    return this.#durable;
  }

  /** Whether the room was deleted and the time to bring it back is over: nobody reads it any more. */
  get isGone(): boolean {
    const { deletedUntil } = this.state;
    return this.#over || (deletedUntil !== null && this.#parts.now() > deletedUntil);
  }

  /** Whether somebody is a stranger or has his seat in what was read of the log; where he has a seat and it has none, more may be there. */
  knows(actor: Actor): boolean {
    return actor.kind !== 'participant' || this.state.participants.has(actor.id);
  }

  get busy(): boolean {
    return this.#waiting.length > 0 || this.#listeners.size > 0;
  }

  /** The room is removed for good: nothing more is decided here. */
  end(): void {
    this.#over = true;
  }

  /** Calls `listener` with each durable commit from now on; gives the undo. */
  subscribe(listener: (publication: Publication) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Runs one command. A resent one (same actor and id) is answered as the first time, before rights are asked again; the same
   * id with another payload is refused with `commandIdReused`. Nobody is refused for what another process has changed since.
   * Answers `storeUnavailable` where the outcome is unknown: the client then resends the same id. A room whose log is damaged answers
   * `damaged`.
   */
  async submit(actor: Actor, commandId: string, command: RoomCommand): Promise<RoomAnswer> {
    const read = this.#readOfOthers;
    const answer = await this.#submitOnce(actor, commandId, command);
    if (answer.ok || answer.rejection.code === 'storeUnavailable' || this.#over) return answer;
    try {
      await this.catchUp();
    } catch (error) {
      return this.#storeFailed(error);
    }
    return this.#readOfOthers === read ? answer : this.#submitOnce(actor, commandId, command);
  }

  async #submitOnce(actor: Actor, commandId: string, command: RoomCommand): Promise<RoomAnswer> {
    if (this.#over) return { ok: false, rejection: { code: 'roomDeleted' } };
    const name = actorName(actor);
    const mac = this.#parts.mac(JSON.stringify([this.id, name, command]));
    try {
      // Where the log has to be read anew, the command is looked up behind that.
      const known = this.#stale ? null : await this.#parts.journal.findCommand(this.#stream, name, commandId);
      if (known !== null && known.commandMac === mac) await this.#seeTo(known.seq);
      if (known !== null) return sameOrReused(known.commandMac === mac, { ok: true, seq: known.seq });
    } catch (error) {
      return this.#storeFailed(error);
    }
    const twin = this.#waiting.find((waiting) => waiting.commandId === commandId && actorName(waiting.actor) === name);
    if (twin !== undefined) return twin.mac === mac ? twin.answered : { ok: false, rejection: { code: 'commandIdReused' } };
    const { promise, resolve } = Promise.withResolvers<RoomAnswer>();
    const waiting: Waiting = { actor, command, commandId, mac, answer: resolve, answered: promise, decided: null };
    this.#waiting.push(waiting);
    // Asked again: the store may have failed while the log was asked.
    if (!this.#stale && this.#deciding === null) this.#decideAhead(waiting);
    else void this.#decideAgain();
    return promise;
  }

  #storeFailed(error: unknown): RoomAnswer {
    this.#parts.onStoreFailed(error);
    return { ok: false, rejection: rejectionOf(error) };
  }

  /** Durable commits with seq > after, rising, at most `limit` and `mostBytes`, one at least. */
  commitsAfter(after: number, limit: number, mostBytes?: number): Promise<readonly Commit[]> {
    return this.#parts.journal.readCommits(this.#stream, after, limit, mostBytes);
  }

  /** Reads what other processes had appended when this was called, and tells it here. Rejects with StoreUnavailable or Damaged. */
  async refresh(): Promise<void> {
    // What is under way may have read before that was written.
    await this.#deciding;
    await this.#decideAgain();
    if (this.#stale) throw this.#damage ?? new StoreUnavailable('The room could not be read.');
  }

  /**
   * Reads what other processes had appended when this was called, where they had, and tells it here: to be asked before anybody is
   * refused, or taken for a stranger. Rejects with StoreUnavailable or Damaged.
   */
  async catchUp(): Promise<void> {
    const { seq } = await this.#parts.journal.head(this.#stream);
    if (seq === 0 && this.#durable.seq > 0) this.end();
    // It may be what is under way here that the log has and the room has not yet.
    if (seq > this.#durable.seq) await Promise.all(this.#waiting.map(({ answered }) => answered));
    if (seq > this.#durable.seq) await this.refresh();
  }

  /** Waits until every command accepted so far is answered. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#waiting.map((waiting) => waiting.answered), ...this.#acknowledging]);
  }

  #decideAhead(waiting: Waiting): void {
    const { newId, newSalt, limits } = this.#parts;
    const at = Math.max(this.#ahead.at + 1, this.#parts.now());
    const size = this.#sizeAt(this.#ahead);
    const decision = decide(this.#ahead.state, waiting.command, { actor: waiting.actor, now: at, newId, newSalt, limits, size });
    if (!decision.ok) {
      waiting.decided = { kind: 'refused', rejection: decision.rejection };
      this.#answerRefusedInFront();
      return;
    }
    const header = {
      stream: this.#stream,
      seq: this.#ahead.seq + 1,
      at,
      actorId: actorName(waiting.actor),
      commandId: waiting.commandId,
      commandMac: waiting.mac,
      prevHash: this.#ahead.hash,
    };
    const commit = sealCommit(header, decision.events, newSalt);
    const after = decision.events.reduce((state, event) => evolve(state, event, header), this.#ahead.state);
    waiting.decided = { kind: 'commit', commit, events: decision.events, after };
    this.#ahead = { state: after, seq: commit.seq, hash: commit.hash, at, bytes: this.#ahead.bytes + commitBytes(commit) };
    const generation = this.#generation;
    this.#parts.commits.write({ kind: 'commit', commit }).then(
      (outcome) => this.#settle(generation, waiting, outcome),
      (error: unknown) => this.#fail(generation, error),
    );
  }

  #settle(generation: number, waiting: Waiting, outcome: JournalOutcome): void {
    if (generation !== this.#generation) return;
    if (outcome.outcome !== 'appended' || waiting.decided?.kind !== 'commit' || this.#waiting[0] !== waiting) {
      // Lost the race with another process, or it stored this very command: read its commits and decide again.
      this.#stale = true;
      void this.#decideAgain();
      return;
    }
    const { commit, events, after } = waiting.decided;
    const { state: before, bytes } = this.#durable;
    this.#durable = { state: after, seq: commit.seq, hash: commit.hash, at: commit.at, bytes: bytes + commitBytes(commit) };
    this.#waiting.shift();
    this.#publish({ commit, events, before, state: after });
    const acknowledged = this.#parts
      .afterCommit(this, commit.seq, events)
      .then(
        () => waiting.answer({ ok: true, seq: commit.seq }),
        (error: unknown) => {
          this.#parts.onStoreFailed(error);
          waiting.answer({ ok: false, rejection: rejectionOf(error) });
        },
      )
      .finally(() => this.#acknowledging.delete(acknowledged));
    this.#acknowledging.add(acknowledged);
    this.#answerRefusedInFront();
  }

  /** Refusals that wait for nothing any more: all they rest on is durable. */
  #answerRefusedInFront(): void {
    for (let first = this.#waiting[0]; first?.decided?.kind === 'refused'; first = this.#waiting[0]) {
      this.#waiting.shift();
      first.answer({ ok: false, rejection: first.decided.rejection });
    }
  }

  #publish(publication: Publication): void {
    for (const listener of this.#listeners) {
      try {
        listener(publication);
      } catch (error) {
        // The commit is durable: whoever could not be told takes neither the others' news nor the acknowledgement with him.
        this.#parts.onStoreFailed(error);
      }
    }
  }

  /** Reads the log anew and decides what waits, in order; what arrives meanwhile queues behind. */
  #decideAgain(): Promise<void> {
    this.#deciding ??= this.#decideAll();
    return this.#deciding;
  }

  async #decideAll(): Promise<void> {
    try {
      do {
        // What was on its way when this began is decided anew below, so its outcome says nothing any more.
        this.#generation += 1;
        await this.#readTail();
        for (const waiting of this.#waiting) waiting.decided = this.#over ? { kind: 'refused', rejection: { code: 'roomDeleted' } } : null;
        this.#answerRefusedInFront();
        // What came while this was about to end was left to it, so it looks once more, and then ends without a pause.
        do await this.#decideWaiting();
        while (!this.#stale && this.#waiting.some(({ decided }) => decided === null));
      } while (this.#stale);
    } catch (error) {
      this.#fail(this.#generation, error);
    } finally {
      this.#deciding = null;
    }
  }

  /** Decides what waits, in order, until that is all or the log has to be read anew. */
  async #decideWaiting(): Promise<void> {
    for (;;) {
      const undecided = this.#waiting.filter(({ decided }) => decided === null);
      if (undecided.length === 0) return;
      const { journal } = this.#parts;
      const known = await Promise.all(
        undecided.map(({ actor, commandId }) => journal.findCommand(this.#stream, actorName(actor), commandId)),
      );
      // Lost a race, or the store failed and these were told so.
      if (this.#stale) return;
      for (const [index, waiting] of undecided.entries()) this.#decideOrAnswer(waiting, known[index] ?? null);
    }
  }

  #decideOrAnswer(waiting: Waiting, known: { readonly seq: number; readonly commandMac: string } | null): void {
    if (known === null) {
      this.#decideAhead(waiting);
      return;
    }
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    this.#seeTo(known.seq).then(
      () => waiting.answer(sameOrReused(known.commandMac === waiting.mac, { ok: true, seq: known.seq })),
      (error: unknown) => waiting.answer(this.#storeFailed(error)),
    );
  }

  /**
   * The store failed, or the log is damaged: whether the waiting commits were written is unknown. Nobody gets an ack, and the log is read
   * anew first.
   */
  #fail(generation: number, error: unknown): void {
    if (generation !== this.#generation) return;
    this.#generation += 1;
    this.#stale = true;
    this.#damage = error instanceof Damaged ? error : null;
    this.#ahead = this.#durable;
    const unanswered = this.#waiting;
    this.#waiting = [];
    const answer = this.#storeFailed(error);
    for (const waiting of unanswered) waiting.answer(answer);
  }

  /** Reads what others (or a write of unknown outcome) put behind the durable head, and tells it like any commit. */
  async #readTail(): Promise<void> {
    for (;;) {
      const commits = await this.#parts.journal.readCommits(this.#stream, this.#durable.seq, 500);
      for (const commit of commits) {
        const { state: before } = this.#durable;
        const { position, events } = foldCommit(this.#durable, commit);
        this.#durable = position;
        this.#publish({ commit, events, before, state: position.state });
        this.#owed.push({ seq: commit.seq, events });
        this.#readOfOthers += 1;
      }
      if (commits.length < 500) break;
    }
    // Without this a room that another process removed for good would decide again and again on what is not there any more.
    const { seq } = await this.#parts.journal.head(this.#stream);
    if (seq === 0 && this.#durable.seq > 0) this.end();
    else if (seq < this.#durable.seq) throw new StoreUnavailable('The log is shorter than it was.');
    this.#ahead = this.#durable;
    this.#stale = false;
    this.#payOwed().catch((error: unknown) => this.#parts.onStoreFailed(error));
  }

  /**
   * Sees to what follows from a commit whose command was sent again. Whoever stored it may have been killed before he had marked in the
   * drafts that a right ended, or be at it now: so it is marked once more, by a process that itself knows of the end.
   */
  async #seeTo(seq: number): Promise<void> {
    if (seq > this.#durable.seq) await this.refresh();
    await this.#payOwed();
    const [commit] = await this.commitsAfter(seq - 1, 1);
    await this.#parts.markEnds(this, commit?.events.map(upcast) ?? []);
  }

  /**
   * Sees to what follows from commits that were read: barriers in the drafts. Reading does not wait for it, since a draft that lost
   * a race waits for the reading; but nobody is told that a command went through before it is done.
   */
  #payOwed(): Promise<void> {
    if (this.#owed.length === 0) return Promise.resolve();
    this.#paying ??= this.#payAll();
    return this.#paying;
  }

  async #payAll(): Promise<void> {
    try {
      for (let owed = this.#owed[0]; owed !== undefined; owed = this.#owed[0]) {
        await this.#parts.afterCommit(this, owed.seq, owed.events);
        this.#owed.shift();
      }
    } finally {
      this.#paying = null;
    }
  }
}
