import type { Server, Socket } from 'socket.io';
import type { Actor } from '#shared/domain/decision.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { commentOf } from '#shared/domain/state.ts';
import type { Audience } from '#shared/domain/visibility.ts';
import { audienceFor, audiences, regradedBy } from '#shared/domain/visibility.ts';
import { whyNot } from '#shared/domain/rules.ts';
import type { Down, PersonView, RoomSizeView, Up, You } from '#shared/protocol/messages.ts';
import type { People } from '../access/people.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { Publication } from '../rooms/publication.ts';
import { RoomPresence } from '../rooms/presence.ts';
import { passDamaged } from '../rooms/storeFailure.ts';
import { leanCommits, ownHidden, wireCommit } from '../rooms/redaction.ts';
import { RoomSnapshots } from './roomSnapshots.ts';

/** What a socket carries: the room it is in, and how it leaves it. */
interface Carried {
  joined?: { readonly roomId: string; readonly hub: RoomHub };
  leave?: () => void;
}
export type RoomSocket = Socket<Up, Down, Record<string, never>, Carried>;
export type RoomServer = Server<Up, Down, Record<string, never>, Carried>;

export interface Seat {
  readonly socket: RoomSocket;
  readonly actor: Actor;
  readonly displayName: string | null;
  /** Told in the lean form. */
  readonly lean: boolean;
  audience: Audience;
  role: string | null;
}

/** Called right after a message about commits was handed over: to which class, and how many read it. */
export type Told = (audience: Audience, readers: number) => void;

/**
 * How long presence gathers before it is told: a number on the screen may lag, a flood of frames may not. The more read it the longer,
 * by so much for each of them, and so many bytes a second are written to all of them together, however many do something.
 */
const PRESENCE_MS = 250;
const PRESENCE_MS_PER_READER = 0.5;
const PRESENCE_MOST_MS = 2_000;
const PRESENCE_BYTES_PER_SECOND = 1_500_000;
/** How long the names of a room may be given to who comes, without looking whether another process has changed one. */
const NAMES_MS = 1_000;

/**
 * The sockets of one room in this process. Every socket belongs to one audience class; a publication is encoded once per
 * class. Publications of one event-loop turn leave in one message.
 */
export class RoomHub {
  readonly room: LiveRoom;
  readonly presence = new RoomPresence();
  readonly snapshots: RoomSnapshots;
  readonly #io: RoomServer;
  readonly #people: People;
  readonly #told: Told;
  readonly #onFailed: (error: unknown) => void;
  readonly #seats = new Map<string, Seat>();
  /** The seats of each participant: an event that concerns one person looks at no other's. */
  readonly #seatsOf = new Map<string, Set<Seat>>();
  readonly #unsubscribe: () => void;
  #names: { readonly seq: number; readonly changes: number; readonly at: number; readonly people: Promise<readonly PersonView[]> } | null =
    null;
  #gathered: Publication[] = [];
  #telling: Promise<void> = Promise.resolve();
  #presenceTimer: NodeJS.Timeout | null = null;
  #presenceToldAt = Number.NEGATIVE_INFINITY;

  constructor(room: LiveRoom, io: RoomServer, people: People, told: Told, onFailed: (error: unknown) => void) {
    this.room = room;
    this.#io = io;
    this.#people = people;
    this.#told = told;
    this.#onFailed = onFailed;
    this.snapshots = RoomSnapshots.of(room);
    this.#unsubscribe = room.subscribe((publication) => this.#gather(publication));
  }

  get size(): number {
    return this.#seats.size;
  }

