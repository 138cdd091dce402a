import type { Actor } from '#shared/domain/decision.ts';
import { anonymousActor } from '#shared/domain/decision.ts';
import type { PersonView } from '#shared/protocol/messages.ts';
import type { RecordStore } from '../store/ports.ts';
import type { PersonRecord, RecordKinds } from '../store/records.ts';
import type { Identity } from './identity.ts';
import { countsElsewhere, participantOf } from './identity.ts';
import { newId } from './secrets.ts';

/** How the principal begins of whoever came with a room's export file: nobody signs in as him. */
export const importedPrincipal = 'imported:';

/** Somebody who has a seat in a room. */
export type Person = PersonRecord;

/** Who the participants of a room are. Their names stand here and never in the log. */
export class People {
  readonly #records: RecordStore<RecordKinds>;
  readonly #now: () => number;
  #changes = 0;

  constructor(records: RecordStore<RecordKinds>, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  /** Grows whenever this process has written a name: what was read at another count may be old. */
  get changes(): number {
    return this.#changes;
  }

  /** A principal's seat in a room, or null. */
  async seat(roomId: string, principal: string): Promise<PersonRecord | null> {
    const [person] = await this.#records.find('person', 'seatKey', `${roomId}/${principal}`, { limit: 1 });
    return person ?? null;
  }

  /** The seat of an identity in a room, or null. A sign-in by a personal link has the one seat of its link, whosever it is by now. */
  async seatIn(roomId: string, identity: Pick<Identity, 'principal' | 'kind' | 'roomId'>): Promise<PersonRecord | null> {
    if (identity.principal === null || countsElsewhere(identity, roomId)) return null;
    return identity.kind === 'participant' ? this.record(participantOf(identity.principal)) : this.seat(roomId, identity.principal);
  }

  /** All seats an identity has. */
  async seatsFor(identity: Pick<Identity, 'principal' | 'kind'>): Promise<readonly PersonRecord[]> {
    if (identity.principal === null) return [];
    if (identity.kind !== 'participant') return this.seatsOf(identity.principal);
    const seat = await this.record(participantOf(identity.principal));
    return seat === null ? [] : [seat];
  }

  /** The actor an identity is in a room: its participant, or an anonymous viewer. */
  async actorIn(roomId: string, identity: Identity): Promise<{ readonly actor: Actor; readonly person: PersonRecord | null }> {
    const person = await this.seatIn(roomId, identity);
    return { actor: person === null ? anonymousActor : { kind: 'participant', id: person.id }, person };
  }

  /** The seat of a principal, made if there is none. Of two at once, both get the same one. `made`: he makes the room. */
  async takeSeat(roomId: string, principal: string, displayName: string, made = false): Promise<PersonRecord> {
    const person: PersonRecord = {
      id: newId(),
      rev: 0,
      roomId,
      principal,
      seatKey: `${roomId}/${principal}`,
      displayName,
      createdAt: this.#now(),
      ...(made ? { made } : {}),
    };
    if (await this.#insert(person)) return person;
    return (await this.seat(roomId, principal)) ?? person;
  }

  async #insert(person: PersonRecord): Promise<boolean> {
    const outcome = await this.#records.insert('person', person);
    this.#changes += 1;
    return outcome === 'inserted';
  }

  /** Everybody who has a seat in a room, by name. */
  async inRoom(roomId: string): Promise<readonly PersonView[]> {
    return (await this.#recordsIn(roomId)).map(personView);
  }

  async #recordsIn(roomId: string): Promise<readonly PersonRecord[]> {
    const people: PersonRecord[] = [];
    for (let after = ''; ;) {
      const page = await this.#records.find('person', 'roomId', roomId, { after, limit: 1000 });
      people.push(...page);
      const last = page.at(-1);
      if (page.length < 1000 || last === undefined) return people;
      after = last.id;
    }
  }

  async get(participantId: string): Promise<PersonView | null> {
    const person = await this.#records.get('person', participantId);
    return person === null ? null : personView(person);
  }

  /** The rooms a principal has a seat in. */
  async seatsOf(principal: string): Promise<readonly PersonRecord[]> {
    const seats: PersonRecord[] = [];
    for (let after = ''; ;) {
      const page = await this.#records.find('person', 'principal', principal, { after, limit: 1000 });
      seats.push(...page);
      const last = page.at(-1);
      if (page.length < 1000 || last === undefined) return seats;
      after = last.id;
    }
  }

  /**
   * The seat with this very id, made if there is none: a list of names that is sent twice gives everybody the same seat. A seat
   * that belongs to an account by now stays its.
   */
  async seatListed(person: Omit<PersonRecord, 'rev' | 'seatKey' | 'createdAt'>): Promise<PersonRecord> {
    const record: PersonRecord = { ...person, rev: 0, seatKey: `${person.roomId}/${person.principal}`, createdAt: this.#now() };
    if (await this.#insert(record)) return record;
    const same = await this.#records.get('person', person.id);
    if (same !== null) return same;
    // The principal sat here before the list came: it keeps its seat and gets the labels of the list.
    const { id: _id, principal: _principal, displayName: _name, roomId: _room, ...given } = person;
    const seat = await this.seat(person.roomId, person.principal);
    if (seat === null) return record;
    await this.#change(seat.id, (stored) => ({ ...stored, ...given }));
    return { ...seat, ...given };
  }

  /** The seats of a room that came by a list of names. */
  async listedIn(roomId: string): Promise<readonly PersonRecord[]> {
    return (await this.#recordsIn(roomId)).filter(({ listed }) => listed === true);
  }

  record(participantId: string): Promise<PersonRecord | null> {
    return this.#records.get('person', participantId);
  }

  /** The principal goes by another name from now on, in all rooms. */
  async rename(principal: string, displayName: string): Promise<void> {
    for (const seat of await this.seatsOf(principal)) await this.#change(seat.id, (stored) => ({ ...stored, displayName }));
  }

  /** Takes name and labels of a seat away. Its id stays, so that the log keeps its sense. */
  async forgetName(participantId: string): Promise<void> {
    await this.#change(participantId, ({ id, rev, roomId, principal, seatKey, createdAt }) => {
      return { id, rev, roomId, principal, seatKey, displayName: '', former: true, createdAt };
    });
  }

  /** Nobody is behind this seat any more. */
  async vacate(participantId: string): Promise<void> {
    const principal = `erased:${participantId}`;
    await this.#change(participantId, (stored) => ({ ...stored, principal, seatKey: `${stored.roomId}/${principal}` }));
  }

  /** Replaces what is stored, however often somebody else is faster. */
  async #change(id: string, change: (stored: PersonRecord) => PersonRecord): Promise<void> {
    for (let stored = await this.record(id); stored !== null; stored = await this.record(id)) {
      const outcome = await this.#records.replace('person', change(stored));
      this.#changes += 1;
      if (outcome !== 'conflict') return;
    }
  }

  /** The seat of a guest becomes an account's, and stays the same participant; false where it is an account's already. */
  async moveSeat(participantId: string, to: string, displayName: string): Promise<boolean> {
    let moved = false;
    await this.#change(participantId, (stored) => {
      moved = stored.principal.startsWith('guest:');
      return moved ? { ...stored, principal: to, seatKey: `${stored.roomId}/${to}`, displayName } : stored;
    });
    return moved;
  }

  /** A guest becomes an account and stays the same participant everywhere. */
  async moveSeats(from: string, to: string, displayName: string): Promise<void> {
    for (const seat of await this.seatsOf(from)) {
      await this.#change(seat.id, (stored) => ({ ...stored, principal: to, seatKey: `${stored.roomId}/${to}`, displayName }));
    }
  }
}

function personView({ id, displayName, principal, organisation, level, sector, listed, former }: PersonRecord): PersonView {
  return {
    id,
    displayName,
    // Who stands in a list was named by those who invite, and not by himself.
    guest: principal.startsWith('guest:') && listed !== true,
    ...(organisation === undefined ? {} : { organisation }),
    ...(level === undefined ? {} : { level }),
    ...(sector === undefined ? {} : { sector }),
    ...(principal.startsWith(importedPrincipal) ? { imported: true } : {}),
    ...(former === true ? { former } : {}),
  };
}
