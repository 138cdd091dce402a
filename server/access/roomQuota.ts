import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Identity } from './identity.ts';
import type { People } from './people.ts';

/**
 * How many rooms one account may have made. A deleted room counts until it is removed for good; administrators may make as many
 * as they like. Of rooms that are made at the same time by one account each counts the others, so the last one before the limit
 * may have to be tried again.
 */
export class RoomQuota {
  readonly #people: People;
  readonly #exists: (roomId: string) => Promise<boolean>;
  readonly #limits: Pick<Limits, 'roomsPerAccount'>;
  readonly #underWay = new Map<string, number>();

  constructor(people: People, exists: (roomId: string) => Promise<boolean>, limits: Pick<Limits, 'roomsPerAccount'>) {
    this.#people = people;
    this.#exists = exists;
    this.#limits = limits;
  }

  /** Runs `make` unless this account has made too many rooms already. Rejects with StoreUnavailable. */
  async making<T>(identity: Identity, make: () => Promise<T>, refuse: (rejection: Rejection) => T): Promise<T> {
    const { principal, admin } = identity;
    if (principal === null || admin) return make();
    const most = this.#limits.roomsPerAccount;
    const mine = (this.#underWay.get(principal) ?? 0) + 1;
    this.#underWay.set(principal, mine);
    try {
      if ((await this.#made(principal)) + mine > most) return refuse({ code: 'roomLimit', most });
      return await make();
    } finally {
      const left = (this.#underWay.get(principal) ?? 1) - 1;
      if (left === 0) this.#underWay.delete(principal);
      else this.#underWay.set(principal, left);
    }
  }

  async #made(principal: string): Promise<number> {
    const seats = (await this.#people.seatsOf(principal)).filter(({ made }) => made === true);
    // A seat is taken before its room is there, and stays where a crash came between: only those near the limit are looked at.
    if (seats.length < this.#limits.roomsPerAccount) return seats.length;
    const real = await Promise.all(seats.map(({ roomId }) => this.#exists(roomId)));
    return real.filter(Boolean).length;
  }
}
