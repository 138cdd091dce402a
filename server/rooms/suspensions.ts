import { systemActor } from '#shared/domain/decision.ts';
import type { GivenReason } from '#shared/domain/participants/events.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { PersonEntry } from '#shared/protocol/messages.ts';
import type { Accounts } from '../access/accounts.ts';
import type { Connections } from '../access/connections.ts';
import type { People } from '../access/people.ts';
import { personEntry } from '../access/personEntry.ts';
import { newId } from '../access/secrets.ts';
import type { Sessions } from '../access/sessions.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { RecordStore } from '../store/ports.ts';
import type { RecordKinds } from '../store/records.ts';
import type { Rooms } from './rooms.ts';
import { passDamaged } from './storeFailure.ts';

export interface SuspensionParts {
  readonly records: RecordStore<RecordKinds>;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly people: People;
  readonly rooms: Pick<Rooms, 'with'>;
  readonly now: () => number;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Suspends accounts and lets them in again. The account says which of the two it is: it is asked at every request and at every new
 * connection. Each room that the person has a seat in is told by an event of its log, which ends his rights there at every process, behind
 * a barrier in every draft. That rooms are to be told is stored first, and done again after a crash.
 */
export class Suspensions {
  readonly #parts: SuspensionParts;

  constructor(parts: SuspensionParts) {
    this.#parts = parts;
  }

  /**
   * Suspends an account. From the moment this resolves it is signed in nowhere, and nothing of its is added to any room. Gives why it
   * could not be, or null. `by` is the id of the administrator's account. Rejects with StoreUnavailable.
   */
  async suspend(accountId: string, by: string, reason: GivenReason): Promise<Rejection | null> {
    const { accounts, now } = this.#parts;
    const account = await accounts.get(accountId);
    if (account === null) return { code: 'unknownParticipant' };
    // So nobody suspends himself either: an installation without its administrator could let nobody in again.
    if (account.admin) return { code: 'lastAdministrator' };
    await this.#promise(accountId);
    const changed = await accounts.suspend(accountId, { at: now(), by, reason });
    await this.#finish(accountId);
    return changed ? null : { code: 'alreadySo' };
  }

  /** Lets an account in again: it signs in anew. Gives why not, or null. Rejects with StoreUnavailable. */
  async resume(accountId: string): Promise<Rejection | null> {
    const { accounts } = this.#parts;
    const account = await accounts.get(accountId);
    if (account === null) return { code: 'unknownParticipant' };
    await this.#promise(accountId);
    // A sign-in that was being written while the account was suspended does not come to life now.
    if (account.suspension !== undefined) await this.#endSignIns(accountId);
    const changed = await accounts.resume(accountId);
    await this.#finish(accountId);
    return changed ? null : { code: 'alreadySo' };
  }

  /** Who is suspended, oldest account first. */
  async list(): Promise<readonly PersonEntry[]> {
    const suspended: PersonEntry[] = [];
    for (let after = ''; ;) {
      const page = await this.#parts.records.list('account', { after, limit: 500 });
      suspended.push(...page.filter((account) => account.suspension !== undefined).map(personEntry));
      const last = page.at(-1);
      if (last === undefined || page.length < 500) return suspended.toSorted((one, other) => one.createdAt - other.createdAt);
      after = last.id;
    }
  }

  /** Goes on with what was begun and interrupted. */
  async sweep(): Promise<void> {
    for (const { id } of await this.#parts.records.list('suspensionDue')) await this.#finish(id).catch(this.#parts.onFailed);
  }

  async #promise(accountId: string): Promise<void> {
    await this.#parts.records.insert('suspensionDue', { id: accountId, rev: 0, createdAt: this.#parts.now() });
  }

  async #endSignIns(accountId: string): Promise<void> {
    const { sessions, connections } = this.#parts;
    connections.endSessions(await sessions.endAll(`account:${accountId}`));
  }

  /** Brings sign-ins and rooms in line with what the account says, until it says the same before and after. */
  async #finish(accountId: string): Promise<void> {
    const { accounts, people, records } = this.#parts;
    for (let told: boolean | null = null; ;) {
      const account = await accounts.get(accountId);
      const suspended = account?.suspension !== undefined;
      if (account === null || suspended === told) return records.remove('suspensionDue', accountId);
      if (suspended) await this.#endSignIns(accountId);
      for (const { id, roomId } of await people.seatsOf(`account:${accountId}`)) {
        // Nobody gets into a damaged room; the others are told all the same.
        await this.#tell(roomId, id, suspended).catch(passDamaged(this.#parts.onFailed));
      }
      told = suspended;
    }
  }

  async #tell(roomId: string, participantId: string, suspended: boolean): Promise<void> {
    await this.#parts.rooms.with(roomId, async (room) => {
      const command = { type: suspended ? 'suspendParticipant' : 'resumeParticipant', participantId } as const;
      const answer = await room.submit(systemActor, `suspension-${newId()}`, command);
      // A seat whose holder never got in is no participant; that the room knows already is no mistake.
      if (!answer.ok && answer.rejection.code === 'storeUnavailable') throw new StoreUnavailable('The room could not be written.');
    });
  }
}
