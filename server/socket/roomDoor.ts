import { whyNot } from '#shared/domain/rules.ts';
import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { z } from 'zod';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import type { Answer, Head, Joined } from '#shared/protocol/messages.ts';
import { messages } from '#shared/protocol/schemas.ts';
import { spreadOf } from '#shared/protocol/close.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import type { Identity } from '../access/identity.ts';
import { countsElsewhere, hasScope, stranger, toldTo } from '../access/identity.ts';
import { countEncoded } from '../metrics/measured.ts';
import { wireCommit } from '../rooms/redaction.ts';
import { sizeWarning } from '../rooms/sizeWatch.ts';
import { isStoreFailure, rejectionOf } from '../rooms/storeFailure.ts';
import { MessagePace } from './messagePace.ts';
import { encodeOnce, writeShared } from './encodedOnce.ts';
import { Entrance } from './entrance.ts';
import type { RoomServer, RoomSocket, Told } from './roomHub.ts';
import { RoomHub } from './roomHub.ts';
import type { RoomDoor, RoomDoorParts } from './roomDoorParts.ts';
import { roomParser } from './roomParser.ts';
import { closeSlowReaders } from './slowReaders.ts';

const PAGE = 500;
/** How often a join is begun anew where the room moved on while it was prepared. */
const JOIN_ATTEMPTS = 5;
/** Bytes of events in an answer to `room:catchup`, and in one to who comes back; a single commit may be larger. */
const PAGE_BYTES = 1024 * 1024;
const CONTINUATION_BYTES = 4 * 1024 * 1024;
/** Messages that may wait until it is known whose a socket is. */
const UNKNOWN_MOST = 20;
/** Malformed messages a socket may send before it is closed. */
const MALFORMED_MOST = 20;
type Payload<M extends keyof typeof messages> = z.infer<(typeof messages)[M]>;

interface OpenHub {
  readonly hub: RoomHub;
  readonly release: () => void;
  /** How many are about to enter: they keep it open. */
  joining: number;
}

function no(rejection: Rejection): { readonly ok: false; readonly rejection: Rejection } {
  return { ok: false, rejection };
}

