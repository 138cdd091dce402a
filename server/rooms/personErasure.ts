import { systemActor } from '#shared/domain/decision.ts';
import type { GivenReason } from '#shared/domain/participants/events.ts';
import type { PersonEntry } from '#shared/protocol/messages.ts';
import { handleKey } from '../access/accounts.ts';
import type { Accounts } from '../access/accounts.ts';
import type { Connections } from '../access/connections.ts';
import type { Invitations } from '../access/invitations.ts';
import { importedPrincipal } from '../access/people.ts';
import type { People } from '../access/people.ts';
import { personEntry } from '../access/personEntry.ts';
import type { PersonalLinks } from '../access/personalLinks.ts';
import type { Sessions } from '../access/sessions.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { RecordStore } from '../store/ports.ts';
import type { PersonErasureRecord, RecordKinds } from '../store/records.ts';
import type { Erasures } from './erasures.ts';
import type { Rooms } from './rooms.ts';

export interface PersonErasureParts {
  readonly records: RecordStore<RecordKinds>;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly people: People;
  readonly links: PersonalLinks;
  readonly invitations: Invitations;
  readonly rooms: Pick<Rooms, 'with'>;
  readonly erasures: Pick<Erasures, 'submit' | 'afterScrub'>;
  readonly now: () => number;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Erases people: the account, its sign-ins, links and names, and, where it is asked for, what they wrote. That somebody was in a
 * room, and what he voted and supported, stays with a seat nobody is behind. What is begun is stored first and done again after a
 * crash until nothing is left.
 */
export class PersonErasure {
  readonly #parts: PersonErasureParts;

  constructor(parts: PersonErasureParts) {
    this.#parts = parts;
  }

  /** Erases a principal. From the moment this resolves nobody signs in as him, and his name is nowhere. Rejects with StoreUnavailable. */
  async erase(
    principal: string,
    given: Pick<PersonErasureRecord, 'as' | 'texts'> & { readonly reason: GivenReason | null },
  ): Promise<void> {
    const { records, now } = this.#parts;
    const record: PersonErasureRecord = { id: principal, rev: 0, ...given, createdAt: now() };
    await records.insert('personErasure', record);
    await this.#finish(record);
  }

  /** People whose name or user name contains `query`: accounts, guests, and who came with a room that was brought in; at most `most`. */
  async find(query: string, most: number): Promise<readonly PersonEntry[]> {
    const wanted = handleKey(query);
    const found: PersonEntry[] = [];
    const look = async <K extends 'account' | 'guest' | 'person'>(kind: K, entryOf: (record: RecordKinds[K]) => PersonEntry | null) => {
      for (let after = ''; found.length < most;) {
        const page = await this.#parts.records.list(kind, { after, limit: 500 });
        for (const record of page) {
          const entry = entryOf(record);
          const names = [entry?.displayName ?? '', entry?.handle ?? ''];
          if (entry !== null && found.length < most && names.some((name) => handleKey(name).includes(wanted))) found.push(entry);
        }
        const last = page.at(-1);
        if (last === undefined || page.length < 500) return;
        after = last.id;
      }
    };
    const guest = { handle: null, admin: false, suspended: null } as const;
    await look('account', personEntry);
    await look('guest', ({ id, displayName, createdAt }) => ({ principal: `guest:${id}`, displayName, createdAt, ...guest }));
    await look('person', ({ principal, displayName, createdAt }) =>
      principal.startsWith(importedPrincipal) ? { principal, displayName, createdAt, ...guest } : null,
    );
    return found;
  }

  /** Whether there is anything to erase of a principal, and whether he keeps the installation. */
  async known(principal: string): Promise<'unknown' | 'known' | 'administrator'> {
    const { accounts, people } = this.#parts;
    const [kind, id = ''] = principal.split(':');
    const account = kind === 'account' ? await accounts.get(id) : null;
    if (account !== null) return account.admin ? 'administrator' : 'known';
    const there = (kind === 'guest' && (await accounts.guest(id)) !== null) || (await people.seatsOf(principal)).length > 0;
    return there ? 'known' : 'unknown';
  }

  /** Goes on with what was begun and interrupted. */
  async sweep(): Promise<void> {
    for (const record of await this.#parts.records.list('personErasure')) await this.#finish(record).catch(this.#parts.onFailed);
  }

  async #finish(record: PersonErasureRecord): Promise<void> {
    const { records, accounts, sessions, connections, people, links, invitations, rooms, erasures } = this.#parts;
    const { id: principal, as, texts, reason } = record;
    // The door first, so that nobody comes back in by it meanwhile.
    await accounts.remove(principal);
    connections.endSessions(await sessions.endAll(principal));
    for (let seats = await people.seatsOf(principal); seats.length > 0; seats = await people.seatsOf(principal)) {
      for (const { id: participantId, roomId, displayName } of seats) {
        await links.forget(participantId);
        await invitations.forgetLabels(roomId, participantId, displayName);
        // Before the room is told, who asks it by what name this person goes.
        await people.forgetName(participantId);
        await rooms.with(roomId, async (room) => {
          const command = { type: 'eraseParticipant', participantId, as, texts, ...(reason === null ? {} : { reason }) } as const;
          const answer = await erasures.submit(room, systemActor, `erase-${participantId}`, command);
          // A seat whose holder never got in is no participant; that he was erased already is no mistake.
          if (!answer.ok && answer.rejection.code === 'storeUnavailable') throw new StoreUnavailable('The room could not be written.');
        });
        // The seat last: by it the rooms are found that are left to do.
        await people.vacate(participantId);
      }
    }
    erasures.afterScrub(() => records.remove('personErasure', principal));
  }
}
