import { createHmac } from 'node:crypto';
import type { Limits } from '#shared/domain/limits.ts';
import type { Role } from '#shared/domain/participants/roles.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { PersonRecord } from '../store/records.ts';
import type { Accounts } from './accounts.ts';
import { handleKey, isHandle, nameProblem } from './accounts.ts';
import type { People } from './people.ts';
import type { PersonalLinks } from './personalLinks.ts';

/** A line of a list of names. */
export interface Listed {
  readonly displayName: string;
  readonly handle?: string | undefined;
  readonly organisation?: string | undefined;
  readonly level?: string | undefined;
  readonly sector?: string | undefined;
  readonly role: Role;
}

const labels = ['organisation', 'level', 'sector'] as const;

/** Why a line cannot stand, or null. */
export function listedProblem(person: Listed, limits: Limits): Rejection | null {
  const problem = nameProblem(person.displayName, limits);
  if (problem !== null) return problem;
  const handle = person.handle?.trim() ?? '';
  if (handle !== '' && !isHandle(handle)) return { code: 'handleInvalid' };
  for (const label of labels) {
    const got = person[label]?.trim().length ?? 0;
    if (got > limits.labelLength) return { code: 'textTooLong', most: limits.labelLength, got };
  }
  return null;
}

/** Lists of names become seats in a room: the same line is the same person, however often it is sent. */
export class Roster {
  readonly #key: Buffer;
  readonly #people: People;
  readonly #accounts: Accounts;
  readonly #links: PersonalLinks;

  /** `key`: the installation's own, so that ids say nothing of names. */
  constructor(key: Buffer, people: People, accounts: Accounts, links: PersonalLinks) {
    this.#key = key;
    this.#people = people;
    this.#accounts = accounts;
    this.#links = links;
  }

  /**
   * The seat of a line: a guest's with a personal link, or that of the account whose user name the line gives. Such a person has
   * a way of his own to sign in, and nobody else is given one.
   */
  seat(roomId: string, line: Listed): Promise<PersonRecord> {
    return this.#seat(roomId, line, 0);
  }

  /** `turn`: how many people of this line were erased before. */
  async #seat(roomId: string, line: Listed, turn: number): Promise<PersonRecord> {
    const again = turn === 0 ? '' : ` ${turn}`;
    const person = { roomId, displayName: line.displayName.trim(), ...labelsOf(line), listed: true } as const;
    const handle = line.handle?.trim() ?? '';
    const account = handle === '' ? null : await this.#accounts.withHandle(handle);
    const seatId = this.#id(`seat${again}`, roomId, line);
    // Who made an account of this very name after following his link keeps the seat he has.
    const stored = await this.#people.record(seatId);
    // Somebody of this name was erased. Who is listed again by it is somebody new, and not tied to what he left.
    if (stored?.former === true) return this.#seat(roomId, line, turn + 1);
    if (stored === null && account !== null) {
      const id = this.#id(`account ${account.id}`, roomId, line);
      return this.#people.seatListed({ ...person, id, principal: `account:${account.id}`, displayName: account.displayName });
    }
    const guestId = this.#id(`guest${again}`, roomId, line);
    await this.#accounts.ensureGuest(guestId, person.displayName);
    const seat = stored ?? (await this.#people.seatListed({ ...person, id: seatId, principal: `guest:${guestId}` }));
    await this.#links.ensure(roomId, seat.id);
    return seat;
  }

  /** The id that a line would have, to count how many of a list are new. */
  idOf(roomId: string, line: Listed): string {
    return this.#id('seat', roomId, line);
  }

  #id(what: string, roomId: string, { displayName, handle = '', organisation = '', level = '', sector = '' }: Listed): string {
    const words = [displayName, organisation, level, sector].map((word) => word.trim().normalize('NFC'));
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([what, roomId, handleKey(handle), ...words]))
      .digest('hex')
      .slice(0, 24);
  }
}

function labelsOf(line: Listed): Pick<PersonRecord, 'organisation' | 'level' | 'sector' | 'handle'> {
  const given = [...labels, 'handle' as const].flatMap((label) => {
    const text = line[label]?.trim() ?? '';
    return text === '' ? [] : [[label, text] as const];
  });
  return Object.fromEntries(given);
}