/** The Socket.IO door of the rooms: parse, act, acknowledge, tell. No rule lives here. */
export function createRoomDoor(http: HttpServer, parts: RoomDoorParts): RoomDoor {
  const { rooms, people, sessions, connections, limits } = parts;
  const entrance = new Entrance(parts);
  const hubs = new Map<string, OpenHub>();
  let anonymous = 0;

  const io: RoomServer = new Server(http, {
    path: '/socket.io',
    transports: ['websocket'],
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: limits.messageBytes,
    connectTimeout: limits.joinTimeoutMs,
    allowRequest: entrance.admit,
    parser: roomParser,
  });
  entrance.watch(io);

  const endWatch = closeSlowReaders(() => io.sockets.sockets.values(), limits, parts.now);
  encodeOnce(io.encoder);
  io.engine.on('connection', writeShared);
  const lastBytes = countEncoded(io.encoder);
  const told: Told = (audience, readers) => parts.meters.published(audience, lastBytes(), readers);

  /** Runs `use` with the hub of a room, which stays open meanwhile even if the last one in it leaves. */
  async function withHub<T>(roomId: string, use: (hub: RoomHub) => Promise<T>): Promise<T> {
    let entry = hubs.get(roomId);
    if (entry === undefined) {
      const { room, release } = await rooms.hold(roomId);
      // Asked again after the await: two first joiners share one hub.
      entry = hubs.get(roomId);
      if (entry === undefined) {
        entry = { hub: new RoomHub(room, io, people, told, parts.onStoreFailed), release, joining: 0 };
        hubs.set(roomId, entry);
      } else release();
    }
    entry.joining += 1;
    try {
      return await use(entry.hub);
    } finally {
      entry.joining -= 1;
      closeIfUnused(roomId, entry);
    }
  }

  function closeIfUnused(roomId: string, entry: OpenHub): void {
    if (entry.hub.size > 0 || entry.joining > 0 || hubs.get(roomId) !== entry) return;
    hubs.delete(roomId);
    entry.hub.close();
    entry.release();
  }

  function leaveHub(roomId: string, socket: RoomSocket): void {
    const entry = hubs.get(roomId);
    if (entry === undefined) return;
    entry.hub.leave(socket);
    closeIfUnused(roomId, entry);
  }

  /** The commits behind `after` up to the head, if they continue it and are few; null where a snapshot is due. */
  async function continuation(hub: RoomHub, after: Head | undefined) {
    if (after === undefined || after.seq === 0 || after.seq > hub.room.head.seq) return null;
    if (hub.room.head.seq - after.seq > PAGE) return null;
    // Nothing was missed: most of those who come back after a restart.
    if (hub.room.head.seq === after.seq) return hub.room.head.hash === after.hash ? [] : null;
    // The store may have a commit already that the room has not yet.
    const commits = (await hub.room.commitsAfter(after.seq, PAGE, CONTINUATION_BYTES)).filter(({ seq }) => seq <= hub.room.head.seq);
    const continues = commits[0] === undefined ? after.hash === hub.room.head.hash : commits[0].prevHash === after.hash;
    return continues && (commits.at(-1)?.seq ?? after.seq) === hub.room.head.seq ? commits : null;
  }

  function join(socket: RoomSocket, identity: Identity, message: Payload<'room:join'>): Promise<Answer<Joined>> {
    if (message.v !== PROTOCOL_VERSION) return Promise.resolve(no({ code: 'reloadNeeded' }));
    if (!hasScope(identity, 'read')) return Promise.resolve(no({ code: 'notAllowed' }));
    return withHub(message.roomId, (hub) => enter(socket, identity, message, hub));
  }

  async function enter(socket: RoomSocket, identity: Identity, message: Payload<'room:join'>, hub: RoomHub): Promise<Answer<Joined>> {
    const { roomId } = message;
    const { actor, person } = await people.actorIn(roomId, identity);
    // Asked again before anybody is refused or taken for a stranger: he may have got his seat from another process a moment ago.
    if (hub.you(actor, null) === null || !hub.room.knows(actor)) await hub.room.catchUp();
    if (hub.you(actor, null) === null) {
      // A sign-in of another room is nobody's here.
      const who = countsElsewhere(identity, roomId) ? stranger : identity;
      const gone = hub.room.state.status === 'absent' ? await parts.purged.refusal(roomId, who) : null;
      if (gone !== null) return no(gone);
      const why = whyNot(hub.room.state, actor, 'room:read');
      if (why?.code === 'roomDeleted' || (why === null && hub.room.isGone)) return no({ code: 'roomDeleted' });
      const standing = actor.kind === 'participant' ? hub.room.state.participants.get(actor.id)?.standing : undefined;
      if (standing === 'removed') return no({ code: 'removed' });
      // A room that is there and may not be read is told apart from none by nobody.
      return no(who.principal !== null ? { code: 'notFound' } : toldTo(identity, { code: 'signInNeeded' }));
    }
    for (let attempt = 0; attempt < JOIN_ATTEMPTS; attempt += 1) {
      const continued = await continuation(hub, message.after);
      const form = { audience: hub.you(actor, null)?.audience ?? 'everyone', lean: message.lean === true };
      const written = continued === null ? await hub.snapshots.written(form, message.packs === 'gzip') : null;
      // Asked last: whoever got a seat meanwhile has his name among them.
      const names = await hub.names();
      // From here to the answer nothing awaits: what is published later reaches this socket, what came before is in the answer.
      const you = hub.you(actor, person?.displayName ?? null);
      // Whoever hung up meanwhile would stay among those present for ever.
      if (you === null || socket.disconnected) return no({ code: 'notFound' });
      const { state, head } = hub.room;
      const start = written?.head ?? message.after ?? head;
      const commits = written === null ? (continued ?? []) : hub.snapshots.behind(form, written);
      // The room has moved on, or what was written out may not be shown to this one any more.
      const stands = commits !== null && (commits.at(-1)?.seq ?? start.seq) === head.seq;
      if (!stands || (written !== null && you.audience !== form.audience)) continue;
      const most = limits.participantSocketsPerRoom;
      if (actor.kind === 'participant' && hub.participantSockets >= most) return no({ code: 'tooMany', most });
      socket.data.leave?.();
      const stand = connections.sit(identity.principal, roomId, limits.socketsPerPerson);
      if (stand === null) return no({ code: 'tooMany', most: limits.socketsPerPerson });
      hub.enter(socket, actor, you, form.lean);
      socket.data.joined = { roomId, hub };
      socket.data.leave = () => {
        delete socket.data.leave;
        stand();
        leaveHub(roomId, socket);
      };
      const size = you.audience === 'moderators' ? sizeWarning(hub.room, limits) : null;
      return {
        ok: true,
        you,
        head: written?.head ?? head,
        people: names,
        presence: hub.presence.view,
        serverTime: parts.now(),
        storing: parts.storing(),
        ...(size === null ? {} : { size }),
        ...(written !== null && commits.length === 0 ? {} : { commits: commits.map((commit) => wireCommit(commit, state, you.audience)) }),
        // Last: its bytes end the packet, and are shared by all who get them.
        ...(written === null
          ? {}
          : written.packed === null
            ? { snapshot: written.snapshot as unknown as RoomSnapshot }
            : { packed: written.packed }),
      };
    }
    return no({ code: 'tooFast', retryAfterMs: 1_000 });
  }

  io.on('connection', (socket) => {
    void serve(socket).catch((error: unknown) => {
      parts.onStoreFailed(error);
      socket.disconnect(true);
    });
  });

  async function serve(socket: RoomSocket): Promise<void> {
    let malformed = 0;
    const pace = new MessagePace(limits.refusalsPerSocket, parts.now);
    /** Ends the connection with a word why. */
    const sendAway = (rejection: Rejection): void => {
      socket.emit('room:ended', { rejection });
      socket.disconnect(true);
    };
    /** What it was told once too often while it went on all the same; it ends when what it was let do is answered. */
    let hasty: Rejection | null = null;
    let underWay = 0;
    const endIfHasty = (): void => {
      if (hasty !== null && underWay === 0) setImmediate(sendAway, hasty);
    };
    const address = parts.addressOf(socket.request);
    // Handlers are set before the first await: what arrives meanwhile waits for the identity instead of being lost.
    const known = sessions.identify(socket.request);
    let identity: Identity | null = null;
    let early = 0;

    type Ack = (answer: { ok: true } | { ok: false; rejection: Rejection }) => void;
    const on = <M extends keyof typeof messages>(
      name: M,
      handle: (message: Payload<M>, who: Identity) => Promise<{ ok: true } | { ok: false; rejection: Rejection }>,
    ): void => {
      const listener = (...received: unknown[]): void => {
        const last = received.at(-1);
        const reply: Ack = typeof last === 'function' ? (last as Ack) : () => undefined;
        const begun = performance.now();
        const ack: Ack = (answer) => {
          if (!answer.ok) parts.meters.refused('room', answer.rejection.code);
          else if (name === 'command:send') parts.meters.acknowledged('command', performance.now() - begun);
          reply(answer);
          if (!answer.ok && answer.rejection.code === 'tooFast' && pace.refused()) hasty = answer.rejection;
          endIfHasty();
        };
        const parsed = messages[name].safeParse(received[0]);
        if (!parsed.success) {
          malformed += 1;
          ack({ ok: false, rejection: { code: 'malformed', field: parsed.error.issues[0]?.path.join('.') ?? '' } });
          if (malformed > MALFORMED_MOST) socket.disconnect(true);
          return;
        }
        const retryAfterMs = identity === null && (early += 1) > UNKNOWN_MOST ? 1_000 : pace.take(name);
        if (retryAfterMs > 0) return ack(no({ code: 'tooFast', retryAfterMs }));
        known
          .then((who) => handle(parsed.data as Payload<M>, who))
          .then(ack, (error: unknown) => {
            if (isStoreFailure(error)) parts.onStoreFailed(error);
            else parts.log.warn({ err: error, message: name }, 'a message could not be handled');
            ack({ ok: false, rejection: rejectionOf(error) });
          });
      };
      socket.on(name, listener as never);
    };

    socket.use(([name, ...rest], next) => {
      if (Object.hasOwn(messages, name)) return next();
      malformed += 1;
      parts.meters.refused('room', 'malformed');
      const ack: unknown = rest.at(-1);
      if (typeof ack === 'function') (ack as Ack)({ ok: false, rejection: { code: 'malformed', field: 'event' } });
      if (malformed > MALFORMED_MOST) socket.disconnect(true);
    });

    let joining = 0;
    on('room:join', async (message, who) => {
      joining += 1;
      try {
        const answer = await join(socket, who, message);
        if (answer.ok) {
          clearInterval(poor);
          entrance.joined(socket);
        }
        return answer;
      } finally {
        joining -= 1;
      }
    });

    on('command:send', async ({ commandId, command }, who) => {
      const { joined } = socket.data;
      if (joined === undefined) return no({ code: 'notFound' });
      if (who.principal === null) return no({ code: 'signInNeeded' });
      if (!hasScope(who, 'write')) return no({ code: 'notAllowed' });
      const retryAfterMs = parts.pace.message(address, who.principal);
      if (retryAfterMs > 0) return no({ code: 'tooFast', retryAfterMs });
      // Known to fail: refused at once, and sent again when everybody is told that it can be stored.
      if (!parts.storing()) return no({ code: 'storeUnavailable' });
      underWay += 1;
      try {
        const { actor } = await people.actorIn(joined.roomId, who);
        const answer = await parts.submit(joined.hub.room, actor, commandId, command);
        return answer.ok ? answer : no(toldTo(who, answer.rejection));
      } finally {
        underWay -= 1;
      }
    });

    on('room:catchup', async ({ after }, who) => {
      const { joined } = socket.data;
      if (joined === undefined) return no({ code: 'notFound' });
      const { hub, roomId } = joined;
      const { actor } = await people.actorIn(roomId, who);
      const read = await hub.room.commitsAfter(after, PAGE, PAGE_BYTES);
      const you = hub.you(actor, null);
      if (you === null) return no({ code: 'notFound' });
      const { state, head } = hub.room;
      const commits = read.filter(({ seq }) => seq <= head.seq).map((commit) => wireCommit(commit, state, you.audience));
      return { ok: true, commits, head };
    });

    on('presence:set', ({ typing }) => {
      socket.data.joined?.hub.typing(socket, typing);
      return Promise.resolve({ ok: true });
    });

    // Whoever asked to be let in and waits for a slow store is looked at again later: cut off, he would only ask once more.
    const poor = setInterval(() => {
      if (joining === 0) socket.disconnect(true);
    }, limits.joinTimeoutMs);
    const undo: (() => void)[] = [];
    socket.on('disconnect', (reason) => {
      parts.meters.closed('room', reason);
      clearInterval(poor);
      socket.data.leave?.();
      for (const step of undo) step();
      // A client may leave the room's namespace and keep the line: nobody would count it.
      socket.conn.close();
    });

    identity = await known;
    const { principal, sessionId } = identity;
    if (principal === null) {
      anonymous += 1;
      undo.push(() => (anonymous -= 1));
      if (anonymous > limits.anonymousSockets) sendAway({ code: 'tooMany', most: limits.anonymousSockets });
    } else if (connections.countOf(principal) >= limits.socketsPerPersonInAll) {
      sendAway({ code: 'tooMany', most: limits.socketsPerPersonInAll });
    }
    const end = (): void => sendAway({ code: 'signInNeeded' });
    const again = (): void => void socket.conn.close();
    undo.push(connections.add({ sessionId, principal, end, again }));
    if (socket.disconnected) for (const step of undo) step();
    // Asked again now that an end of the sign-in would reach this connection: it may have ended a moment before.
    else if (principal !== null && (await sessions.identify(socket.request)).principal !== principal) end();
  }

  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    endWatch();
    io.emit('room:leaving', { spreadMs: spreadOf(io.sockets.sockets.size) });
    await io.close();
    for (const { hub, release } of hubs.values()) {
      hub.close();
      release();
    }
    hubs.clear();
  }

  return {
    io,
    presenceOf: (roomId) => hubs.get(roomId)?.hub.presence,
    roles: () => {
      const roles = new Map<string, number>();
      for (const { hub } of hubs.values()) {
        for (const [role, count] of hub.roles) roles.set(role, (roles.get(role) ?? 0) + count);
      }
      return roles;
    },
    socketsIn: (roomId) => hubs.get(roomId)?.hub.size ?? 0,
    attend: (roomId, participantId) => hubs.get(roomId)?.hub.attend(participantId) ?? null,
    tellSize: (roomId) => {
      const hub = hubs.get(roomId)?.hub;
      hub?.tellSize(sizeWarning(hub.room, limits));
    },
    endRoom: (roomId) => hubs.get(roomId)?.hub.sendAway({ code: 'roomDeleted' }),
    tellStoring: (storing) => void io.emit('room:storing', { storing }),
    close: () => (closing ??= close()),
  };
}
