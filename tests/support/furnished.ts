import { administrator, freshCommandId, invited, RoomClient, Visitor } from './people.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { RosterPerson, Slip } from '#shared/protocol/messages.ts';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import { quickPace } from './quickPace.ts';
import { ServerProcess } from './serverProcess.ts';

/**
 * Everybody who may stand at a door. reader and writer are programs of the moderator, with a token for reading or for writing
 * alone; ended has a cookie that was signed out; outsider is a participant of another room; linked came by a member's personal link whose
 * seat is an account's by now, and linkedElsewhere by such a link of the other room.
 */
export const kinds = [
  'stranger',
  'ended',
  'outsider',
  'guest',
  'observer',
  'member',
  'recorder',
  'moderator',
  'muted',
  'removed',
  'reader',
  'writer',
  'linked',
  'linkedElsewhere',
] as const;
export type Kind = (typeof kinds)[number];

/** What somebody says of himself with each request. */
export type Credentials = Readonly<Record<string, string>>;

export interface House {
  readonly server: ServerProcess;
  readonly ana: Visitor;
  /** A private room with one of each kind in it. */
  readonly roomId: string;
  readonly draftId: string;
  /** A public room of the outsider's; nobody else has a seat in it. */
  readonly otherRoomId: string;
  readonly otherDraftId: string;
  readonly people: Readonly<Record<Kind, Visitor>>;
  readonly participants: Readonly<Partial<Record<Kind, string>>>;
  credentials(kind: Kind): Credentials;
  /** Somebody new of a kind, whose sign-in may be spent. */
  fresh(kind: Kind): Promise<{ readonly visitor: Visitor; readonly credentials: Credentials }>;
}

const reason = { code: 'other' } as const;

/** Follows a link without an account. */
export async function guestOf(host: Visitor, roomId: string, role: string, guestName: string): Promise<Visitor> {
  const { path: link } = await host.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role, days: 1 });
  const guest = new Visitor(host.base);
  await guest.ok('POST', '/api/invitations/accept', { secret: link.split('#')[1], guestName });
  return guest;
}

/** A device that came by a member's personal link, after the member made an account on another one. */
export async function linkedOf(host: Visitor, roomId: string, handle: string): Promise<Visitor> {
  const [listed] = (
    await host.ok<{ people: RosterPerson[] }>('POST', `/api/rooms/${roomId}/roster`, { people: [{ displayName: handle, role: 'member' }] })
  ).people;
  const participantIds = [listed?.participantId ?? ''];
  const [slip] = (await host.ok<{ slips: Slip[] }>('POST', `/api/rooms/${roomId}/slips`, { participantIds })).slips;
  const secret = slip?.path?.split('#')[1] ?? '';
  const { path } = await host.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
  const own = new Visitor(host.base);
  await own.ok('POST', '/api/personal-links/follow', { secret });
  const account = { handle, displayName: handle, password: 'correct horse battery' };
  await own.ok('POST', '/api/accounts', { invitation: path.split('#')[1], ...account });
  const device = new Visitor(host.base);
  await device.ok('POST', '/api/personal-links/follow', { secret });
  return device;
}

/** A token of somebody's, for a program that sends no cookie. */
export async function tokenOf(owner: Visitor, scopes: readonly string[]): Promise<Credentials> {
  const { token } = await owner.ok<{ token: string }>('POST', '/api/tokens', { label: 'test', days: 1, scopes });
  return { authorization: `Bearer ${token}` };
}

