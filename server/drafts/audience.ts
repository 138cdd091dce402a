import type { Rejection } from '#shared/domain/rejections.ts';
import { closeCodes } from '#shared/protocol/close.ts';
import type { Standing } from '#shared/protocol/frames.ts';
import { noMeters } from '../metrics/meters.ts';
import type { Connection, MayWrite } from './connection.ts';
import type { DraftText } from './draftText.ts';
import { presenceFrame, standingFrame, stepOneFrame, updateFrame } from './frames.ts';
import type { DraftParts } from './parts.ts';
import { Presence, presenceTurnMs } from './presence.ts';

/** Temporary reasons not to write which leave one's place in the draft visible. */
const staysVisible: ReadonlySet<string> = new Set(['draftLocked', 'roomClosed', 'roomFull']);

const firstWordsKept = 4;

/** With which code a connection is closed that may not be here. */
export function closeCodeOf(rejection: Rejection): number {
  switch (rejection.code) {
    case 'signInNeeded':
      return closeCodes.signIn;
    case 'notFound':
    case 'unknownDraft':
      return closeCodes.notFound;
    case 'removed':
    case 'accountSuspended':
      return closeCodes.ended;
    default:
      return closeCodes.notAllowed;
  }
}

/** The sockets on one draft: who is told what. It stores nothing and asks for every right anew. */
export class Audience {
  readonly #parts: DraftParts;
  readonly #roomId: string;
  readonly #draftId: string;
  readonly connections = new Set<Connection>();
  readonly #presence: Presence;
  /** Client ids whose author everybody has been told. */
  readonly #toldAuthors = new Set<number>();
  readonly #firstWords = new Map<string, Uint8Array>();
  #authors: ReadonlyMap<number, string> = new Map();
  #presenceTimer: NodeJS.Timeout | null = null;
  /** Runs while somebody shows presence. */
  #turns: NodeJS.Timeout | null = null;

  constructor(parts: DraftParts, roomId: string, draftId: string) {
    this.#parts = parts;
    this.#roomId = roomId;
    this.#draftId = draftId;
    this.#presence = new Presence(parts.limits);
  }

  get lineage(): string {
    return this.#parts.access.lineageOf(this.#roomId, this.#draftId) ?? '';
  }

  /** Whether a connection may still read; closes it if not. */
  mayRead(connection: Connection): boolean {
    const rejection = this.#parts.access.mayRead(this.#roomId, connection.actor);
    if (rejection !== null) connection.close(closeCodeOf(rejection), rejection.code);
    return rejection === null;
  }

