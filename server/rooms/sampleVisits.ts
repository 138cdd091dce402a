import { systemActor } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { Role } from '#shared/domain/participants/roles.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Accounts } from '../access/accounts.ts';
import { Buckets } from '../access/buckets.ts';
import type { Connections } from '../access/connections.ts';
import { newId } from '../access/secrets.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { SimulatedWriter } from '../drafts/simulatedWriter.ts';
import type { SampleParts } from './sampleRoom.ts';
import { fillSample } from './sampleRoom.ts';
import { sampleTexts } from './sampleTexts.ts';
import type { Attendance } from './simulation.ts';
import { Simulation } from './simulation.ts';
import { simulations } from './simulationSteps.ts';

export type SampleLang = 'zh' | 'en';

/** The seats a visitor tries, all at once. */
export const sampleSeats = ['moderator', 'member', 'observer'] as const satisfies readonly Role[];

export interface SampleVisitParts extends SampleParts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly drafts: Pick<Drafts, 'connect'>;
  readonly limits: Pick<Limits, 'sampleRooms' | 'samplesPerHourPerAddress'>;
  /** How many sockets are in a room. */
  readonly watching: (roomId: string) => number;
  readonly attend: (roomId: string, participantId: string) => Attendance | null;
  readonly now: () => number;
  /** Removes a deleted room for good. */
  readonly purge: (roomId: string) => Promise<unknown>;
  readonly onFailed: (error: unknown) => void;
  /** See Simulation. */
  readonly pace: number;
}

export type SampleOpened =
  | { readonly ok: true; readonly roomId: string; readonly until: number; readonly cookies: readonly string[] }
  | { readonly ok: false; readonly rejection: Rejection };

interface Visit {
  readonly roomId: string;
  readonly until: number;
  readonly guests: readonly string[];
}

const HOUR_MS = 60 * 60 * 1_000;
const RECORD = 'sampleVisits';

/**
 * Copies of the sample room for visitors who want to try it: private, in no list, with a seat of each kind for the visitor and
 * two simulated people. A copy lives for an hour; then its sign-ins end and the room is removed for good.
 */
export class SampleVisits {
  readonly #parts: SampleVisitParts;
  readonly #perAddress: Buckets;
  readonly #running = new Map<string, Simulation>();

  constructor(parts: SampleVisitParts) {
    this.#parts = parts;
    const perHour = parts.limits.samplesPerHourPerAddress;
    this.#perAddress = new Buckets(perHour / 3_600, perHour, parts.now);
  }

  /** Makes a copy for a visitor, with a cookie for each seat. Rejects with StoreUnavailable. */
  async open(lang: SampleLang, address: string): Promise<SampleOpened> {
    const { limits, now, rooms, cards } = this.#parts;
    const retryAfterMs = this.#perAddress.take(address);
    if (retryAfterMs > 0) return { ok: false, rejection: { code: 'tooFast', retryAfterMs } };
    if ((await this.#stored()).visits.length >= limits.sampleRooms)
      return { ok: false, rejection: { code: 'tooMany', most: limits.sampleRooms } };
    const texts = sampleTexts.find(({ id }) => id === `sample-${lang}`);
    if (texts === undefined) return { ok: false, rejection: { code: 'malformed', field: 'lang' } };
    const roomId = newId();
    const until = now() + HOUR_MS;
    const seats = await Promise.all(sampleSeats.map((role) => this.#guest(role, texts.seats[role])));
    await this.#store((visits) => [...visits, { roomId, until, guests: seats.map(({ guestId }) => guestId) }]);
    const simulated = await rooms.with(roomId, async (room) => {
      const made = await fillSample(this.#parts, room, texts, 'private');
      for (const { role, guestId, name } of seats) {
        const person = await this.#parts.people.takeSeat(roomId, `guest:${guestId}`, name);
        const command = { type: 'admitParticipant', participantId: person.id, role, via: 'guest' } as const;
        const answer = await room.submit(systemActor, `admit-${person.id}`, command);
        if (!answer.ok) throw new Error(`a sample room refused its visitor: ${answer.rejection.code}`);
      }
      return made;
    });
    await cards.flush();
    this.#simulate(roomId, lang, simulated);
    return { ok: true, roomId, until, cookies: seats.map(({ cookie }) => cookie) };
  }

  /** Ends the copies whose hour is over. */
  async sweep(): Promise<void> {
    const now = this.#parts.now();
    const over = (await this.#stored()).visits.filter(({ until }) => until <= now);
    for (const visit of over) {
      await this.#end(visit);
      await this.#store((visits) => visits.filter(({ roomId }) => roomId !== visit.roomId));
    }
  }

  /** Lets the simulated people go. */
  close(): void {
    for (const simulation of this.#running.values()) simulation.stop();
    this.#running.clear();
  }

  async #guest(role: (typeof sampleSeats)[number], name: string) {
    const guest = await this.#parts.accounts.createGuest(name);
    const cookie = await this.#parts.sessions.startSeat(`guest:${guest.id}`, role, HOUR_MS);
    return { role, guestId: guest.id, name, cookie };
  }

  #simulate(roomId: string, lang: SampleLang, made: Awaited<ReturnType<typeof fillSample>>): void {
    const { rooms, drafts, watching, attend, onFailed, pace } = this.#parts;
    const { draftId, seats } = made;
    const simulation = new Simulation({
      ...simulations[lang],
      watched: () => watching(roomId) > 0,
      withRoom: (use) => rooms.with(roomId, use),
      attend: (participantId) => attend(roomId, participantId),
      write: (part) => {
        const { id, displayName: name } = seats[part];
        return new SimulatedWriter(drafts, { roomId, draftId }, { id, name, role: 'member' });
      },
      people: { first: seats.first.id, second: seats.second.id },
      newId,
      onFailed,
      pace,
    });
    this.#running.set(roomId, simulation);
  }

  async #end({ roomId, guests }: Visit): Promise<void> {
    const { sessions, connections, records, rooms } = this.#parts;
    this.#running.get(roomId)?.stop();
    this.#running.delete(roomId);
    for (const guestId of guests) {
      connections.endSessions(await sessions.endAll(`guest:${guestId}`));
      await records.remove('guest', guestId);
    }
    await rooms.with(roomId, (room) => room.submit(systemActor, `sweep-${roomId}`, { type: 'deleteRoom' }));
    await this.#parts.purge(roomId);
  }

  async #stored(): Promise<{ readonly rev: number | null; readonly visits: readonly Visit[] }> {
    const record = await this.#parts.records.get('installation', RECORD);
    return record === null ? { rev: null, visits: [] } : { rev: record.rev, visits: JSON.parse(record.value) as readonly Visit[] };
  }

  /** Changes the list of copies; of two processes at once, both changes count. */
  async #store(change: (visits: readonly Visit[]) => readonly Visit[]): Promise<void> {
    const { records } = this.#parts;
    for (;;) {
      const { rev, visits } = await this.#stored();
      const value = JSON.stringify(change(visits));
      const outcome =
        rev === null
          ? await records.insert('installation', { id: RECORD, rev: 0, value })
          : await records.replace('installation', { id: RECORD, rev, value });
      if (outcome === 'inserted' || outcome === 'replaced') return;
    }
  }
}
