import { systemActor } from '#shared/domain/decision.ts';
import type { z } from 'zod';
import type { Actor } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { whyNot } from '#shared/domain/rules.ts';
import { timeOrNull } from '#shared/domain/times.ts';
import { audienceFor } from '#shared/domain/visibility.ts';
import type { InvitationPreview, LogPage, RoomCard } from '#shared/protocol/messages.ts';
import { bodies } from '#shared/protocol/schemas.ts';
import type { Accounts } from '../access/accounts.ts';
import { nameProblem } from '../access/accounts.ts';
import { Buckets } from '../access/buckets.ts';
import type { Connections } from '../access/connections.ts';
import type { Identity } from '../access/identity.ts';
import { countsElsewhere } from '../access/identity.ts';
import type { Invitations } from '../access/invitations.ts';
import type { People } from '../access/people.ts';
import type { RoomQuota } from '../access/roomQuota.ts';
import { newId } from '../access/secrets.ts';
import type { Sessions } from '../access/sessions.ts';
import type { RoomCards, RoomLine } from '../rooms/cards.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { RoomPattern } from '../rooms/copyRoom.ts';
import type { RoomPresence } from '../rooms/presence.ts';
import type { PurgedRooms } from '../rooms/purgedRooms.ts';
import { wireCommit } from '../rooms/redaction.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { sizeView } from '../rooms/sizeWatch.ts';
import { roomGate } from './inRoom.ts';
import type { Reply, Route } from './route.ts';
import { refusal, route } from './route.ts';

/** Bytes of events in a page of a room's log; a single commit may be larger. */
export const logPageBytes = 1024 * 1024;

/** Reads a draft's durable text and where its comments stand; the drafts know how. */
export interface DraftReader {
  readDraft(roomId: string, draftId: string, room: LiveRoom): Promise<unknown>;
}

export interface RoomRouteParts {
  /** What a room made after another takes from it, or why it may not be made. */
  readonly patternFor: (roomId: string, identity: Identity) => Promise<RoomPattern | Rejection>;
  /** Gives a room just made what its pattern has besides its description. */
  readonly fillFrom: (room: LiveRoom, maker: Actor, pattern: RoomPattern) => Promise<void>;
  readonly rooms: Rooms;
  readonly purged: PurgedRooms;
  readonly cards: RoomCards;
  readonly people: People;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly invitations: Invitations;
  readonly quota: RoomQuota;
  readonly presenceOf: (roomId: string) => RoomPresence | undefined;
  readonly drafts: DraftReader;
  readonly isSample: (roomId: string) => boolean;
  readonly limits: Limits;
  readonly now: () => number;
}

