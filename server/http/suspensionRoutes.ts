import { reasonProblem } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import { bodies } from '#shared/protocol/schemas.ts';
import type { Identity } from '../access/identity.ts';
import type { Suspensions } from '../rooms/suspensions.ts';
import type { Route } from './route.ts';
import { refusal, route } from './route.ts';

export interface SuspensionRouteParts {
  readonly suspensions: Suspensions;
  readonly limits: Limits;
}

/** Suspending accounts and letting them in again, by the administrator. */
export function suspensionRoutes({ suspensions, limits }: SuspensionRouteParts): readonly Route[] {
  const keeps = (identity: Identity): boolean => identity.admin && identity.via === 'cookie';
  const accountId = (principal: string): string => principal.split(':')[1] ?? '';

  return [
    route({ method: 'get', path: '/suspensions', scope: 'read', who: 'account' }, async ({ identity }) => {
      if (!keeps(identity)) return refusal({ code: 'notAllowed' });
      return { status: 200, json: { people: await suspensions.list() } };
    }),

    route({ method: 'post', path: '/suspensions', scope: 'write', who: 'account', body: bodies.suspend }, async ({ identity, body }) => {
      if (!keeps(identity)) return refusal({ code: 'notAllowed' });
      const problem = reasonProblem(body.reason, limits);
      if (problem !== null) return refusal(problem);
      const why = await suspensions.suspend(accountId(body.principal), accountId(identity.principal ?? ''), body.reason);
      return why === null ? { status: 204 } : refusal(why);
    }),

    route({ method: 'delete', path: '/suspensions/:accountId', scope: 'write', who: 'account' }, async ({ identity, params }) => {
      if (!keeps(identity)) return refusal({ code: 'notAllowed' });
      const why = await suspensions.resume(params['accountId'] ?? '');
      return why === null ? { status: 204 } : refusal(why);
    }),
  ];
}
