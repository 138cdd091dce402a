import type { Actor, Context } from '#shared/domain/decision.ts';
import { systemActor } from '#shared/domain/decision.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { Role } from '#shared/domain/participants/roles.ts';
import type { RoomCommand, RoomEvent } from '#shared/domain/facts.ts';
import { decide, evolve } from '#shared/domain/room.ts';
import type { RejectionCode } from '#shared/domain/rejections.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { emptyRoom } from '#shared/domain/state.ts';

/** Somebody in a scenario. */
export function person(id: string): Actor {
  return { kind: 'participant', id };
}

export const ana = person('ana');
export const ben = person('ben');
export const cai = person('cai');
export const olga = person('olga');

/** A room one can talk to in sentences: who does what, what followed, what was refused. No clock, no chance. */
export class Scenario {
  state: RoomState = emptyRoom();
  readonly log: { event: RoomEvent; seq: number; at: number; actorId: string }[] = [];
  #seq = 0;
  #ids = 0;
  #waited = 0;
  readonly limits: Limits;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...defaultLimits, ...limits };
  }

  /** Ana's open, public room with Ben (member), Cai (recorder) and Olga (observer). */
  static room(limits: Partial<Limits> = {}): Scenario {
    const scenario = new Scenario(limits);
    scenario.does(ana, {
      type: 'createRoom',
      creatorId: 'ana',
      title: 'Entrances',
      question: '',
      background: '',
      settings: { visibility: 'public', whoComments: 'members', guests: true },
    });
    scenario.admits('ben', 'member').admits('cai', 'recorder').admits('olga', 'observer');
    return scenario;
  }

  admits(participantId: string, role: Role): this {
    return this.does(systemActor, { type: 'admitParticipant', participantId, role, via: 'invitation' });
  }

  get draftId(): string {
    return [...this.state.drafts.keys()][0] ?? '';
  }

  /** The time of the next act: a second later with each. */
  get now(): number {
    return 1_000 * (this.#seq + 1) + this.#waited;
  }

  /** Lets so many milliseconds pass. */
  waits(ms: number): this {
    this.#waited += ms;
    return this;
  }

  context(actor: Actor): Context {
    const next = (): string => `id${String((this.#ids += 1)).padStart(6, '0')}`;
    return { actor, now: this.now, newId: next, newSalt: next, limits: this.limits };
  }

  /** Tries; gives the refusal's code or null. What was accepted is folded. */
  tries(actor: Actor, command: RoomCommand): RejectionCode | null {
    const context = this.context(actor);
    const decision = decide(this.state, command, context);
    if (!decision.ok) return decision.rejection.code;
    this.#seq += 1;
    const actorId = actor.kind === 'participant' ? actor.id : actor.kind;
    for (const event of decision.events) {
      const meta = { seq: this.#seq, at: context.now, actorId };
      this.log.push({ event, ...meta });
      this.state = evolve(this.state, event, meta);
    }
    return null;
  }

  /** Expects to be accepted. */
  does(actor: Actor, command: RoomCommand): this {
    const refused = this.tries(actor, command);
    if (refused !== null) throw new Error(`${command.type} was refused: ${refused}`);
    return this;
  }

  says(actor: Actor, body: string, parent: number | null = null): this {
    return this.does(actor, { type: 'postComment', body, parent });
  }
}
