import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Me } from '#shared/protocol/messages.ts';
import { bodies } from '#shared/protocol/schemas.ts';
import type { Account, Accounts } from '../access/accounts.ts';
import type { Connections } from '../access/connections.ts';
import { Guesses } from '../access/guesses.ts';
import type { KnownDevices } from '../access/knownDevices.ts';
import type { Identity } from '../access/identity.ts';
import { participantOf } from '../access/identity.ts';
import type { Invitations } from '../access/invitations.ts';
import type { People } from '../access/people.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Reply, Route } from './route.ts';
import { refusal, route } from './route.ts';

export interface AccountParts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly invitations: Invitations;
  readonly people: People;
  readonly connections: Connections;
  readonly devices: KnownDevices;
  readonly limits: Limits;
  readonly now: () => number;
}

/** Signing in and out, the first administrator, one's own name and password, programs' tokens. */
export function accountRoutes(parts: AccountParts): readonly Route[] {
  const { accounts, sessions, invitations, people, connections, devices, limits, now } = parts;
  const guesses = new Guesses(limits, now);

  function tooFast(handle: string, address: string, device: string | null = null): Rejection | null {
    const retryAfterMs = guesses.take(handle, address, device);
    return retryAfterMs > 0 ? { code: 'tooFast', retryAfterMs } : null;
  }

  async function me(identity: Identity): Promise<Me> {
    const account = identity.kind === 'account' ? await accounts.get(ownId(identity)) : null;
    return {
      account: account === null ? null : accountView(account),
      guest: identity.kind === 'guest' || identity.kind === 'participant' ? { displayName: identity.displayName ?? '' } : null,
      onlyRoom: identity.roomId,
      setUp: await accounts.isSetUp(),
    };
  }

  /** A new session id at every sign-in: one planted beforehand is worth nothing. */
  async function signedIn(account: Account, before: Identity, cookies: string): Promise<Reply> {
    if (before.via === 'cookie' && before.sessionId !== null) {
      await sessions.end(before.sessionId);
      connections.endSessions([before.sessionId]);
    }
    const { id, cookie } = await sessions.startCookie(`account:${account.id}`);
    // Asked again: the password may have been changed, and all sign-ins ended, while this one was being written.
    if ((await accounts.get(account.id))?.passwordHash !== account.passwordHash) {
      await sessions.end(id);
      return refusal({ code: 'wrongCredentials' });
    }
    return {
      status: 200,
      cookies: [cookie, devices.remember(cookies, account)],
      json: { account: accountView(account), guest: null, onlyRoom: null, setUp: true } satisfies Me,
    };
  }

  return [
    route({ method: 'get', path: '/me', scope: 'read', who: 'anybody' }, async ({ identity }) => ({
      status: 200,
      json: await me(identity),
    })),

    route(
      { method: 'post', path: '/setup', scope: 'write', who: 'anybody', body: bodies.setUp },
      async ({ identity, body, address, cookies }) => {
        const fast = tooFast('setup', address);
        if (fast !== null) return refusal(fast);
        const made = await accounts.setUp(body.token, body);
        return made.ok ? signedIn(made.value, identity, cookies) : refusal(made.rejection);
      },
    ),

    route(
      { method: 'post', path: '/session', scope: 'write', who: 'anybody', body: bodies.signIn },
      async ({ identity, body, address, cookies }) => {
        const device = devices.markOf(cookies, await accounts.withHandle(body.handle));
        const fast = tooFast(body.handle, address, device);
        if (fast !== null) return refusal(fast);
        const checked = await accounts.check(body.handle, body.password);
        if (!checked.ok) return refusal(checked.rejection);
        guesses.right(address, device);
        return signedIn(checked.value, identity, cookies);
      },
    ),

    route({ method: 'delete', path: '/session', scope: 'write', who: 'signedIn' }, async ({ identity }) => {
      if (identity.sessionId !== null) {
        await sessions.end(identity.sessionId);
        connections.endSessions([identity.sessionId]);
      }
      return { status: 204, cookie: sessions.endCookie() };
    }),

    route({ method: 'delete', path: '/sessions', scope: 'write', who: 'signedIn' }, async ({ identity }) => {
      connections.endSessions(await sessions.endAll(identity.principal ?? ''));
      return { status: 204, cookie: sessions.endCookie() };
    }),

    route(
      { method: 'post', path: '/accounts', scope: 'write', who: 'anybody', body: bodies.createAccount },
      async ({ identity, body, address, cookies }) => {
        const fast = tooFast(body.handle, address);
        if (fast !== null) return refusal(fast);
        const invitation = await invitations.follow(body.invitation);
        if (!invitation.ok) return refusal(invitation.rejection);
        const made = await accounts.create(body);
        if (!made.ok) return refusal(made.rejection);
        if (identity.kind === 'guest' && identity.principal !== null) {
          const principal = `account:${made.value.id}`;
          await people.moveSeats(identity.principal, principal, made.value.displayName);
          const moved = await sessions.move(identity.principal, principal);
          connections.renewSessions(moved.filter((id) => id !== identity.sessionId));
        }
        // The link's own seat and no other: whoever printed the link could stand here.
        if (identity.kind === 'participant' && identity.principal !== null)
          await people.moveSeat(participantOf(identity.principal), `account:${made.value.id}`, made.value.displayName);
        return signedIn(made.value, identity, cookies);
      },
    ),

    route({ method: 'put', path: '/me', scope: 'write', who: 'account', body: bodies.rename }, async ({ identity, body }) => {
      const renamed = await accounts.rename(ownId(identity), body.displayName);
      if (!renamed.ok) return refusal(renamed.rejection);
      await people.rename(identity.principal ?? '', renamed.value.displayName);
      return { status: 200, json: await me(identity) };
    }),

    route({ method: 'put', path: '/me/password', scope: 'write', who: 'account', body: bodies.changePassword }, async (context) => {
      const { identity, body, cookies } = context;
      // Of this sign-in alone: a stolen one does not keep the owner from changing the password.
      const fast = tooFast(`password:${ownId(identity)}`, `session:${identity.sessionId ?? ''}`);
      if (fast !== null) return refusal(fast);
      const changed = await accounts.changePassword(ownId(identity), body.current, body.next);
      if (!changed.ok) return refusal(changed.rejection);
      // Whoever had the old password is out, here and everywhere; the person himself stays in, under a new session.
      connections.endSessions(await sessions.endAll(identity.principal ?? ''));
      return signedIn(changed.value, { ...identity, sessionId: null }, cookies);
    }),

    route({ method: 'get', path: '/tokens', scope: 'read', who: 'account' }, async ({ identity }) => {
      const tokens = await sessions.tokensOf(identity.principal ?? '');
      const view = tokens.map(({ id, label, scopes, createdAt, expiresAt }) => ({ id, label, scopes, createdAt, expiresAt }));
      return { status: 200, json: { tokens: view } };
    }),

    route({ method: 'post', path: '/tokens', scope: 'write', who: 'account', body: bodies.createToken }, async ({ identity, body }) => {
      if (identity.via === 'token') return refusal({ code: 'notAllowed' });
      const most = limits.tokensPerAccount;
      const made = await sessions.startToken(identity.principal ?? '', body.label, body.days, body.scopes, most);
      return made === null ? refusal({ code: 'tooMany', most }) : { status: 201, json: made };
    }),

    route({ method: 'delete', path: '/tokens/:tokenId', scope: 'write', who: 'account' }, async ({ identity, params }) => {
      const own = (await sessions.tokensOf(identity.principal ?? '')).some(({ id }) => id === params['tokenId']);
      if (!own) return refusal({ code: 'notFound' });
      await sessions.end(params['tokenId'] ?? '');
      connections.endSessions([params['tokenId'] ?? '']);
      return { status: 204 };
    }),
  ];
}

function ownId(identity: Identity): string {
  return identity.principal?.split(':')[1] ?? '';
}

function accountView({ id, handle, displayName, admin }: Account): NonNullable<Me['account']> {
  return { id, handle, displayName, admin };
}
