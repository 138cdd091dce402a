import { io, type Socket } from 'socket.io-client';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { Answer, Down, Joined, Me, Up } from '#shared/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';

/** Somebody with a browser's cookie jar, as far as tests need one. */
export class Visitor {
  readonly base: string;
  cookie: string | null = null;
  /** What marks the device as one that knows the account; not sent unless it is made the cookie. */
  device: string | null = null;

  constructor(base: string) {
    this.base = base;
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: unknown }> {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        origin: this.base,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.cookie === null ? {} : { cookie: this.cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    let fresh = false;
    for (const set of response.headers.getSetCookie()) {
      const [cookie = ''] = set.split(';');
      if (/^(__Host-)?device=/.test(cookie)) this.device = cookie;
      else if (!fresh) {
        this.cookie = cookie;
        fresh = true;
      }
    }
    const text = await response.text();
    return { status: response.status, json: text === '' ? null : parsedOr(text) };
  }

  /** Like `request`, but anything except success is a failure of the test. */
  async ok<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, json } = await this.request(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(json)}`);
    return json as T;
  }

  /** Joins a room over Socket.IO with this visitor's cookie. */
  async join(roomId: string): Promise<RoomClient> {
    const client = new RoomClient(this.base, this.cookie, roomId);
    await client.join();
    return client;
  }
}

/** The first administrator of a fresh server. */
export async function administrator(base: string, setupSecret: string): Promise<Visitor> {
  const visitor = new Visitor(base);
  await visitor.ok<Me>('POST', '/api/setup', { token: setupSecret, handle: 'ana', displayName: 'Ana', password: 'correct horse battery' });
  return visitor;
}

/** Somebody who follows a fresh invitation of `host` into a room, with an account of the given handle. */
export async function invited(host: Visitor, roomId: string, role: string, handle: string): Promise<Visitor> {
  const { path } = await host.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role, days: 1 });
  const secret = path.split('#')[1] ?? '';
  const visitor = new Visitor(host.base);
  await visitor.ok('POST', '/api/accounts', { invitation: secret, handle, displayName: handle, password: 'correct horse battery' });
  await visitor.ok('POST', '/api/invitations/accept', { secret });
  return visitor;
}

/** The principal of the account somebody is signed in by. */
export async function accountOf(visitor: Visitor): Promise<string> {
  return `account:${(await visitor.ok<Me>('GET', '/api/me')).account?.id ?? ''}`;
}

/** Has the administrator suspend an account. */
export async function suspend(administrator: Visitor, principal: string): Promise<void> {
  await administrator.ok('POST', '/api/suspensions', { principal, reason: { code: 'disruption' } });
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

let made = 0;
export function freshCommandId(): string {
  made += 1;
  return `test-${process.pid}-${made}-${Date.now().toString(36)}`;
}

/** A socket in a room, with what it was told. */
export class RoomClient {
  readonly socket: Socket<Down, Up>;
  readonly roomId: string;
  joined: ({ ok: true } & Joined) | null = null;
  readonly commits: Parameters<Down['room:commits']>[0]['commits'][number][] = [];

  constructor(
    base: string,
    cookie: string | null,
    roomId: string,
    headers: Record<string, string> = {},
    query: Record<string, string> = {},
  ) {
    this.roomId = roomId;
    this.socket = io(base, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      query,
      extraHeaders: { origin: base, ...(cookie === null ? {} : { cookie }), ...headers },
    });
    this.socket.on('room:commits', ({ commits }) => this.commits.push(...commits));
  }

  tryJoin(after?: { seq: number; hash: string }): Promise<Answer<Joined>> {
    return this.socket.timeout(20_000).emitWithAck('room:join', { v: PROTOCOL_VERSION, roomId: this.roomId, after });
  }

  async join(): Promise<void> {
    const answer = await this.tryJoin();
    if (!answer.ok) throw new Error(`join refused: ${answer.rejection.code}`);
    this.joined = answer;
  }

  send(command: RoomCommand, commandId = freshCommandId()): Promise<Answer<{ readonly seq: number }>> {
    return this.socket.timeout(20_000).emitWithAck('command:send', { commandId, command });
  }

  /** Sends and expects to be accepted; waits where the pace is limited. */
  async act(command: RoomCommand): Promise<number> {
    const answer = await this.send(command);
    if (!answer.ok) throw new Error(`${command.type} refused: ${JSON.stringify(answer.rejection)}`);
    return answer.seq;
  }

  /** Resolves once a commit with at least this seq has arrived. */
  async reached(seq: number): Promise<void> {
    await until(() => (this.joined?.head.seq ?? 0) >= seq || this.commits.some((commit) => commit.seq >= seq), `seq ${seq}`);
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Waits for a state, looking again after each turn of the event loop; the watchdog is far beyond what is usual. */
export async function until(condition: () => boolean, what: string, watchdogMs = 20_000): Promise<void> {
  const deadline = performance.now() + watchdogMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
