import type { Rejection } from '#shared/domain/rejections.ts';
import type { Answer, SentCommand } from '#shared/protocol/messages.ts';
import { backoffMs } from './backoff.ts';
import { holdsWords, newCommandId, outboxKey, readOutbox, retryAfter, writeOutbox } from './outbox.ts';
import type { Pending, Shelf } from './outbox.ts';

export interface CommandEdges {
  send(commandId: string, command: SentCommand): Promise<Answer<{ readonly seq: number }> | null>;
  later(ms: number, run: () => void): () => void;
  random(): number;
  /** A command without words of its own was refused: it is told once and forgotten. */
  refused(command: SentCommand, rejection: Rejection): void;
  /** A command was accepted; the room here may show it already or in a moment. */
  accepted?(command: SentCommand): void;
}

/**
 * What this person has asked for and the room does not show yet. Each command is kept on the device before it is sent, sent
 * one after the other, and sent again until there is an answer; its id makes it act once. Refused words stay until their
 * author decides about them.
 */
export class Commands {
  readonly #shelf: Shelf;
  readonly #edges: CommandEdges;
  #list = $state.raw<readonly Pending[]>([]);
  #key: string | null = null;
  #live = false;
  #sending = false;
  #silent = 0;
  #reachedSeq = 0;

  constructor(shelf: Shelf, edges: CommandEdges) {
    this.#shelf = shelf;
    this.#edges = edges;
  }

  /** In the order they were given. */
  get list(): readonly Pending[] {
    return this.#list;
  }

  /** Takes up what this person left in this room, here or on another page. Null: nobody who may send. */
  belongTo(roomId: string, participantId: string | null): void {
    const key = participantId === null ? null : outboxKey(roomId, participantId);
    if (key === this.#key) return;
    this.#key = key;
    this.#list = key === null ? [] : readOutbox(this.#shelf, key).filter(({ status }) => status.name !== 'accepted');
    void this.#run();
  }

  /** The connection is live, or no longer. */
  setLive(live: boolean): void {
    this.#live = live;
    this.#silent = 0;
    void this.#run();
  }

  /** Keeps a command and sends it as soon as that is possible. */
  give(command: SentCommand): void {
    if (this.#key === null) return;
    const pending: Pending = { commandId: newCommandId(), command, madeAt: Date.now(), status: { name: 'waiting' } };
    this.#list = [...this.#list, pending];
    writeOutbox(this.#shelf, this.#key, pending.commandId, pending);
    void this.#run();
  }

  /** Sends a refused command once more, as a new one. */
  again(commandId: string): void {
    const refused = this.#list.find((pending) => pending.commandId === commandId);
    if (refused === undefined) return;
    this.forget(commandId);
    this.give(refused.command);
  }

  /** Gives a command up; what it held is the caller's now. */
  forget(commandId: string): void {
    this.#list = this.#list.filter((pending) => pending.commandId !== commandId);
    if (this.#key !== null) writeOutbox(this.#shelf, this.#key, commandId, null);
  }

  /** The room here has reached `seq`, and these commands were in what it folded: whatever is among them is done. */
  reached(seq: number, folded: readonly { readonly commandId: string }[]): void {
    for (const { commandId, status } of this.#list) {
      if (folded.some((happened) => happened.commandId === commandId) || (status.name === 'accepted' && status.seq <= seq))
        this.forget(commandId);
    }
    this.#reachedSeq = Math.max(this.#reachedSeq, seq);
  }

  async #run(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const answer = await this.#edges.send(next.commandId, next.command);
        const pause = this.#take(next, answer);
        if (pause > 0) await new Promise<void>((resolve) => void this.#edges.later(pause, resolve));
      }
    } finally {
      this.#sending = false;
    }
  }

  #next(): Pending | undefined {
    return this.#live ? this.#list.find(({ status }) => status.name === 'waiting') : undefined;
  }

  /** Takes an answer in; gives how long to wait before the next command, in ms. */
  #take({ commandId, command, madeAt }: Pending, answer: Answer<{ readonly seq: number }> | null): number {
    if (answer === null) {
      this.#silent += 1;
      return Math.max(200, backoffMs(this.#silent, this.#edges.random()));
    }
    this.#silent = 0;
    if (answer.ok) this.#edges.accepted?.(command);
    if (!this.#list.some((pending) => pending.commandId === commandId)) return 0;
    if (answer.ok) {
      if (answer.seq <= this.#reachedSeq) this.forget(commandId);
      else this.#replace({ commandId, command, madeAt, status: { name: 'accepted', seq: answer.seq } });
      return 0;
    }
    const pause = retryAfter(answer.rejection);
    if (pause !== null) return pause;
    if (holdsWords(command)) this.#replace({ commandId, command, madeAt, status: { name: 'refused', rejection: answer.rejection } });
    else {
      this.forget(commandId);
      this.#edges.refused(command, answer.rejection);
    }
    return 0;
  }

  #replace(entry: Pending): void {
    this.#list = this.#list.map((pending) => (pending.commandId === entry.commandId ? entry : pending));
    if (this.#key !== null) writeOutbox(this.#shelf, this.#key, entry.commandId, entry.status.name === 'accepted' ? null : entry);
  }
}
