import type { Socket } from 'socket.io-client';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import type {
  Answer,
  Down,
  Head,
  Joined,
  PersonView,
  PresenceChange,
  RoomSizeView,
  SentCommand,
  Up,
  You,
} from '#shared/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import { backoffMs, spreadMs } from './backoff.ts';
import type { ToldCommit } from './follow.ts';

export type RoomSocket = Socket<Down, Up>;

/** Where the connection is. `refused` is final until the person does something. */
export type Phase =
  | { readonly name: 'connecting' }
  | { readonly name: 'live' }
  /** It was live and will be again; what is on the screen stays. */
  | { readonly name: 'away' }
  | { readonly name: 'refused'; readonly rejection: Rejection };

/** Who is told. `heldHead` is asked at every join: what the room here reaches to, or null for nothing. */
export interface Listener {
  heldHead(): Head | null;
  phase(phase: Phase): void;
  joined(joined: Joined): void;
  commits(commits: readonly ToldCommit[], people: readonly PersonView[]): void;
  presence(change: PresenceChange): void;
  storing(storing: boolean): void;
  you(you: You): void;
  size(size: RoomSizeView | null): void;
}

/** The edges, so that a test can hold them. */
export interface Edges {
  /** A socket that is not connected yet and does not reconnect by itself. */
  open(): Promise<RoomSocket>;
  /** Runs something later; gives what calls it off. */
  later(ms: number, run: () => void): () => void;
  random(): number;
  /** Unpacks a room that came packed; without it none is asked for. */
  unpack?: ((packed: Uint8Array) => Promise<RoomSnapshot>) | undefined;
}

const ANSWER_MS = 10_000;
/** The answer to a join is the whole room, which takes a narrow line its time; a line that is dead ends by its heartbeat. */
const JOIN_ANSWER_MS = 45_000;

/** One socket in one room: it joins, comes back after a loss, and asks again for whatever was missed. */
export class RoomConnection {
  readonly #roomId: string;
  readonly #listener: Listener;
  readonly #edges: Edges;
  #unpack: Edges['unpack'];
  #socket: RoomSocket | null = null;
  #stopped = false;
  /** Whether it is kept from connecting until `resume`. */
  #held = false;
  #wasLive = false;
  #attempt = 0;
  /** How long the server asked to wait before the next attempt, at least. */
  #leastMs = 0;
  /** Over how long to spread coming back, as a server that goes down asked for; null where it did not. */
  #spreadMs: number | null = null;
  #reloads = 0;
  /** What is tried next after a pause, and how to call that off; null while nothing waits. */
  #next: { readonly again: () => void; readonly callOff: () => void } | null = null;
  /** Grows with every join; an answer to an older one is passed over. */
  #round = 0;
  /** Commits that came while a join was under way; null while none is. */
  #early: { commits: readonly ToldCommit[]; people: readonly PersonView[] }[] | null = null;
  /** What else came behind an answer that is being unpacked, and is newer than it; null while none is. */
  #behind: (() => void)[] | null = null;

  constructor(roomId: string, listener: Listener, edges: Edges) {
    this.#roomId = roomId;
    this.#listener = listener;
    this.#edges = edges;
    this.#unpack = edges.unpack;
  }

