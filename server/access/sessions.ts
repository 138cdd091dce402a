import type { IncomingMessage } from 'node:http';
import type { RecordStore } from '../store/ports.ts';
import type { RecordKinds, SessionRecord } from '../store/records.ts';
import type { Accounts } from './accounts.ts';
import type { Identity } from './identity.ts';
import { participantPrincipal, stranger } from './identity.ts';
import type { People } from './people.ts';
import { newSecret, secretId } from './secrets.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const IDLE_MS = DAY_MS;
const ABSOLUTE_MS = 30 * DAY_MS;
/** How many sign-ins are read or ended side by side. */
const AT_ONCE = 32;
/** How many sign-ins are looked up at once. */
const PAGE = 1_000;
/** Several machines have several clocks: none of them ends a sign-in before it is over by all of them. */
const LEEWAY_MS = 60_000;
/** How stale `seenAt` may be: a write per request would make reading cost a disk sync. */
const SEEN_EVERY_MS = 10 * 60 * 1000;

/** A browser's session that was started: its id, and the value of the Set-Cookie header. */
export interface Started {
  readonly id: string;
  readonly cookie: string;
}

/** Sign-ins of browsers (cookies) and of programs (bearer tokens). Only the SHA-256 of a secret is stored. */
export class Sessions {
  readonly #records: RecordStore<RecordKinds>;
  readonly #accounts: Accounts;
  readonly #people: Pick<People, 'record' | 'seatsOf'>;
  readonly #now: () => number;
  readonly cookieName: string;
  readonly #secure: boolean;

  /** `secure`: the public address is https, so cookies carry the `__Host-` prefix and `Secure`. */
  constructor(
    records: RecordStore<RecordKinds>,
    accounts: Accounts,
    people: Pick<People, 'record' | 'seatsOf'>,
    secure: boolean,
    now: () => number,
  ) {
    this.#records = records;
    this.#accounts = accounts;
    this.#people = people;
    this.#now = now;
    this.#secure = secure;
    this.cookieName = secure ? '__Host-sid' : 'sid';
  }

  /** Starts a browser's session for an account or a guest; gives its id, and the value of the Set-Cookie header. */
  startCookie(principal: string): Promise<Started> {
    return this.#startCookie({ principal });
  }

  /** Starts a browser's session of one participant, by the personal link that was followed. It counts in the link's room, and ends with the link. */
  startOfLink(participantId: string, linkId: string): Promise<Started> {
    return this.#startCookie({ principal: participantPrincipal(participantId), linkId });
  }

  async #startCookie(whose: Pick<SessionRecord, 'principal' | 'linkId'>): Promise<Started> {
    const secret = newSecret();
    await this.#insert(secret, { use: 'cookie', scopes: [], label: '', expiresAt: this.#now() + IDLE_MS, ...whose });
    return { id: secretId(secret), cookie: this.#cookie(secret, ABSOLUTE_MS / 1000) };
  }

  /**
   * Starts the session of one seat of a sample room, beside whatever else the browser is signed in as; gives the value of the
   * Set-Cookie header. It counts only for requests that name the seat in their query, and lasts `lastsMs`.
   */
  async startSeat(principal: string, seat: string, lastsMs: number): Promise<string> {
    const secret = newSecret();
    await this.#insert(secret, { use: 'seat', principal, scopes: [], label: seat, expiresAt: this.#now() + lastsMs });
    return this.#cookie(secret, lastsMs / 1000, seat);
  }

  endCookie(): string {
    return this.#cookie('', 0);
  }

  #cookie(value: string, maxAge: number, seat?: string): string {
    const name = seat === undefined ? this.cookieName : `${this.cookieName}-${seat}`;
    return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${this.#secure ? '; Secure' : ''}`;
  }

  /** Makes a program's token; null where its owner has `most` already. */
  async startToken(
    principal: string,
    label: string,
    days: number,
    scopes: readonly string[],
    most: number,
  ): Promise<{ id: string; token: string } | null> {
    const secret = newSecret();
    await this.#insert(secret, { use: 'token', principal, scopes, label, expiresAt: this.#now() + days * DAY_MS });
    const id = secretId(secret);
    // Counted with the new one among them: of many asked for at once no more than that stay.
    if ((await this.tokensOf(principal)).length <= most) return { id, token: secret };
    await this.end(id);
    return null;
  }

