import { bodies, id as idSchema } from '#shared/protocol/schemas.ts';
import type { Limits } from '#shared/domain/limits.ts';
import { systemActor } from '#shared/domain/decision.ts';
import type { Accounts } from '../access/accounts.ts';
import { Buckets } from '../access/buckets.ts';
import type { Identity } from '../access/identity.ts';
import { newId } from '../access/secrets.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Erasures } from '../rooms/erasures.ts';
import type { PersonErasure } from '../rooms/personErasure.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Route } from './route.ts';
import { refusal, route } from './route.ts';

/** So many people an administrator is shown at once. */
const shown = 50;

export interface ErasureRouteParts {
  readonly rooms: Rooms;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly erasures: Erasures;
  readonly persons: PersonErasure;
  readonly limits: Limits;
  readonly now: () => number;
}

/** Erasing on demand: texts and people by an administrator, and one's own account. Members and moderators erase texts by a command. */
export function erasureRoutes(parts: ErasureRouteParts): readonly Route[] {
  const { rooms, accounts, sessions, erasures, persons, limits, now } = parts;
  const tries = new Buckets(limits.signInsPerMinutePerAccount / 60, limits.signInsPerMinutePerAccount, now);
  const keeps = (identity: Identity): boolean => identity.admin && identity.via === 'cookie';

  return [
    route(
      { method: 'post', path: '/rooms/:roomId/erasures', scope: 'write', who: 'account', body: bodies.eraseText },
      async ({ identity, params, body }) => {
        if (!keeps(identity)) return refusal({ code: 'notAllowed' });
        const roomId = idSchema.safeParse(params['roomId']);
        if (!roomId.success) return refusal({ code: 'notFound' });
        return rooms.with(roomId.data, async (room) => {
          const answer = await erasures.submit(room, systemActor, `erase-${newId()}`, { type: 'eraseText', ...body });
          return answer.ok ? { status: 200, json: { seq: answer.seq } } : refusal(answer.rejection);
        });
      },
    ),

    route({ method: 'get', path: '/people', scope: 'read', who: 'account' }, async ({ identity, query }) => {
      if (!keeps(identity)) return refusal({ code: 'notAllowed' });
      const people = await persons.find((query['q'] ?? '').slice(0, 200), shown);
      return { status: 200, json: { people } };
    }),

    route(
      { method: 'post', path: '/people/erasures', scope: 'write', who: 'account', body: bodies.erasePerson },
      async ({ identity, body }) => {
        if (!keeps(identity)) return refusal({ code: 'notAllowed' });
        const { principal, texts, reason } = body;
        const known = await persons.known(principal);
        if (known === 'unknown') return refusal({ code: 'unknownParticipant' });
        if (known === 'administrator') return refusal({ code: 'lastAdministrator' });
        await persons.erase(principal, { as: 'administrator', texts, reason });
        return { status: 204 };
      },
    ),

    route({ method: 'post', path: '/me/erasure', scope: 'write', who: 'signedIn', body: bodies.eraseMe }, async ({ identity, body }) => {
      const { principal, kind, via, admin } = identity;
      if (principal === null || via !== 'cookie') return refusal({ code: 'notAllowed' });
      if (admin) return refusal({ code: 'lastAdministrator' });
      const retryAfterMs = tries.take(principal);
      if (retryAfterMs > 0) return refusal({ code: 'tooFast', retryAfterMs });
      const id = principal.split(':')[1] ?? '';
      if (kind === 'account' && !(await accounts.isPassword(id, body.password ?? ''))) return refusal({ code: 'wrongCredentials' });
      await persons.erase(principal, { as: 'author', texts: body.texts, reason: null });
      return { status: 204, cookie: sessions.endCookie() };
    }),
  ];
}
