import { randomInt } from 'node:crypto';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { commentOf } from '#shared/domain/state.ts';
import type { LiveRoom } from './liveRoom.ts';
import type { SimulatedPart, SimulatedStep } from './simulationSteps.ts';

/** Somebody's place in a room without a socket: shown among those who are here. */
export interface Attendance {
  typing(what: 'draft' | 'comment' | null): void;
  leave(): void;
}

/** Somebody typing in a draft; see drafts/simulatedWriter.ts. */
export interface Writing {
  readonly ended: boolean;
  readonly mayWrite: boolean;
  type(block: number, words: string): boolean;
  leave(): void;
}

export interface SimulationParts {
  /** Whether anybody looks; without an audience nothing happens and nothing is held. */
  readonly watched: () => boolean;
  readonly withRoom: <T>(use: (room: LiveRoom) => Promise<T>) => Promise<T>;
  readonly attend: (participantId: string) => Attendance | null;
  readonly write: (part: SimulatedPart) => Writing;
  readonly people: Readonly<Record<SimulatedPart, string>>;
  readonly steps: readonly SimulatedStep[];
  /** What is said to the first comments of a visitor. */
  readonly thanks: string;
  readonly newId: () => string;
  readonly onFailed: (error: unknown) => void;
  /** How fast people are: 1 is a person's pace, 0 as fast as the machine. */
  readonly pace: number;
}

/** How often it is looked whether somebody came. */
const LOOK_MS = 1_000;
const MOST_THANKS = 2;

/**
 * Two simulated people in a sample room. They act through what everybody acts through: commands of the room and the door of the
 * drafts, so whatever a visitor locks, pauses or closes stops them as well.
 */
export class Simulation {
  readonly #parts: SimulationParts;
  #next = 0;
  #lastOwn = 0;
  #thanked = 0;
  #seen: number | null = null;
  #stopped = false;
  #wake: (() => void) | null = null;
  readonly #here = new Map<SimulatedPart, Attendance>();
  readonly #writers = new Map<SimulatedPart, Writing>();

  constructor(parts: SimulationParts) {
    this.#parts = parts;
    void this.#run().catch(parts.onFailed);
  }

  /** Whether all steps have been taken. */
  get done(): boolean {
    return this.#next >= this.#parts.steps.length;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake?.();
    this.#leave();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      if (!this.#parts.watched()) {
        this.#leave();
        await this.#pause(LOOK_MS);
        continue;
      }
      this.#enter();
      if (await this.#thank()) continue;
      const step = this.#parts.steps[this.#next];
      await this.#pause(step === undefined ? LOOK_MS : this.#atPace(1_200 + randomInt(1_400)));
      if (step === undefined || !this.#parts.watched()) continue;
      this.#next += 1;
      await this.#take(step);
    }
  }

  #enter(): void {
    for (const part of ['first', 'second'] as const) {
      const seat = this.#here.get(part) ?? this.#parts.attend(this.#parts.people[part]);
      if (seat !== null) this.#here.set(part, seat);
      if (this.#writers.get(part)?.ended !== false) this.#writers.set(part, this.#parts.write(part));
    }
  }

  #leave(): void {
    for (const seat of this.#here.values()) seat.leave();
    for (const writer of this.#writers.values()) writer.leave();
    this.#here.clear();
    this.#writers.clear();
  }

  async #take(step: SimulatedStep): Promise<void> {
    switch (step.does) {
      case 'type':
        return this.#type(step.by, step.block, step.words);
      case 'comment': {
        const parent = step.answers === undefined || this.#lastOwn === 0 ? null : this.#lastOwn;
        return this.#comment(step.by, { type: 'postComment', body: step.body, parent, stance: step.stance ?? null });
      }
      case 'support':
        return this.#send(step.by, { type: 'supportComment', comment: step.comment });
    }
  }

  async #type(by: SimulatedPart, block: number | 'new', words: string): Promise<void> {
    const seat = this.#here.get(by);
    let at = block === 'new' ? -1 : block;
    for (const character of words) {
      if (this.#stopped || this.#writers.get(by)?.type(at, character) !== true) break;
      if (block === 'new') at = -2;
      seat?.typing('draft');
      await this.#pause(this.#atPace(/[，。,.]/.test(character) ? 420 : 90 + randomInt(130)));
    }
    seat?.typing(null);
  }

  async #comment(by: SimulatedPart, command: Extract<RoomCommand, { type: 'postComment' }>): Promise<void> {
    const seat = this.#here.get(by);
    seat?.typing('comment');
    await this.#pause(this.#atPace(700 + command.body.length * 60));
    seat?.typing(null);
    await this.#send(by, command);
  }

  /** What is refused (a pause, a lock, a closed room) is simply not done. */
  #send(by: SimulatedPart, command: RoomCommand): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return this.#parts.withRoom(async (room) => {
      const answer = await room.submit({ kind: 'participant', id: this.#parts.people[by] }, this.#parts.newId(), command);
      if (answer.ok && command.type === 'postComment') this.#lastOwn = room.state.comments.length;
    });
  }

  /** Supports and answers a visitor's first comments; gives whether there was one. */
  async #thank(): Promise<boolean> {
    const { people, thanks, withRoom } = this.#parts;
    const found = await withRoom((room) => {
      const { length } = room.state.comments;
      const from = this.#seen ?? length;
      this.#seen = length;
      const numbers = Array.from({ length: length - from }, (_, index) => from + index + 1);
      const simulated = new Set(Object.values(people));
      return Promise.resolve(numbers.find((number) => !simulated.has(commentOf(room.state, number)?.authorId ?? people.first)));
    });
    if (found === undefined || this.#thanked >= MOST_THANKS) return false;
    this.#thanked += 1;
    await this.#pause(this.#atPace(1_500));
    await this.#send('second', { type: 'supportComment', comment: found });
    await this.#comment('first', { type: 'postComment', body: thanks, parent: found, stance: null });
    return true;
  }

  #atPace(ms: number): number {
    return ms * this.#parts.pace;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref();
      this.#wake = done;
    });
  }
}