  async #insert(secret: string, session: Omit<SessionRecord, 'id' | 'rev' | 'createdAt' | 'seenAt'>): Promise<void> {
    const now = this.#now();
    await this.#records.insert('session', { id: secretId(secret), rev: 0, createdAt: now, seenAt: now, ...session });
  }

  tokensOf(principal: string): Promise<readonly SessionRecord[]> {
    return this.#of(principal, 'token');
  }

  async #of(principal: string, use: SessionRecord['use']): Promise<readonly SessionRecord[]> {
    const now = this.#now();
    return (await this.#allOf(principal)).filter((session) => session.use === use && !isOver(session, now));
  }

  async #allOf(principal: string): Promise<readonly SessionRecord[]> {
    const all: SessionRecord[] = [];
    for (let after = ''; ;) {
      const page = await this.#records.find('session', 'principal', principal, { after, limit: PAGE });
      all.push(...page);
      const last = page.at(-1);
      if (page.length < PAGE || last === undefined) return all;
      after = last.id;
    }
  }

  end(id: string): Promise<void> {
    return this.#records.remove('session', id);
  }

  /** Ends every sign-in of a principal, tokens included, and those by the personal links of its seats; gives their ids. */
  async endAll(principal: string): Promise<readonly string[]> {
    const ended: string[] = [];
    for (const whose of [principal, ...(await this.#people.seatsOf(principal)).map(({ id }) => participantPrincipal(id))]) {
      ended.push(...(await this.#end(await this.#allOf(whose))));
    }
    return ended;
  }

  /** Ends the sign-ins of a participant that were made by one of these personal links; gives their ids. */
  async endOfLinks(participantId: string, linkIds: readonly string[]): Promise<readonly string[]> {
    // Sign-ins of before links were of a room are kept with the account or guest behind the seat.
    const before = (await this.#people.record(participantId))?.principal;
    const all = [...(await this.#allOf(participantPrincipal(participantId))), ...(before === undefined ? [] : await this.#allOf(before))];
    return this.#end(all.filter(({ linkId }) => linkId !== undefined && linkIds.includes(linkId)));
  }

  async #end(sessions: readonly SessionRecord[]): Promise<readonly string[]> {
    for (let begin = 0; begin < sessions.length; begin += AT_ONCE) {
      await Promise.all(sessions.slice(begin, begin + AT_ONCE).map(({ id }) => this.end(id)));
    }
    return sessions.map(({ id }) => id);
  }

  /** A guest became an account: he stays signed in on his other devices. Gives the ids of the sign-ins that changed hands. */
  async move(from: string, to: string): Promise<readonly string[]> {
    const moved: string[] = [];
    for (const session of await this.#allOf(from)) {
      // Somebody may have been seen meanwhile: what is stored now counts.
      for (let current: SessionRecord | null = session; current !== null; current = await this.#records.get('session', session.id)) {
        if ((await this.#records.replace('session', { ...current, principal: to })) !== 'replaced') continue;
        moved.push(session.id);
        break;
      }
    }
    return moved;
  }

  /**
   * Who sent a request or an upgrade: a bearer token if there is one, else the cookie, else nobody. A wrong, ended or expired
   * secret counts as nobody; doors that need somebody refuse then. A request that names a seat of a sample room belongs to that
   * seat's cookie or to nobody: never to who else is signed in in that browser.
   */
  async identify(request: Pick<IncomingMessage, 'headers' | 'url'>): Promise<Identity> {
    const bearer = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1];
    const seat = bearer === undefined ? seatNamed(request.url) : null;
    const secret = bearer ?? cookieValue(request.headers.cookie, seat === null ? this.cookieName : `${this.cookieName}-${seat}`);
    if (secret === null || secret === undefined) return stranger;
    const session = await this.#records.get('session', secretId(secret));
    const now = this.#now();
    const use = bearer !== undefined ? 'token' : seat === null ? 'cookie' : 'seat';
    if (session === null || isOver(session, now) || session.use !== use) return stranger;
    if (seat !== null && session.label !== seat) return stranger;
    await this.#seen(session, now);
    return this.#identityOf(session);
  }

  /** Use keeps a cookie alive, up to its last day. */
  async #seen(session: SessionRecord, now: number): Promise<void> {
    if (session.use !== 'cookie' || now - session.seenAt <= SEEN_EVERY_MS) return;
    const expiresAt = Math.min(now + IDLE_MS, session.createdAt + ABSOLUTE_MS);
    await this.#records.replace('session', { ...session, seenAt: now, expiresAt });
  }

  /** Takes note that these sign-ins have live connections, and gives those among them that are over. */
  async stillUsed(ids: Iterable<string>): Promise<readonly string[]> {
    return this.over(ids, (session) => this.#seen(session, this.#now()));
  }

  /** Which of these sign-ins are over; the others are shown to `use`. */
  async over(ids: Iterable<string>, use?: (session: SessionRecord) => Promise<void>): Promise<readonly string[]> {
    const all = [...ids];
    const over: string[] = [];
    for (let begin = 0; begin < all.length; begin += AT_ONCE) {
      const some = all.slice(begin, begin + AT_ONCE);
      const found = await Promise.all(some.map((id) => this.#records.get('session', id)));
      for (const [index, id] of some.entries()) {
        const session = found[index] ?? null;
        if (session === null || isOver(session, this.#now())) over.push(id);
        else await use?.(session);
      }
    }
    return over;
  }

  async #identityOf(session: SessionRecord): Promise<Identity> {
    // Whatever principal it is stored under: a sign-in that a link made is its participant's, and nobody's beyond the room.
    if (session.linkId !== undefined) return this.#participantOf(session, session.linkId);
    const holder = await this.#holder(session.principal);
    if (holder === null) return stranger;
    return { ...signIn(session), ...holder, principal: session.principal, linkId: null, roomId: null };
  }

  async #participantOf(session: SessionRecord, linkId: string): Promise<Identity> {
    const link = await this.#records.get('personalLink', linkId);
    const person = link === null || link.revokedAt !== null ? null : await this.#people.record(link.personId);
    if (person === null || (await this.#holder(person.principal)) === null) return stranger;
    const { id, roomId, displayName } = person;
    return { ...signIn(session), principal: participantPrincipal(id), kind: 'participant', admin: false, displayName, linkId, roomId };
  }

  /**
   * The account or guest a principal names, or null where nobody may be signed in by it. Asked at every request and every new
   * connection: also a sign-in that was being written meanwhile is nobody's.
   */
  async #holder(principal: string): Promise<Pick<Identity, 'kind' | 'displayName' | 'admin'> | null> {
    const [kind, id = ''] = principal.split(':');
    if (kind === 'account') {
      const account = await this.#accounts.get(id);
      if (account === null || account.suspension !== undefined) return null;
      return { kind, displayName: account.displayName, admin: account.admin };
    }
    const guest = kind === 'guest' ? await this.#accounts.guest(id) : null;
    return guest === null ? null : { kind: 'guest', displayName: guest.displayName, admin: false };
  }

  /** Removes what has expired. */
  sweep(): Promise<number> {
    return this.#records.removeExpired('session', this.#now() - LEEWAY_MS);
  }
}

/** Whether a sign-in is over by everybody's clock. */
function isOver(session: SessionRecord, now: number): boolean {
  return session.expiresAt + LEEWAY_MS <= now;
}

function signIn({ id, use, scopes }: SessionRecord): Pick<Identity, 'via' | 'sessionId' | 'scopes'> {
  return { via: use === 'token' ? 'token' : 'cookie', sessionId: id, scopes };
}

/** The seat that an address names in its query, or null. */
function seatNamed(url: string | undefined): string | null {
  const at = url?.indexOf('?') ?? -1;
  const seat = at < 0 ? null : new URLSearchParams(url?.slice(at + 1)).get('seat');
  return seat === null || !/^[a-z]{1,20}$/.test(seat) ? null : seat;
}

function cookieValue(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null;
  }
  return null;
}
