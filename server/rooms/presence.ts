import type { Presence, PresenceChange, PresenceEntry } from '#shared/protocol/messages.ts';

type Typing = PresenceEntry['typing'];

interface Here {
  readonly number: number;
  readonly connections: Map<object, Typing>;
}

/** Bytes of a change that are there in any case, and of one more in it: a number with its comma, a person. */
const FRAME_BYTES = 96;
const NUMBER_BYTES = 7;
const PERSON_BYTES = 80;

/**
 * Who is connected to a room, in this process. A person on two devices is here once; viewers without a seat are a number. Each
 * presence has a number that is never given again, by which changes name it.
 */
export class RoomPresence {
  readonly #people = new Map<string, Here>();
  #watching = 0;
  #numbers = 0;
  /** Told even where it is again what was told last: who joined in between began with another number. */
  #watchingMoved = false;
  /** Ids of participants who came, by the order in which that has to be told; those who did something else, likewise; numbers that ended. */
  readonly #came = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #gone = new Set<number>();

  enter(connection: object, participantId: string | null): void {
    if (participantId === null) {
      this.#watching += 1;
      this.#watchingMoved = true;
      return;
    }
    let here = this.#people.get(participantId);
    if (here === undefined) {
      here = { number: (this.#numbers += 1), connections: new Map() };
      this.#people.set(participantId, here);
      this.#came.add(participantId);
    }
    here.connections.set(connection, null);
  }

  leave(connection: object, participantId: string | null): void {
    if (participantId === null) {
      this.#watching -= 1;
      this.#watchingMoved = true;
      return;
    }
    const here = this.#people.get(participantId);
    if (here === undefined) return;
    const before = typingOf(here);
    here.connections.delete(connection);
    if (here.connections.size > 0) {
      if (typingOf(here) !== before) this.#changed.add(participantId);
      return;
    }
    this.#people.delete(participantId);
    this.#came.delete(participantId);
    this.#changed.delete(participantId);
    this.#gone.add(here.number);
  }

  /** Gives whether anything changed. */
  type(connection: object, participantId: string, typing: Typing): boolean {
    const here = this.#people.get(participantId);
    if (here?.connections.get(connection) === undefined || here.connections.get(connection) === typing) return false;
    const before = typingOf(here);
    here.connections.set(connection, typing);
    if (typingOf(here) === before) return false;
    this.#changed.add(participantId);
    return true;
  }

  /** All who are here now; whoever gets it and then every change from now on knows as much as everybody else. */
  get view(): Presence {
    const here = [...this.#people].map(([participantId, person]) => entryOf(participantId, person));
    return { here, watching: this.#watching };
  }

  /**
   * What is to be told next, in about so many bytes of JSON, what waits longest first; null where there is nothing. What does not fit is
   * in the next one. It says how things are now: what was begun and ended in between is told as it ended.
   */
  take(mostBytes: number): PresenceChange | null {
    const budget = { left: mostBytes - FRAME_BYTES, any: false };
    const gone = takeSome(this.#gone, NUMBER_BYTES, budget);
    const here: PresenceEntry[] = [];
    for (const participantId of takeSome(this.#came, PERSON_BYTES, budget)) {
      const person = this.#people.get(participantId);
      if (person !== undefined) here.push(entryOf(participantId, person));
      this.#changed.delete(participantId);
    }
    const typing = { draft: [] as number[], comment: [] as number[], nothing: [] as number[] };
    for (const participantId of takeSome(this.#changed, NUMBER_BYTES, budget)) {
      const person = this.#people.get(participantId);
      if (person !== undefined) typing[typingOf(person) ?? 'nothing'].push(person.number);
    }
    if (!budget.any && !this.#watchingMoved) return null;
    const watching = this.#watchingMoved ? { watching: this.#watching } : {};
    this.#watchingMoved = false;
    const filled = Object.entries({ gone, here, ...typing }).filter(([, some]) => some.length > 0);
    return { ...(Object.fromEntries(filled) as Omit<PresenceChange, 'watching'>), ...watching };
  }
}

function typingOf({ connections }: Here): Typing {
  for (const typing of connections.values()) if (typing !== null) return typing;
  return null;
}

function entryOf(participantId: string, here: Here): PresenceEntry {
  return { participantId, number: here.number, typing: typingOf(here) };
}

/** Takes out of a set what fits; the first thing of all fits always. */
function takeSome<T>(from: Set<T>, bytes: number, budget: { left: number; any: boolean }): T[] {
  const taken: T[] = [];
  for (const one of from) {
    if (budget.any && budget.left < bytes) break;
    budget.left -= bytes;
    budget.any = true;
    from.delete(one);
    taken.push(one);
  }
  return taken;
}
