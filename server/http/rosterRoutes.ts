import type { Actor } from '#shared/domain/decision.ts';
import { systemActor } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import { whyNot } from '#shared/domain/rules.ts';
import type { RosterPerson, Slip, SlipSheet } from '#shared/protocol/messages.ts';
import { bodies } from '#shared/protocol/schemas.ts';
import type { Connections } from '../access/connections.ts';
import type { People } from '../access/people.ts';
import type { PersonalLinks } from '../access/personalLinks.ts';
import type { Listed, Roster } from '../access/roster.ts';
import { listedProblem } from '../access/roster.ts';
import type { Sessions } from '../access/sessions.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { PurgedRooms } from '../rooms/purgedRooms.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Person } from '../access/people.ts';
import type { PersonalLink } from '../access/personalLinks.ts';
import { roomGate } from './inRoom.ts';
import type { Reply, Route } from './route.ts';
import { refusal, route } from './route.ts';

export interface RosterRouteParts {
  readonly rooms: Rooms;
  readonly people: People;
  readonly purged: PurgedRooms;
  readonly roster: Roster;
  readonly links: PersonalLinks;
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly limits: Limits;
}

const pathOf = (secret: string): string => `/me#${secret}`;

/** Lists of names that become participants, and the links and slips of those people. */
export function rosterRoutes(parts: RosterRouteParts): readonly Route[] {
  const { people, roster, links, sessions, connections, limits } = parts;
  const inRoom = roomGate(parts);

  function view(room: LiveRoom, person: Person, link: PersonalLink | null): RosterPerson {
    const { id, displayName, handle, organisation, level, sector } = person;
    return {
      participantId: id,
      displayName,
      ...(handle === undefined ? {} : { handle }),
      ...(organisation === undefined ? {} : { organisation }),
      ...(level === undefined ? {} : { level }),
      ...(sector === undefined ? {} : { sector }),
      role: room.state.participants.get(id)?.role ?? 'observer',
      link: link === null ? null : { issue: link.issue, createdAt: link.createdAt, revokedAt: link.revokedAt },
    };
  }

  /** Those of the list who have been admitted, by name. */
  async function listed(room: LiveRoom): Promise<readonly { readonly person: Person; readonly link: PersonalLink | null }[]> {
    const newest = await links.inRoom(room.id);
    return (await people.listedIn(room.id))
      .filter(({ id }) => room.state.participants.has(id))
      .map((person) => ({ person, link: newest.get(person.id) ?? null }));
  }

  /** Who may not steer participants gets no way to sign in as a moderator. */
  function mayGive(room: LiveRoom, actor: Actor, participantId: string): boolean {
    const moderates = room.state.participants.get(participantId)?.role === 'moderator';
    return !moderates || whyNot(room.state, actor, 'participant:steer') === null;
  }

  /** Lets in who is new. A list that is sent again finds everybody inside. */
  async function admit(room: LiveRoom, lines: readonly Listed[]): Promise<Reply> {
    const known = await people.listedIn(room.id);
    const ids = new Set([...known.map(({ id }) => id), ...lines.map((line) => roster.idOf(room.id, line))]);
    if (ids.size > limits.rosterSize) return refusal({ code: 'tooMany', most: limits.rosterSize });
    const seats: Person[] = [];
    for (const line of lines) seats.push(await roster.seat(room.id, line));
    const answers = await Promise.all(
      seats.map(async (seat, index) => {
        if (room.state.participants.has(seat.id)) return { ok: true } as const;
        const role = lines[index]?.role ?? 'member';
        const command = { type: 'admitParticipant', participantId: seat.id, role, via: 'invitation' } as const;
        return room.submit(systemActor, `admit-${seat.id}`, command);
      }),
    );
    for (const [index, answer] of answers.entries()) {
      // The role of the first time counts: a list neither promotes nor demotes who is inside.
      if (!answer.ok && !room.state.participants.has(seats[index]?.id ?? '')) return refusal(answer.rejection);
    }
    const views = await Promise.all(seats.map(async (seat) => view(room, seat, await links.of(seat.id))));
    return { status: 200, json: { people: views } };
  }

  /** Takes the sign-ins that links made along with the links. */
  async function endSignIns(participantId: string, linkIds: readonly string[]): Promise<void> {
    connections.endSessions(await sessions.endOfLinks(participantId, linkIds));
  }

  return [
    route({ method: 'get', path: '/rooms/:roomId/roster', scope: 'read', who: 'signedIn' }, ({ identity, params }) =>
      inRoom(params, identity, 'room:invite', async (room) => {
        const views = (await listed(room)).map(({ person, link }) => view(room, person, link));
        return { status: 200, json: { people: views } };
      }),
    ),

    route(
      { method: 'post', path: '/rooms/:roomId/roster', scope: 'write', who: 'signedIn', body: bodies.importRoster },
      ({ identity, params, body }) =>
        inRoom(params, identity, 'room:invite', (room, actor) => {
          const problem = body.people.map((line) => listedProblem(line, limits)).find((one) => one !== null);
          if (problem !== undefined) return Promise.resolve(refusal(problem));
          const moderators = body.people.some(({ role }) => role === 'moderator');
          if (moderators && whyNot(room.state, actor, 'participant:steer') !== null)
            return Promise.resolve(refusal({ code: 'notAllowed' }));
          return admit(room, body.people);
        }),
    ),

    // Not a GET: what it gives signs people in, which is more than reading.
    route(
      { method: 'post', path: '/rooms/:roomId/slips', scope: 'write', who: 'signedIn', body: bodies.printSlips },
      ({ identity, params, body }) =>
        inRoom(params, identity, 'room:invite', async (room, actor) => {
          const wanted = body.participantIds === 'all' ? null : new Set(body.participantIds);
          const slips: Slip[] = [];
          for (const { person, link } of await listed(room)) {
            if (wanted !== null && !wanted.has(person.id)) continue;
            const secret = link !== null && mayGive(room, actor, person.id) ? await links.secretOf(link) : null;
            slips.push({ person: view(room, person, link), path: secret === null ? null : pathOf(secret) });
          }
          const { title, startsAt } = room.state;
          return { status: 200, json: { roomTitle: title.text ?? '', startsAt, slips } satisfies SlipSheet };
        }),
    ),

    route({ method: 'post', path: '/rooms/:roomId/roster/:participantId/link', scope: 'write', who: 'signedIn' }, ({ identity, params }) =>
      inRoom(params, identity, 'room:invite', async (room, actor) => {
        const participantId = params['participantId'] ?? '';
        if (!mayGive(room, actor, participantId)) return refusal({ code: 'notAllowed' });
        const issued = await links.reissue(room.id, participantId);
        if (!issued.ok) return refusal(issued.rejection);
        await endSignIns(participantId, issued.value.ended);
        const person = await people.record(participantId);
        if (person === null) return refusal({ code: 'unknownParticipant' });
        const { link, secret } = issued.value;
        return { status: 201, json: { slip: { person: view(room, person, link), path: pathOf(secret) } satisfies Slip } };
      }),
    ),

    route(
      { method: 'delete', path: '/rooms/:roomId/roster/:participantId/link', scope: 'write', who: 'signedIn' },
      ({ identity, params }) =>
        inRoom(params, identity, 'room:invite', async (room, actor) => {
          const participantId = params['participantId'] ?? '';
          if (!mayGive(room, actor, participantId)) return refusal({ code: 'notAllowed' });
          const revoked = await links.revoke(room.id, participantId);
          if (!revoked.ok) return refusal(revoked.rejection);
          await endSignIns(participantId, revoked.value.ended);
          const person = await people.record(participantId);
          if (person === null) return refusal({ code: 'unknownParticipant' });
          return { status: 200, json: { person: view(room, person, revoked.value.link) } };
        }),
    ),
  ];
}