export async function furnish(env: Readonly<Record<string, string>> = {}): Promise<House> {
  const server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace), ...env } });
  const ana = await administrator(server.url, server.setupSecret);
  const settings = { visibility: 'private', whoComments: 'members', guests: true };
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Entrances', ...settings });
  const tokens: Partial<Record<Kind, Credentials>> = {};
  let made = 0;

  /** Somebody of a kind in the room, by the doors alone. */
  async function seated(kind: Kind): Promise<Visitor> {
    made += 1;
    const handle = `${kind}${made}`;
    switch (kind) {
      case 'stranger':
        return new Visitor(server.url);
      case 'guest':
        return guestOf(ana, roomId, 'member', 'Guest');
      case 'outsider': {
        const visitor = await invited(ana, otherRoomId, 'observer', handle);
        return visitor;
      }
      case 'ended': {
        const visitor = await invited(ana, roomId, 'moderator', handle);
        const { cookie } = visitor;
        await visitor.ok('DELETE', '/api/session');
        visitor.cookie = cookie;
        return visitor;
      }
      case 'muted':
      case 'removed': {
        const visitor = await invited(ana, roomId, 'member', handle);
        const own = await visitor.join(roomId);
        const participantId = own.joined?.you.participantId ?? '';
        own.close();
        const chair = await ana.join(roomId);
        await chair.act({ type: kind === 'muted' ? 'muteParticipant' : 'removeParticipant', participantId, reason });
        chair.close();
        return visitor;
      }
      case 'reader':
      case 'writer': {
        const visitor = await invited(ana, roomId, 'moderator', handle);
        tokens[kind] = await tokenOf(visitor, [kind === 'reader' ? 'read' : 'write']);
        visitor.cookie = null;
        return visitor;
      }
      case 'linked':
        return linkedOf(ana, roomId, handle);
      case 'linkedElsewhere':
        return linkedOf(ana, otherRoomId, handle);
      default:
        return invited(ana, roomId, kind, handle);
    }
  }

  // A room of somebody else's: Ana makes it, and gives it away.
  const { id: otherRoomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Elsewhere', visibility: 'public' });
  const people = {} as Record<Kind, Visitor>;
  for (const kind of kinds) people[kind] = await seated(kind);

  const look = async (id: string): Promise<{ snapshot: RoomSnapshot; names: ReadonlyMap<string, string> }> => {
    const client = await ana.join(id);
    client.close();
    const { snapshot, people: views } = client.joined ?? {};
    if (snapshot === undefined) throw new Error('no snapshot');
    return {
      snapshot,
      names: new Map(views?.map(({ displayName, id: participantId }) => [displayName.replace(/\d+$/, ''), participantId])),
    };
  };
  const here = await look(roomId);
  const there = await look(otherRoomId);
  const participants: Partial<Record<Kind, string>> = {};
  for (const kind of kinds) {
    const id = here.names.get(kind === 'guest' ? 'Guest' : kind);
    if (id !== undefined) participants[kind] = id;
  }
  const credentialsOf = (kind: Kind, visitor: Visitor): Credentials =>
    tokens[kind] ?? (visitor.cookie === null ? {} : { cookie: visitor.cookie });
  return {
    server,
    ana,
    roomId,
    draftId: here.snapshot.drafts[0]?.id ?? '',
    otherRoomId,
    otherDraftId: there.snapshot.drafts[0]?.id ?? '',
    people,
    participants,
    credentials: (kind) => credentialsOf(kind, people[kind]),
    fresh: async (kind) => {
      const visitor = await seated(kind);
      return { visitor, credentials: credentialsOf(kind, visitor) };
    },
  };
}

/** A socket in a room with somebody's credentials, joined or not. */
export function clientOf(house: House, credentials: Credentials, roomId = house.roomId): RoomClient {
  const { cookie, ...headers } = credentials;
  return new RoomClient(house.server.url, cookie ?? null, roomId, headers);
}

/** One request with somebody's credentials; gives `ok` or the code of the refusal, beside the status. */
export async function ask(
  base: string,
  credentials: Credentials,
  method: string,
  address: string,
  body?: unknown,
): Promise<{ readonly outcome: string; readonly status: number; readonly json: unknown }> {
  const { status, json } = await new Visitor(base).request(method, address, body, { ...credentials });
  const rejection = (json as { rejection?: { code: string } } | null)?.rejection;
  return { outcome: rejection?.code ?? (status < 300 ? 'ok' : `status ${status}`), status, json };
}

/** Sends a command with a fresh id; gives `ok` or the code of the refusal. */
export async function outcomeOf(client: RoomClient, command: RoomCommand | Readonly<Record<string, unknown>>): Promise<string> {
  const answer = await client.send(command as RoomCommand, freshCommandId());
  return answer.ok ? 'ok' : answer.rejection.code;
}
