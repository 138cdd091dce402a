import type { Presence, PresenceEntry } from '#shared/protocol/messages.ts';

type Typing = PresenceEntry['typing'];

/** Who is connected to a room, in this process. A person on two devices is here once; viewers without a seat are a number. */
export class RoomPresence {
  readonly #people = new Map<string, Map<object, Typing>>();
  #watching = 0;

  enter(connection: object, participantId: string | null): void {
    if (participantId === null) {
      this.#watching += 1;
      return;
    }
    const connections = this.#people.get(participantId) ?? new Map<object, Typing>();
    connections.set(connection, null);
    this.#people.set(participantId, connections);
  }

  leave(connection: object, participantId: string | null): void {
    if (participantId === null) {
      this.#watching -= 1;
      return;
    }
    const connections = this.#people.get(participantId);
    connections?.delete(connection);
    if (connections?.size === 0) this.#people.delete(participantId);
  }

  /** Gives whether anything changed. */
  type(connection: object, participantId: string, typing: Typing): boolean {
    const connections = this.#people.get(participantId);
    if (connections?.get(connection) === undefined || connections.get(connection) === typing) return false;
    connections.set(connection, typing);
    return true;
  }

  get view(): Presence {
    const here = [...this.#people].map(([participantId, connections]) => ({
      participantId,
      typing: [...connections.values()].find((typing) => typing !== null) ?? null,
    }));
    return { here, watching: this.#watching };
  }
}
