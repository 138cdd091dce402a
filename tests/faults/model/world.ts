import type { RoomCommand } from '#shared/domain/facts.ts';
import type { Actor } from '#shared/domain/decision.ts';
import { systemActor } from '#shared/domain/decision.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import type { DraftEntry, Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { until } from '../../drafts/person.ts';
import type { House } from './house.ts';
import type { Step } from './steps.ts';
import type { DraftOp } from './writer.ts';
import { Writer } from './writer.ts';

/** A command as its sender sees it: accepted at a seq, refused with a code, or not answered. */
export interface SentCommand {
  readonly id: string;
  readonly by: string;
  readonly command: RoomCommand;
  outcome: { readonly seq: number } | { readonly refused: string } | 'unknown';
}

/** Ordinals between which nobody had to find anything by this person: he had lost the right, and that was acknowledged. */
export interface Revoked {
  readonly who: string;
  readonly after: number;
  upTo: number;
}

const people = ['ben', 'carl', 'dora', 'emil'] as const;
const moderator = 'ana';
/** Characters for private use: each change is one of its own, which nothing else can look like. */
const firstToken = 0xe000;

let rooms = 0;

/** A room in two houses on one store, the people in it, and what they know to be done. */
export class World {
  readonly roomId: string;
  draftId = '';
  readonly writers = people.map((name) => new Writer(name));
  readonly ops: DraftOp[] = [];
  readonly commands: SentCommand[] = [];
  readonly revoked: Revoked[] = [];
  readonly houses: readonly House[];
  /** Commands whose first answer did not arrive. */
  unanswered = 0;
  readonly store: Store<RecordKinds>;
  readonly #clock: { now: number };
  readonly #waiting = new Set<Promise<void>>();
  readonly #holds = new Map<House['app'], () => void>();

  constructor(houses: readonly House[], store: Store<RecordKinds>, clock: { now: number }) {
    this.houses = houses;
    this.store = store;
    this.#clock = clock;
    this.roomId = `model-${process.pid}-${(rooms += 1)}`;
  }