  /** First word to a connection: its standing with all authors, a question for what it has if it may write, and who is here. */
  welcome(connection: Connection, text: DraftText): void {
    const standing = this.#standingOf(connection, text);
    connection.welcomed = true;
    connection.together(() => {
      connection.sendStanding(standing, this.#firstWord(standing, text));
      if (standing.write) connection.send(stepOneFrame(text.stateVector()));
      this.sendPresent(connection);
    });
  }

  /** A standing with all authors, encoded once for everybody who comes before the next entry. */
  #firstWord(standing: MayWrite, text: DraftText): Uint8Array {
    const key = `${text.head.ordinal} ${this.lineage} ${standing.write} ${standing.why}`;
    const known = this.#firstWords.get(key);
    if (known !== undefined) return known;
    const frame = this.#encode(standing, Object.fromEntries(text.authors));
    if (this.#firstWords.size >= firstWordsKept) this.#firstWords.clear();
    this.#firstWords.set(key, frame);
    return frame;
  }

  /** Tells a connection its standing if it changed; gives whether it may write now and could not before. */
  tellStanding(connection: Connection, text: DraftText | null): boolean {
    const standing = this.#standingOf(connection, text);
    if (!connection.welcomed || !connection.standsOtherwise(standing)) return false;
    connection.sendStanding(standing, this.#encode(standing, {}));
    if (!this.#mayShow(connection)) this.#leavePresence(connection);
    return standing.write;
  }

  /** Tells everybody what became durable: new authors first, then each update in a frame of its own, encoded once. */
  tell(updates: readonly { readonly update: Uint8Array; readonly source: object | null }[], text: DraftText): void {
    this.#tellAuthors(text);
    if (updates.length === 0) return;
    const frames = updates.map(({ update, source }) => ({ frame: updateFrame(update), source }));
    const all = frames.map(({ frame }) => frame);
    const sources = new Set(frames.map(({ source }) => source));
    let readers = 0;
    for (const connection of this.connections) {
      if (!connection.follows) continue;
      readers += 1;
      const others = sources.has(connection) ? frames.filter(({ source }) => source !== connection).map(({ frame }) => frame) : all;
      if (others.length > 0) connection.sendAll(others);
    }
    const bytes = all.reduce((sum, frame) => sum + frame.byteLength, 0);
    (this.#parts.meters ?? noMeters).published('draft', bytes, readers);
  }

  /** Sends what the content should be to everybody who has the draft. */
  tellContent(frame: Uint8Array): void {
    for (const connection of this.connections) if (connection.follows) connection.send(frame);
  }

  #tellAuthors(text: DraftText): void {
    this.#authors = text.authors;
    if (text.authors.size === this.#toldAuthors.size) return;
    const fresh: { [clientId: string]: string } = {};
    for (const [clientId, author] of text.authors) if (!this.#toldAuthors.has(clientId)) fresh[clientId] = author;
    this.knows(text);
    const encoded = new Map<string, Uint8Array>();
    for (const connection of this.connections) {
      if (!connection.welcomed) continue;
      const standing = this.#standingOf(connection, text);
      const key = `${standing.write} ${standing.why}`;
      const frame = encoded.get(key) ?? this.#encode(standing, fresh);
      encoded.set(key, frame);
      connection.sendStanding(standing, frame);
    }
  }

  /** Takes note of authors that nobody needs to be told of: whoever comes gets them all. */
  knows(text: DraftText): void {
    this.#authors = text.authors;
    this.#toldAuthors.clear();
    for (const clientId of text.authors.keys()) this.#toldAuthors.add(clientId);
  }

  leave(connection: Connection): void {
    this.connections.delete(connection);
    this.#leavePresence(connection);
  }

  /** Takes in what a connection says of itself; who may not write shows nothing. False where it is no awareness update. */
  receivePresence(connection: Connection, update: Uint8Array): boolean {
    const source = this.#mayShow(connection) ? connection : { person: null };
    const forged = this.#presence.receive(source, update, (clientId) => this.#authors.get(clientId));
    if (forged === null) return false;
    if (forged > 0) connection.forged(forged);
    this.#announcePresence();
    this.#turns ??= setInterval(() => this.#presenceTurn(), this.#parts.presenceTurnMs ?? presenceTurnMs).unref();
    return true;
  }

  #presenceTurn(): void {
    if (!this.#presence.turn()) this.#endTurns();
    this.#announcePresence();
  }

  #endTurns(): void {
    if (this.#turns !== null) clearInterval(this.#turns);
    this.#turns = null;
  }

  isForeign(clientId: number, personId: string): boolean {
    return this.#presence.isForeign(clientId, personId);
  }

  sendPresent(connection: Connection): void {
    const others = this.#presence.present().filter(({ source }) => source !== connection);
    if (others.length > 0) connection.sendPresence(presenceFrame(others));
  }

  /** Stops its timers. */
  end(): void {
    this.#endTurns();
    if (this.#presenceTimer !== null) clearTimeout(this.#presenceTimer);
    this.#presenceTimer = null;
  }

  #leavePresence(connection: Connection): void {
    this.#presence.leave(connection);
    this.#announcePresence();
  }

  /** Gathers what changes within one tick, so that presence goes out at most `presencePerSecond` times a second. */
  #announcePresence(): void {
    if (!this.#presence.hasChanges || this.#presenceTimer !== null) return;
    this.#presenceTimer = setTimeout(() => {
      this.#presenceTimer = null;
      const changes = this.#presence.takeChanges();
      const shared = presenceFrame(changes);
      const owners = new Set<object | null>(changes.map(({ source }) => source));
      for (const connection of this.connections) {
        if (!connection.welcomed) continue;
        const others = owners.has(connection) ? changes.filter(({ source }) => source !== connection) : changes;
        if (others.length > 0) connection.sendPresence(others === changes ? shared : presenceFrame(others));
      }
    }, 1000 / this.#parts.limits.presencePerSecond);
  }

  /** Why somebody may not write now over this connection; null where he may. */
  whyNotWrite({ actor, readsOnly }: Pick<Connection, 'actor' | 'readsOnly'>): Rejection | null {
    return readsOnly ? { code: 'notAllowed' } : this.#parts.access.mayWrite(this.#roomId, this.#draftId, actor);
  }

  #mayShow(connection: Connection): boolean {
    const rejection = this.whyNotWrite(connection);
    return rejection === null || staysVisible.has(rejection.code);
  }

  #standingOf(connection: Connection, text: DraftText | null): MayWrite {
    const rejection = this.whyNotWrite(connection);
    if (rejection !== null) return { write: false, why: rejection.code };
    const { draftStateBytes, draftLogBytes } = this.#parts.limits;
    const full = text !== null && (text.head.logBytes >= draftLogBytes || text.stateBytes(draftStateBytes) >= draftStateBytes);
    return full ? { write: false, why: 'textTooLong' } : { write: true, why: null };
  }

  #encode(standing: MayWrite, authors: Standing['authors']): Uint8Array {
    return standingFrame({ lineage: this.lineage, write: standing.write, why: standing.why, authors });
  }
}