  async start(): Promise<void> {
    this.#listener.phase({ name: 'connecting' });
    let socket: RoomSocket;
    try {
      socket = await this.#edges.open();
    } catch {
      // The code of the socket could not be loaded.
      this.#retry(() => void this.start());
      return;
    }
    if (this.#stopped) return;
    this.#socket = socket;
    socket.on('connect', () => void this.#join(true));
    socket.on('disconnect', () => this.#lost());
    socket.on('connect_error', (error) => {
      const { rejection } = ((error as { data?: unknown }).data ?? {}) as { rejection?: Rejection };
      if (rejection !== undefined && !passes(rejection)) this.#refuse(rejection);
      else {
        if (rejection !== undefined) this.#leastMs = waitFor(rejection);
        this.#lost();
      }
    });
    const told = ({ commits, people }: { readonly commits: readonly ToldCommit[]; readonly people: readonly PersonView[] }): void => {
      if (this.#early === null) this.#listener.commits(commits, people);
      else this.#early.push({ commits, people });
    };
    socket.on('room:commits', told);
    socket.on('room:told', told);
    socket.on('room:presence', (change) => this.#inOrder(() => this.#listener.presence(change)));
    socket.on('room:size', ({ size }) => this.#inOrder(() => this.#listener.size(size)));
    socket.on('room:leaving', ({ spreadMs }) => (this.#spreadMs = spreadMs));
    socket.on('room:storing', ({ storing }) => this.#inOrder(() => this.#listener.storing(storing)));
    socket.on('you:changed', ({ you }) => {
      this.#listener.you(you);
      void this.#join(false);
    });
    socket.on('room:ended', ({ rejection }) => {
      // What passes by itself is like any loss of the line, only that it lasts a while.
      if (passes(rejection)) this.#leastMs = waitFor(rejection);
      else this.#refuse(rejection);
    });
    if (!this.#held) socket.connect();
  }

  /** Ends the connection for good. */
  stop(): void {
    this.#stopped = true;
    this.#next?.callOff();
    this.#next = null;
    this.#socket?.disconnect();
    this.#socket = null;
  }

  /** Cuts the line as a loss of the network would, and keeps it cut until `resume`. */
  hold(): void {
    this.#held = true;
    this.#next?.callOff();
    this.#next = null;
    this.#socket?.disconnect();
  }

  /** Comes back after `hold`, as after any loss. */
  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    if (!this.#stopped) this.#socket?.connect();
  }

  /** Tries at once, where a pause was under way: the network came back, or the person asked. */
  hurry(): void {
    if (this.#next === null || this.#stopped) return;
    const { again, callOff } = this.#next;
    callOff();
    this.#next = null;
    again();
  }

  /** Joins again without what is held, for a snapshot: at once the first time, then with growing pauses. */
  reload(): void {
    const wait = this.#reloads === 0 ? 0 : backoffMs(this.#reloads, this.#edges.random());
    this.#reloads += 1;
    this.#edges.later(wait, () => void this.#join(false));
  }

  /** Sends a command. Null: no answer came, and it must be sent again. */
  async send(commandId: string, command: SentCommand): Promise<Answer<{ readonly seq: number }> | null> {
    const socket = this.#socket;
    if (socket?.connected !== true) return null;
    try {
      return await socket.timeout(ANSWER_MS).emitWithAck('command:send', { commandId, command });
    } catch {
      return null;
    }
  }

  /** The commits behind a seq, or null where they cannot be had this way. */
  async catchUp(after: number): Promise<readonly WireCommit[] | null> {
    const socket = this.#socket;
    if (socket?.connected !== true) return null;
    try {
      const answer = await socket.timeout(ANSWER_MS).emitWithAck('room:catchup', { after });
      return answer.ok ? answer.commits : null;
    } catch {
      return null;
    }
  }

  /** Says what this person is doing, while there is somebody to tell. Not volatile: the word that he stopped must not get lost behind a command. */
  setTyping(typing: 'draft' | 'comment' | null): void {
    if (this.#socket?.connected === true) this.#socket.emit('presence:set', { typing });
  }

  async #join(carryOn: boolean): Promise<void> {
    const socket = this.#socket;
    if (socket?.connected !== true) return;
    this.#round += 1;
    const round = this.#round;
    this.#early ??= [];
    const head = carryOn ? this.#listener.heldHead() : null;
    let answer: Answer<Joined> | null;
    try {
      const packs = this.#unpack === undefined ? {} : { packs: 'gzip' as const };
      const message = { v: PROTOCOL_VERSION, roomId: this.#roomId, lean: true, ...packs, ...(head === null ? {} : { after: head }) };
      const given: Answer<Joined> = await socket.timeout(JOIN_ANSWER_MS).emitWithAck('room:join', message);
      answer = given.ok && given.packed !== undefined ? await this.#unpacked(given, given.packed) : given;
    } catch {
      answer = null;
    }
    if (this.#stopped || round !== this.#round) return;
    const behind = this.#behind ?? [];
    this.#behind = null;
    if (answer === null) {
      // Connected and yet no answer: begin anew with another connection, as after any loss.
      socket.disconnect();
      return;
    }
    if (!answer.ok) {
      if (passes(answer.rejection)) this.#retry(() => void this.#join(carryOn), waitFor(answer.rejection));
      else this.#refuse(answer.rejection);
      return;
    }
    const early = this.#early;
    this.#early = null;
    this.#attempt = 0;
    this.#wasLive = true;
    this.#listener.joined(answer);
    this.#listener.phase({ name: 'live' });
    for (const { commits, people } of early) this.#listener.commits(commits, people);
    for (const tell of behind) tell();
  }

  async #unpacked({ packed: _packed, ...joined }: Joined, packed: Uint8Array): Promise<{ readonly ok: true } & Joined> {
    this.#behind = [];
    try {
      const snapshot = await this.#unpack?.(packed);
      if (snapshot === undefined) throw new Error('nobody unpacks it');
      return { ok: true, ...joined, snapshot };
    } catch (error) {
      // The next answer comes as it is.
      this.#unpack = undefined;
      throw error;
    }
  }

  #inOrder(tell: () => void): void {
    if (this.#behind === null) tell();
    else this.#behind.push(tell);
  }

  /** What was missed has been folded without another reload. */
  settled(): void {
    this.#reloads = 0;
  }

  #lost(): void {
    if (this.#stopped) return;
    this.#round += 1;
    this.#early = null;
    this.#behind = null;
    this.#listener.phase({ name: this.#wasLive ? 'away' : 'connecting' });
    this.#retry(() => this.#socket?.connect(), this.#leastMs);
    this.#leastMs = 0;
  }

  #retry(again: () => void, leastMs = 0): void {
    if (this.#held) return;
    const random = this.#edges.random();
    const wait = leastMs + (this.#spreadMs === null ? backoffMs(this.#attempt, random) : spreadMs(this.#spreadMs, random));
    this.#spreadMs = null;
    this.#attempt += 1;
    this.#next?.callOff();
    const callOff = this.#edges.later(wait, () => {
      this.#next = null;
      again();
    });
    this.#next = { again, callOff };
  }

  #refuse(rejection: Rejection): void {
    this.#round += 1;
    this.#listener.phase({ name: 'refused', rejection });
    this.stop();
  }
}

/** Whether a refusal passes by itself, so that trying again makes sense. */
function passes(rejection: Rejection): boolean {
  return rejection.code === 'tooFast' || rejection.code === 'storeUnavailable' || rejection.code === 'tooMany';
}

function waitFor(rejection: Rejection): number {
  return rejection.code === 'tooFast' ? rejection.retryAfterMs : 500;
}
