import type { Limits } from '#shared/domain/limits.ts';
import type { PersonalLinkPreview } from '#shared/protocol/messages.ts';
import { bodies } from '#shared/protocol/schemas.ts';
import { Buckets } from '../access/buckets.ts';
import type { Connections } from '../access/connections.ts';
import type { Identity } from '../access/identity.ts';
import { participantPrincipal } from '../access/identity.ts';
import type { People } from '../access/people.ts';
import type { PersonalLinks } from '../access/personalLinks.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Accounts, Outcome } from '../access/accounts.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Person } from '../access/people.ts';
import type { PersonalLink } from '../access/personalLinks.ts';
import type { Route } from './route.ts';
import { refusal, route } from './route.ts';

export interface PersonalLinkRouteParts {
  readonly rooms: Rooms;
  readonly people: People;
  readonly accounts: Pick<Accounts, 'whyOut'>;
  readonly links: PersonalLinks;
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly limits: Limits;
  readonly now: () => number;
}

/** The way in for whoever holds a personal link. */
export function personalLinkRoutes(parts: PersonalLinkRouteParts): readonly Route[] {
  const { rooms, people, accounts, links, sessions, connections, limits, now } = parts;
  const perLink = new Buckets(limits.signInsPerMinutePerAccount / 60, limits.signInsPerMinutePerAccount, now);
  /** Guessing is what an address is slowed down for: a whole hall behind one address may come in at once. */
  const wrongPerAddress = new Buckets(limits.signInsPerMinutePerAddress / 60, limits.signInsPerMinutePerAddress, now);

  async function personBehind(secret: string, address: string): Promise<Outcome<{ readonly link: PersonalLink; readonly person: Person }>> {
    const followed = await links.follow(secret);
    if (!followed.ok) {
      const retryAfterMs = wrongPerAddress.take(address);
      return retryAfterMs > 0 ? { ok: false, rejection: { code: 'tooFast', retryAfterMs } } : followed;
    }
    const person = await people.record(followed.value.personId);
    return person === null ? { ok: false, rejection: { code: 'linkUnknown' } } : { ok: true, value: { link: followed.value, person } };
  }

  return [
    route(
      { method: 'post', path: '/personal-links/preview', scope: 'read', who: 'anybody', body: bodies.personalLink },
      async ({ identity, body, address }) => {
        const behind = await personBehind(body.secret, address);
        if (!behind.ok) return refusal(behind.rejection);
        const { id, roomId, displayName } = behind.value.person;
        const roomTitle = await rooms.with(roomId, (room) => room.state.title.text ?? '');
        const you = isHere(identity, behind.value.person);
        return { status: 200, json: { roomId, roomTitle, participantId: id, displayName, you } satisfies PersonalLinkPreview };
      },
    ),

    route(
      { method: 'post', path: '/personal-links/follow', scope: 'write', who: 'anybody', body: bodies.personalLink },
      async ({ identity, body, address }) => {
        const behind = await personBehind(body.secret, address);
        if (!behind.ok) return refusal(behind.rejection);
        const { link, person } = behind.value;
        const json = { roomId: person.roomId, participantId: person.id };
        if (isHere(identity, person) && identity.via === 'cookie') return { status: 200, json };
        const retryAfterMs = perLink.take(link.id);
        if (retryAfterMs > 0) return refusal({ code: 'tooFast', retryAfterMs });
        const out = await accounts.whyOut(person.principal);
        if (out !== null) return refusal(out);
        // A new session id at every sign-in: one planted beforehand is worth nothing.
        if (identity.via === 'cookie' && identity.sessionId !== null) {
          await sessions.end(identity.sessionId);
          connections.endSessions([identity.sessionId]);
        }
        const { cookie } = await sessions.startOfLink(person.id, link.id);
        // Asked again: the link may have been revoked while the sign-in was being written.
        const still = await links.follow(body.secret);
        if (!still.ok) {
          await sessions.endOfLinks(person.id, [link.id]);
          return refusal(still.rejection);
        }
        return { status: 200, json, cookie };
      },
    ),
  ];
}

/** Whether this browser is signed in as that person already, by the link or by their own account. */
function isHere(identity: Identity, { id, principal }: Person): boolean {
  return identity.principal === principal || identity.principal === participantPrincipal(id);
}
