import { DRAFT_FIELD } from '#shared/document/schema.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import * as Y from 'yjs';
import { DraftSocketClient } from '../../integration/draftSocket.ts';
import { freshCommandId, until } from '../../support/people.ts';
import type { Visitor, RoomClient } from '../../support/people.ts';

/** One thing somebody did. `acked`: the server said that it is stored. `given up`: it was not, and he no longer knows of it. */
interface Op {
  state: 'sent' | 'acked' | 'refused' | 'given up';
}

export interface CommandOp extends Op {
  readonly id: string;
  readonly command: RoomCommand;
  seq: number | null;
}

/** A mark put into the draft, or taken out of it again. */
export interface EditOp extends Op {
  readonly is: 'insert' | 'delete';
  readonly mark: string;
}

interface Mark {
  readonly mark: string;
  readonly text: Y.XmlText;
  gone: boolean;
}

let made = 0;

/** What marks look like, wherever they stand. */
export const markPattern = /‹\d+›/g;

/**
 * Somebody who writes in a room and its draft at once, and keeps book of what he did and what he was told is stored. He puts marks
 * into the draft that nobody else uses, each in one edit, so that any of them can be looked for later; and he takes own ones out again.
 */
export class Writer {
  readonly commands: CommandOp[] = [];
  readonly edits: EditOp[] = [];
  room!: RoomClient;
  draft!: DraftSocketClient;
  doc = new Y.Doc();
  readonly #visitor: Visitor;
  readonly #roomId: string;
  readonly #draftId: string;
  readonly #chance: (below: number) => number;
  /** The edits of this connection, by the number of their frame; several where one frame carried all that was not acknowledged. */
  #frames: (readonly EditOp[])[] = [];
  #marks: Mark[] = [];
  #under: Promise<void>[] = [];

  constructor(visitor: Visitor, roomId: string, draftId: string, chance: (below: number) => number) {
    this.#visitor = visitor;
    this.#roomId = roomId;
    this.#draftId = draftId;
    this.#chance = chance;
  }

  get participantId(): string {
    return this.room.joined?.you.participantId ?? '';
  }

  /** Comes in; with what he still holds, if he was there before. */
  async arrive(): Promise<void> {
    this.#frames = [];
    this.room = await this.#visitor.join(this.#roomId);
    const address = `${this.#roomId}/${this.#draftId}`;
    this.draft = new DraftSocketClient(this.#visitor.base, { cookie: this.#visitor.cookie ?? '' }, address, undefined, this.doc);
    await (await this.draft.settled()).synced();
  }

  /** Sends again what he does not know the end of; resolves once all of it is acknowledged. */
  async sendAgain(): Promise<void> {
    const unsure = this.edits.filter(({ state }) => state === 'sent');
    if (unsure.length > 0) {
      this.#frames.push(unsure);
      this.draft.sendUpdate(Y.encodeStateAsUpdate(this.doc), 'stepTwo');
    }
    for (const op of this.commands.filter(({ state }) => state === 'sent')) this.#send(op);
    await Promise.all(this.#under);
    await until(() => this.#noteSaved() === this.#frames.length || this.draft.closed !== null, 'the draft to be saved', 120_000);
  }

  /** Forgets what he held and whatever he did not get an answer for, like a machine that was switched off. */
  forget(): void {
    this.doc = new Y.Doc();
    this.#marks = [];
    this.#frames = [];
    for (const op of [...this.edits, ...this.commands]) if (op.state === 'sent') op.state = 'given up';
  }

  /** Closes both connections at once. */
  vanish(): void {
    this.#noteSaved();
    this.room.close();
    this.draft.ws.terminate();
  }

  say(command: RoomCommand): void {
    const op: CommandOp = { id: freshCommandId(), command, state: 'sent', seq: null };
    this.commands.push(op);
    this.#send(op);
  }

  /** Puts a mark into a paragraph of its own, or before or behind what stands in another. */
  insert(): void {
    made += 1;
    const mark = `‹${made}›`;
    const fragment = this.doc.getXmlFragment(DRAFT_FIELD);
    let text: Y.XmlText | null = null;
    const update = this.#updateOf(() => {
      const near = fragment.length === 0 || this.#chance(3) === 0 ? null : fragment.get(this.#chance(fragment.length));
      const inside = near instanceof Y.XmlElement && near.nodeName === 'paragraph' && near.length > 0 ? near.get(0) : null;
      if (inside instanceof Y.XmlText) {
        inside.insert(this.#chance(2) === 0 ? 0 : inside.length, mark);
        text = inside;
      } else {
        const paragraph = new Y.XmlElement('paragraph');
        fragment.insert(this.#chance(fragment.length + 1), [paragraph]);
        text = new Y.XmlText(mark);
        paragraph.insert(0, [text]);
      }
    });
    if (text !== null) this.#marks.push({ mark, text, gone: false });
    this.#edit({ is: 'insert', mark, state: 'sent' }, update);
  }

  /** Takes out a mark of his own; puts one in where he has none. */
  remove(): void {
    const mine = this.#marks.filter(({ gone }) => !gone);
    const chosen = mine[this.#chance(Math.max(1, mine.length))];
    if (chosen === undefined) {
      this.insert();
      return;
    }
    chosen.gone = true;
    const at = chosen.text.toString().indexOf(chosen.mark);
    if (at === -1) return;
    const update = this.#updateOf(() => chosen.text.delete(at, chosen.mark.length));
    this.#edit({ is: 'delete', mark: chosen.mark, state: 'sent' }, update);
  }

  #edit(op: EditOp, update: Uint8Array): void {
    this.edits.push(op);
    this.#frames.push([op]);
    this.draft.sendUpdate(update);
    this.#noteSaved();
  }

  #updateOf(change: () => void): Uint8Array {
    const updates: Uint8Array[] = [];
    const keep = (update: Uint8Array): number => updates.push(update);
    this.doc.on('update', keep);
    this.doc.transact(change);
    this.doc.off('update', keep);
    return updates[0] ?? new Uint8Array();
  }

  /** How many frames of this connection are stored, as the server said. */
  #noteSaved(): number {
    const { saved } = this.draft;
    for (const ops of this.#frames.slice(0, saved)) for (const op of ops) op.state = 'acked';
    return saved;
  }

  #send(op: CommandOp): void {
    // Cut off: it is sent when he is back, and nobody waits for an answer to what never left.
    if (!this.room.socket.connected) return;
    const sent = this.room.send(op.command, op.id).then(
      (answer) => {
        if (answer.ok) Object.assign(op, { state: 'acked', seq: answer.seq });
        // Refused for good; where the store does not answer nobody knows what became of it.
        else if (answer.rejection.code !== 'storeUnavailable') op.state = 'refused';
      },
      () => undefined,
    );
    this.#under.push(sent);
    void sent.finally(() => (this.#under = this.#under.filter((other) => other !== sent)));
  }
}