/** Making, listing and reading rooms, and the links into them. */
export function roomRoutes(parts: RoomRouteParts): readonly Route[] {
  const { rooms, cards, people, accounts, sessions, invitations, limits } = parts;
  const guestsPerAddress = new Buckets(limits.signInsPerMinutePerAddress / 60, limits.signInsPerMinutePerAddress, parts.now);

  async function cardView(record: RoomLine, identity: Identity): Promise<RoomCard> {
    const { id, title, question, visibility, status, comments, participants, lastAt } = record;
    const presence = parts.presenceOf(id)?.view;
    const seat = await people.seatIn(id, identity);
    const role = seat === null ? null : await rooms.with(id, (room) => room.state.participants.get(seat.id)?.role ?? null);
    const counts = { comments, participants, here: presence?.here.length ?? 0, watching: presence?.watching ?? 0 };
    const { startsAt = null, archived = false, deletedUntil = null } = record;
    const life = { startsAt: timeOrNull(startsAt), archived, deletedUntil };
    return { id, title, question, visibility, status, lastAt, ...life, ...counts, yourRole: role, sample: parts.isSample(id) };
  }

  /** Whether a seat still reads its room: it may have been taken away, or never been given. */
  function mayRead({ id, roomId }: { readonly id: string; readonly roomId: string }): Promise<boolean> {
    return rooms.with(roomId, (room) => !room.isGone && whyNot(room.state, { kind: 'participant', id }, 'room:read') === null);
  }

  async function makeRoom(identity: Identity, body: z.infer<typeof bodies.createRoom>): Promise<Reply> {
    const roomId = newId();
    const pattern = body.from === undefined ? null : await parts.patternFor(body.from, identity);
    if (pattern !== null && 'code' in pattern) return refusal(pattern);
    const title = body.title ?? pattern?.title;
    if (title === undefined) return refusal({ code: 'malformed', field: 'title' });
    if (title.trim() === '') return refusal({ code: 'emptyText' });
    if (title.length > limits.titleLength) return refusal({ code: 'textTooLong', most: limits.titleLength, got: title.length });
    const person = await people.takeSeat(roomId, identity.principal ?? '', identity.displayName ?? '', true);
    const settings = {
      ...pattern?.settings,
      visibility: body.visibility ?? pattern?.settings.visibility ?? 'link',
      whoComments: body.whoComments ?? pattern?.settings.whoComments ?? 'members',
      guests: body.guests ?? pattern?.settings.guests ?? true,
    };
    const answer = await rooms.with(roomId, async (room) => {
      const maker = { kind: 'participant', id: person.id } as const;
      const made = await room.submit(maker, `create-${roomId}`, {
        type: 'createRoom',
        creatorId: person.id,
        title,
        question: body.question ?? pattern?.question ?? '',
        background: body.background ?? pattern?.background ?? '',
        settings,
      });
      if (made.ok && pattern !== null) await parts.fillFrom(room, maker, pattern);
      return made;
    });
    if (!answer.ok) return refusal(answer.rejection);
    await cards.flush();
    return { status: 201, json: { id: roomId } };
  }

  const inRoom = roomGate(parts);

  return [
    route({ method: 'get', path: '/rooms', scope: 'read', who: 'anybody' }, async ({ identity }) => {
      const records = new Map((await cards.listed()).map((card) => [card.id, card]));
      for (const seat of await people.seatsFor(identity)) {
        const card = await cards.get(seat.roomId);
        if (card !== null && (await mayRead(seat))) records.set(card.id, card);
      }
      const views = await Promise.all([...records.values()].map((record) => cardView(record, identity)));
      views.sort((a, b) => Number(a.status === 'closed') - Number(b.status === 'closed') || b.lastAt - a.lastAt);
      return { status: 200, json: { rooms: views } };
    }),

    route({ method: 'post', path: '/rooms', scope: 'write', who: 'account', body: bodies.createRoom }, ({ identity, body }) =>
      parts.quota.making(identity, () => makeRoom(identity, body), refusal),
    ),

    route({ method: 'get', path: '/rooms/:roomId', scope: 'read', who: 'anybody' }, ({ identity, params }) =>
      inRoom(params, identity, 'room:read', async (room) => {
        await cards.flush();
        const record = await cards.get(room.id);
        if (record === null) return refusal({ code: 'notFound' });
        const background = room.state.background.text ?? '';
        return { status: 200, json: { room: await cardView(record, identity), background, settings: room.state.settings } };
      }),
    ),

    route({ method: 'get', path: '/rooms/:roomId/size', scope: 'read', who: 'signedIn' }, ({ identity, params }) =>
      inRoom(params, identity, 'room:close', (room) => Promise.resolve({ status: 200, json: { size: sizeView(room, limits) } })),
    ),

    route(
      { method: 'get', path: '/rooms/:roomId/log', scope: 'read', who: 'anybody', holds: 4 * 1024 * 1024 },
      ({ identity, params, query }) =>
        inRoom(params, identity, 'room:read', async (room, actor) => {
          const audience = audienceFor(room.state, actor) ?? 'everyone';
          const after = Number.parseInt(query['after'] ?? '0', 10);
          const limit = Number.parseInt(query['limit'] ?? '200', 10);
          if (!(after >= 0) || !(limit >= 1)) return refusal({ code: 'malformed', field: 'after' });
          const { state, head } = room;
          const commits = (await room.commitsAfter(after, Math.min(limit, 500), logPageBytes)).filter(({ seq }) => seq <= head.seq);
          const seen = commits.map((commit) => wireCommit(commit, state, audience));
          const last = commits.at(-1)?.seq ?? head.seq;
          const json: LogPage = { commits: seen, head, next: last < head.seq ? last : null };
          return { status: 200, json, pack: true };
        }),
    ),

    route(
      { method: 'get', path: '/rooms/:roomId/drafts/:draftId', scope: 'read', who: 'anybody', holds: 8 * 1024 * 1024 },
      ({ identity, params }) =>
        inRoom(params, identity, 'room:read', async (room) => {
          const draftId = params['draftId'] ?? '';
          if (!room.state.drafts.has(draftId)) return refusal({ code: 'unknownDraft' });
          return { status: 200, json: await parts.drafts.readDraft(room.id, draftId, room), pack: true };
        }),
    ),

    route({ method: 'get', path: '/rooms/:roomId/invitations', scope: 'read', who: 'signedIn' }, ({ identity, params }) =>
      inRoom(params, identity, 'room:invite', async (room) => {
        return { status: 200, json: { invitations: await invitations.list(room.id) } };
      }),
    ),

    route(
      { method: 'post', path: '/rooms/:roomId/invitations', scope: 'write', who: 'signedIn', body: bodies.createInvitation },
      ({ identity, params, body }) =>
        inRoom(params, identity, 'room:invite', async (room, actor) => {
          // Who may not steer participants cannot make himself a moderator by a link either.
          if (body.role === 'moderator' && whyNot(room.state, actor, 'participant:steer') !== null) return refusal({ code: 'notAllowed' });
          const by = actor.kind === 'participant' ? actor.id : '';
          const most = limits.invitationsPerRoom;
          const made = await invitations.create(room.id, body.role, body.label ?? '', body.days, by, most);
          if (!made.ok) return refusal(made.rejection);
          return { status: 201, json: { invitation: made.value.invitation, path: `/join#${made.value.secret}` } };
        }),
    ),

    route({ method: 'delete', path: '/rooms/:roomId/invitations/:invitationId', scope: 'write', who: 'signedIn' }, ({ identity, params }) =>
      inRoom(params, identity, 'room:invite', async (room) => {
        const revoked = await invitations.revoke(room.id, params['invitationId'] ?? '');
        return revoked.ok ? { status: 200, json: { invitation: revoked.value } } : refusal(revoked.rejection);
      }),
    ),

    route(
      { method: 'post', path: '/invitations/preview', scope: 'read', who: 'anybody', body: bodies.followInvitation },
      async ({ body }) => {
        const followed = await invitations.follow(body.secret);
        if (!followed.ok) return refusal(followed.rejection);
        const { roomId, role, validUntil } = followed.value;
        return rooms.with(roomId, (room) => {
          if (room.state.deletedUntil !== null) return refusal({ code: 'roomDeleted' });
          const preview: InvitationPreview = {
            roomId,
            roomTitle: room.state.title.text ?? '',
            role,
            guests: room.state.settings.guests,
            validUntil,
          };
          return { status: 200, json: preview };
        });
      },
    ),

    route(
      { method: 'post', path: '/invitations/accept', scope: 'write', who: 'anybody', body: bodies.acceptInvitation },
      async ({ identity, body, address }) => {
        const followed = await invitations.follow(body.secret);
        if (!followed.ok) return refusal(followed.rejection);
        const { roomId, role } = followed.value;
        return rooms.with(roomId, async (room) => {
          if (room.state.deletedUntil !== null) return refusal({ code: 'roomDeleted' });
          if (room.state.status === 'closed' || room.state.archived) return refusal({ code: 'roomClosed' });
          // Who came by a personal link is in its room already, and nobody in this one.
          let principal = countsElsewhere(identity, roomId) ? null : identity.principal;
          const seat = await people.seatIn(roomId, identity);
          if (identity.kind === 'guest' && seat === null && !room.state.settings.guests) return refusal({ code: 'guestsNotAllowed' });
          let name = identity.displayName ?? '';
          let cookie: string | undefined;
          if (principal === null) {
            if (!room.state.settings.guests) return refusal({ code: body.guestName === undefined ? 'signInNeeded' : 'guestsNotAllowed' });
            if (body.guestName === undefined) return refusal({ code: 'signInNeeded' });
            const problem = nameProblem(body.guestName, limits);
            if (problem !== null) return refusal(problem);
            const retryAfterMs = guestsPerAddress.take(address);
            if (retryAfterMs > 0) return refusal({ code: 'tooFast', retryAfterMs });
            const guest = await accounts.createGuest(body.guestName);
            principal = `guest:${guest.id}`;
            name = guest.displayName;
            ({ cookie } = await sessions.startCookie(principal));
            if (identity.via === 'cookie' && identity.sessionId !== null) {
              await sessions.end(identity.sessionId);
              parts.connections.endSessions([identity.sessionId]);
            }
          }
          const person = seat ?? (await people.takeSeat(roomId, principal, name));
          const via = principal.startsWith('guest:') ? 'guest' : 'invitation';
          const command = { type: 'admitParticipant', participantId: person.id, role, via } as const;
          const answer = await room.submit(systemActor, `admit-${person.id}`, command);
          // Somebody who is in the room already keeps the role he has: a link never demotes, and never promotes behind the chair's back.
          const inside = room.state.participants.get(person.id);
          if (!answer.ok && inside === undefined) return refusal(answer.rejection);
          if (inside?.standing === 'removed') return refusal({ code: 'removed' });
          return { status: 200, json: { roomId, participantId: person.id }, ...(cookie === undefined ? {} : { cookie }) };
        });
      },
    ),

    route({ method: 'get', path: '/limits', scope: 'read', who: 'anybody' }, () => Promise.resolve({ status: 200, json: { limits } })),
  ];
}