  /** Sockets of people with a seat in the room; viewers have a limit of their own. */
  get participantSockets(): number {
    let count = 0;
    for (const { size } of this.#seatsOf.values()) count += size;
    return count;
  }

  /** Sockets by the role of who holds them; `viewer` has no seat. */
  get roles(): ReadonlyMap<string, number> {
    const roles = new Map<string, number>();
    for (const { role } of this.#seats.values()) roles.set(role ?? 'viewer', (roles.get(role ?? 'viewer') ?? 0) + 1);
    return roles;
  }

  /** How many read in each class, in each form; a class and form nobody reads in is not there. */
  #readers(): readonly { readonly audience: Audience; readonly lean: boolean; readonly count: number }[] {
    const readers = new Map<string, { readonly audience: Audience; readonly lean: boolean; count: number }>();
    for (const { audience, lean } of this.#seats.values()) {
      const channel = this.#channel(audience, lean);
      const known = readers.get(channel);
      if (known === undefined) readers.set(channel, { audience, lean, count: 1 });
      else known.count += 1;
    }
    return [...readers.values()];
  }

  /** What a viewer is in this room now, or null if he may not read it. */
  you(actor: Actor, displayName: string | null): You | null {
    const { state } = this.room;
    const audience = audienceFor(state, actor);
    if (audience === null || this.room.isGone) return null;
    const participantId = actor.kind === 'participant' ? actor.id : null;
    const role = participantId === null ? null : (state.participants.get(participantId)?.role ?? null);
    return { participantId, role, displayName, audience, ownHidden: ownHidden(state, participantId, audience) };
  }

  /** Everybody who has a seat here, by name; read once for all who come within a moment. */
  names(): Promise<readonly PersonView[]> {
    const { seq } = this.room.head;
    const { changes } = this.#people;
    const now = performance.now();
    const known = this.#names;
    if (known?.seq === seq && known.changes === changes && now - known.at < NAMES_MS) return known.people;
    const read = { seq, changes, at: now, people: this.#people.inRoom(this.room.id) };
    this.#names = read;
    read.people.catch(() => {
      if (this.#names === read) this.#names = null;
    });
    return read.people;
  }

  enter(socket: RoomSocket, actor: Actor, you: You, lean = false): void {
    const seat: Seat = { socket, actor, displayName: you.displayName, lean, audience: you.audience, role: you.role };
    this.#seats.set(socket.id, seat);
    if (actor.kind === 'participant') {
      const own = this.#seatsOf.get(actor.id) ?? new Set();
      this.#seatsOf.set(actor.id, own.add(seat));
    }
    void socket.join(this.#channel(you.audience, lean));
    this.presence.enter(socket, you.participantId);
    this.#tellPresence();
  }

  leave(socket: RoomSocket): void {
    const seat = this.#seats.get(socket.id);
    if (seat === undefined) return;
    this.#seats.delete(socket.id);
    if (seat.actor.kind === 'participant') {
      const own = this.#seatsOf.get(seat.actor.id);
      own?.delete(seat);
      if (own?.size === 0) this.#seatsOf.delete(seat.actor.id);
    }
    for (const channel of this.#channels()) void socket.leave(channel);
    this.presence.leave(socket, seat.actor.kind === 'participant' ? seat.actor.id : null);
    this.#tellPresence();
  }

  /** Shows a participant as here who has no socket: a simulated person. */
  attend(participantId: string): { typing(what: 'draft' | 'comment' | null): void; leave(): void } {
    const connection = {};
    this.presence.enter(connection, participantId);
    this.#tellPresence();
    return {
      typing: (what) => {
        if (this.presence.type(connection, participantId, what)) this.#tellPresence();
      },
      leave: () => {
        this.presence.leave(connection, participantId);
        this.#tellPresence();
      },
    };
  }

  typing(socket: RoomSocket, typing: 'draft' | 'comment' | null): void {
    const actor = this.#seats.get(socket.id)?.actor;
    if (actor?.kind === 'participant' && this.presence.type(socket, actor.id, typing)) this.#tellPresence();
  }

  /** Tells the moderators what the room takes up; null where that is worth no word. */
  tellSize(size: RoomSizeView | null): void {
    this.#io.to([false, true].map((lean) => this.#channel('moderators', lean))).emit('room:size', { size });
  }

  /** The room is removed for good: everybody in it is told, and leaves. */
  sendAway(rejection: Rejection): void {
    for (const { socket } of [...this.#seats.values()]) {
      socket.emit('room:ended', { rejection });
      socket.disconnect(true);
    }
  }

  close(): void {
    this.#unsubscribe();
    if (this.#presenceTimer !== null) clearTimeout(this.#presenceTimer);
  }

  #channel(audience: Audience, lean: boolean): string {
    return `${this.room.id}/${audience}${lean ? '/lean' : ''}`;
  }

  #channels(): string[] {
    return audiences.flatMap((audience) => [false, true].map((lean) => this.#channel(audience, lean)));
  }

  #tellPresence(): void {
    const pauseMs = Math.min(PRESENCE_MOST_MS, Math.max(PRESENCE_MS, this.#seats.size * PRESENCE_MS_PER_READER));
    const waitMs = Math.max(PRESENCE_MS, this.#presenceToldAt + pauseMs - performance.now());
    this.#presenceTimer ??= setTimeout(() => {
      this.#presenceTimer = null;
      this.#presenceToldAt = performance.now();
      const change = this.presence.take((PRESENCE_BYTES_PER_SECOND * pauseMs) / 1_000 / Math.max(1, this.#seats.size));
      if (change === null) return;
      // Encoded once for all of them.
      this.#io.to(this.#channels()).emit('room:presence', change);
      // What did not fit, and what happens from now on.
      this.#tellPresence();
    }, waitMs);
  }

  #gather(publication: Publication): void {
    this.snapshots.note(publication);
    this.#gathered.push(publication);
    if (this.#gathered.length > 1) return;
    setImmediate(() => {
      const gathered = this.#gathered;
      this.#gathered = [];
      try {
        // At once, whatever the store does: whoever lost a class hears nothing more of it, and nothing that is still on its way.
        this.#regrade(this.room.state, regradedBy(gathered.flatMap(({ events }) => events)));
      } catch (error) {
        this.#reloadAll(error);
      }
      // Names come from the records; the order of the log is kept by telling one batch after the other.
      this.#telling = this.#telling.then(() => this.#tell(gathered)).catch((error: unknown) => this.#reloadAll(error));
    });
  }

  /**
   * What should have been told is lost to everybody here: they come back, say what they have, and get the rest. A line that stays open
   * over a gap would look whole.
   */
  #reloadAll(error: unknown): void {
    this.#onFailed(error);
    for (const { socket } of [...this.#seats.values()]) {
      this.leave(socket);
      socket.conn.close();
    }
  }

  async #tell(gathered: readonly Publication[]): Promise<void> {
    // Who is named for the first time, or by another name from now on.
    const named = gathered
      .flatMap(({ events }) => events)
      .filter((event) => event.type === 'participant.joined' || event.type === 'participant.erased');
    const people: PersonView[] = [];
    for (const event of named) {
      // Somebody whose record is damaged has no name; the others have theirs.
      const person = await this.#people.get(event.participantId).catch(passDamaged(this.#onFailed));
      if (person !== null && person !== undefined) people.push(person);
    }
    const state = this.room.state;
    // Whoever lost a class must leave it before the first commit he may no longer see.
    this.#regrade(state, regradedBy(gathered.flatMap(({ events }) => events)));
    // A class nobody of is here is not encoded for.
    for (const { audience, lean, count } of this.#readers()) {
      const to = this.#io.to(this.#channel(audience, lean));
      if (lean) to.emit('room:told', { commits: leanCommits(gathered, state, audience), people });
      else to.emit('room:commits', { commits: gathered.map(({ commit }) => wireCommit(commit, state, audience)), people });
      this.#told(audience, count);
    }
    this.#tellAuthorsOfWithheld(gathered);
  }

  /**
   * Rights are asked anew for the sockets of those whom events may have moved; whoever is in another class now moves and reloads, who may
   * not read leaves.
   */
  #regrade(state: RoomState, whom: ReadonlySet<string> | 'everybody'): void {
    const seats = whom === 'everybody' ? [...this.#seats.values()] : [...whom].flatMap((id) => [...(this.#seatsOf.get(id) ?? [])]);
    for (const seat of seats) {
      const you = this.you(seat.actor, seat.displayName);
      if (you === null) {
        const rejection = whyNot(state, seat.actor, 'room:read') ?? { code: 'notAllowed' };
        seat.socket.emit('room:ended', { rejection });
        this.leave(seat.socket);
        seat.socket.disconnect();
        continue;
      }
      if (you.audience === seat.audience && you.role === seat.role) continue;
      if (you.audience !== seat.audience) {
        void seat.socket.leave(this.#channel(seat.audience, seat.lean));
        void seat.socket.join(this.#channel(you.audience, seat.lean));
      }
      seat.audience = you.audience;
      seat.role = you.role;
      seat.socket.emit('you:changed', { you });
    }
  }

  /** The author of a comment that is hidden or held keeps seeing his own words: they go to him apart. */
  #tellAuthorsOfWithheld(gathered: readonly Publication[]): void {
    const authors = new Set<string>();
    for (const event of gathered.flatMap(({ events }) => events)) {
      const isHeld = (event.type === 'comment.posted' || event.type === 'comment.edited') && event.held === true;
      if (!isHeld && event.type !== 'comment.hidden') continue;
      const comment = commentOf(this.room.state, event.comment);
      if (comment !== undefined) authors.add(comment.authorId);
    }
    for (const seat of [...authors].flatMap((id) => [...(this.#seatsOf.get(id) ?? [])])) {
      const you = this.you(seat.actor, seat.displayName);
      if (you !== null) seat.socket.emit('you:changed', { you });
    }
  }
}