  async begin(): Promise<void> {
    const settings = { visibility: 'public', whoComments: 'members', guests: true } as const;
    await this.#must(
      { kind: 'participant', id: moderator },
      { type: 'createRoom', creatorId: moderator, title: 'T', question: '', background: '', settings },
    );
    for (const name of people) {
      await this.#must(systemActor, { type: 'admitParticipant', participantId: name, role: 'member', via: 'invitation' });
    }
    await this.#hold();
    this.draftId = [...(this.#room(0)?.state.drafts.keys() ?? [])][0] ?? '';
    const [first] = this.writers;
    await first?.join(this.#drafts(0), 0, this.roomId, this.draftId);
    const last = first?.person;
    last?.type(this.#token());
    await until('the first paragraph is there', () => first?.settled === true);
    if (first?.person?.allSaved !== true) throw new Error(`the first paragraph could not be written: ${JSON.stringify(last?.closed)}`);
    this.ops.push({ kind: 'insert', token: String.fromCharCode(firstToken), by: 'ben', acked: true, sentOn: null, frame: 0 });
  }

  async perform(step: Step): Promise<void> {
    this.#clock.now += 1;
    switch (step.do) {
      case 'join':
        return this.#writer(step.who).join(this.#drafts(step.house), step.house, this.roomId, this.draftId);
      case 'drop':
        this.#writer(step.who).leave();
        return;
      case 'insert':
      case 'erase':
        return this.#edit(this.#writer(step.who), step.do, step.at, step.wait);
      case 'comment': {
        const token = this.#token();
        const sent = this.#note(this.#writer(step.who).name, { type: 'postComment', body: `${token} said` });
        return this.#send(sent, step.house, step.lost, step.wait);
      }
      case 'role':
        return this.#changeRole(this.#writer(step.who).name, step.to, step.house);
      case 'lock': {
        const sent = this.#note(moderator, { type: step.on ? 'lockDraft' : 'unlockDraft', draftId: this.draftId });
        return this.#send(sent, step.house, false, true);
      }
      case 'resend':
        for (const sent of this.commands.filter(({ outcome }) => outcome === 'unknown')) await this.#send(sent, step.house, false, true);
        return;
      case 'partition':
        (this.houses[step.house] as House).line = step.line;
        return;
      case 'heal':
        (this.houses[step.house] as House).line = 'up';
        return;
      case 'restart':
      case 'crash':
        return this.#replace(step.house, step.do);
      case 'clock':
        this.#clock.now += step.byMs;
        return;
      case 'doorbell':
        return this.#ring();
      case 'settle':
        await Promise.all(this.#waiting);
        await this.#settle();
        return;
      default:
        step satisfies never;
    }
  }

  /** Everything is mended, everybody is back and has all of it. */
  async end(): Promise<void> {
    for (const house of this.houses) house.line = 'up';
    await Promise.all(this.#waiting);
    for (const sent of this.commands.filter(({ outcome }) => outcome === 'unknown')) await this.#send(sent, 0, false, true);
    // A copy of somebody who may not write any more can hold what he wrote before: it is refused, and he comes with a fresh one.
    for (let round = 0; round < 20 && !(await this.#allTogether()); round += 1) {
      for (const writer of this.writers)
        if (writer.person === null) await writer.join(this.#drafts(round % 2), round % 2, this.roomId, this.draftId);
    }
  }

  /** Lets go of the room, so that it can leave memory. */
  leave(): void {
    for (const writer of this.writers) writer.leave();
    for (const release of this.#holds.values()) release();
    this.#holds.clear();
  }

  async entries(): Promise<readonly DraftEntry[]> {
    return this.store.journal.readDraft(this.draftId, 0, 1_000_000);
  }

  async #allTogether(): Promise<boolean> {
    await this.#ring();
    for (const writer of this.writers) {
      await until(`${writer.name} has settled`, () => writer.settled);
      if (writer.person !== null && writer.person.standing?.write !== true && writer.pending.length > 0) {
        // Written before he lost the right, and never sent: a page sets it aside and takes a fresh copy.
        writer.leave();
        writer.pending = [];
        writer.doc = new (writer.doc.constructor as new () => typeof writer.doc)();
      }
    }
    await this.#ring();
    return this.writers.every((writer) => writer.person !== null && writer.settled);
  }

  async #edit(writer: Writer, kind: 'insert' | 'erase', at: number, wait: boolean): Promise<void> {
    const op = writer.edit(kind, at, this.#token());
    if (op === null) return;
    this.ops.push(op);
    if (wait) await until('an edit is settled', () => writer.settled || op.acked);
  }

  async #changeRole(name: string, to: 'member' | 'observer' | 'recorder', house: number): Promise<void> {
    const sent = this.#note(moderator, { type: 'changeRole', participantId: name, role: to });
    await this.#send(sent, house, false, true);
    if (to !== 'observer' || sent.outcome === 'unknown' || 'refused' in sent.outcome) return;
    this.revoked.push({ who: name, after: (await this.entries()).length, upTo: Number.POSITIVE_INFINITY });
  }

  /** The right may come back from here on, whether the command is answered or not. */
  async #mayReturn(name: string): Promise<void> {
    const upTo = (await this.entries()).length;
    for (const each of this.revoked) if (each.who === name) each.upTo = Math.min(each.upTo, upTo);
  }

  #note(by: string, command: RoomCommand): SentCommand {
    const sent: SentCommand = { id: `${this.roomId}-${this.commands.length}`, by, command, outcome: 'unknown' };
    this.commands.push(sent);
    return sent;
  }

  async #send(sent: SentCommand, house: number, lost: boolean, wait: boolean): Promise<void> {
    const { command } = sent;
    if (command.type === 'changeRole' && command.role !== 'observer') await this.#mayReturn(command.participantId);
    const answered = this.#submit(house, { kind: 'participant', id: sent.by }, sent.id, sent.command).then((outcome) => {
      if (lost || outcome === 'unknown') this.unanswered += 1;
      // A refusal is not remembered: sent again beside itself, what was refused a moment ago may go through since the right came between;
      // also where the answer to it is lost.
      const refusedBefore = sent.outcome !== 'unknown' && 'refused' in sent.outcome && outcome !== 'unknown' && 'seq' in outcome;
      if (refusedBefore || (!lost && sent.outcome === 'unknown')) sent.outcome = outcome;
      else if (!lost && JSON.stringify(sent.outcome) !== JSON.stringify(outcome) && outcome !== 'unknown') {
        throw new Error(`${sent.id} was answered ${JSON.stringify(sent.outcome)}, then ${JSON.stringify(outcome)}`);
      }
    });
    if (wait) return answered;
    this.#waiting.add(answered);
    void answered.finally(() => this.#waiting.delete(answered)).catch(() => undefined);
  }

  async #submit(house: number, actor: Actor, id: string, command: RoomCommand): Promise<SentCommand['outcome']> {
    try {
      const answer = await this.#app(house).rooms.with(this.roomId, (room) => room.submit(actor, id, command));
      if (answer.ok) return { seq: answer.seq };
      return answer.rejection.code === 'storeUnavailable' ? 'unknown' : { refused: answer.rejection.code };
    } catch (error) {
      if (error instanceof StoreUnavailable) return 'unknown';
      throw error;
    }
  }

  async #must(actor: Actor, command: RoomCommand): Promise<void> {
    const answer = await this.#submit(
      0,
      actor,
      `${this.roomId}-first-${command.type}-${'participantId' in command ? command.participantId : ''}`,
      command,
    );
    if (answer === 'unknown' || 'refused' in answer) throw new Error(`${command.type}: ${JSON.stringify(answer)}`);
  }

  async #replace(index: number, how: 'restart' | 'crash'): Promise<void> {
    const house = this.houses[index] as House;
    for (const writer of this.writers) if (writer.house === index && how === 'crash') writer.leave();
    await house[how]();
    for (const writer of this.writers) if (writer.house === index) writer.leave();
    await this.#hold();
  }

  /** The doorbell between processes. */
  async #ring(): Promise<void> {
    for (const { app, line } of this.houses) {
      if (line !== 'up') continue;
      await this.#hold();
      await app.rooms.loaded(this.roomId)?.refresh();
      await app.drafts.catchUp(this.roomId).catch(() => undefined);
    }
  }

  async #settle(): Promise<void> {
    for (const writer of this.writers) await until(`${writer.name} has settled`, () => writer.settled);
  }

  /** Whoever connects a socket sees to it that the room is loaded as long as the socket lives. */
  async #hold(): Promise<void> {
    for (const { app } of this.houses) {
      if (this.#holds.has(app)) continue;
      try {
        this.#holds.set(app, (await app.rooms.hold(this.roomId)).release);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    }
  }

  #app(house: number): House['app'] {
    return (this.houses[house] as House).app;
  }

  #room(house: number) {
    return this.#app(house).rooms.loaded(this.roomId);
  }

  #drafts(house: number) {
    return this.#app(house).drafts;
  }

  #writer(who: number): Writer {
    return this.writers[who] as Writer;
  }

  #tokens = 0;
  #token(): string {
    return String.fromCharCode(firstToken + (this.#tokens++ % 6_000));
  }
}
