import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { RejectionCode } from '#shared/domain/rejections.ts';
import { whyNot } from '#shared/domain/rules.ts';
import { closeCodes, restartReason, retryCodes, spreadOf } from '#shared/protocol/close.ts';
import { draftQuery } from '#shared/protocol/frames.ts';
import { Buckets } from '../access/buckets.ts';
import { countsElsewhere, hasScope } from '../access/identity.ts';
import { originAllowed } from '../access/origins.ts';
import type { DraftSocket } from '../drafts/connection.ts';
import type { DraftConnection, Drafts } from '../drafts/drafts.ts';
import type { DoorParts } from './doorParts.ts';
import { isDamage } from '../rooms/storeFailure.ts';
import { untakenBytes } from './lineProgress.ts';

export interface DraftDoorParts extends DoorParts {
  readonly drafts: Drafts;
  /** How often sockets are asked for a sign of life, in ms; 15,000 if not given. */
  readonly askMs?: number;
}

const PATH = /^\/yjs\/([\w-]{1,64})\/([\w-]{1,64})$/;
/** After so many bytes a connection is not read on until it is known whose it is; what was on its way by then is kept, up to a bound. */
const UNKNOWN_BYTES = 4 * 1024;
const UNKNOWN_MOST_BYTES = 4 * 1024 * 1024;
/** Whoever has not been heard for one whole turn, though he was asked, is gone: with him goes his place in the draft. */
const ASK_MS = 15_000;

/**
 * The y-websocket door of the drafts. An upgrade is accepted even where the answer is no, and closed with a code: a stock
 * client takes a refused upgrade for a network fault and tries for ever.
 */
export function createDraftDoor(parts: DraftDoorParts) {
  const { drafts, rooms, people, sessions, connections, limits } = parts;
  const connects = new Buckets(limits.connectsPerMinutePerAddress / 60, limits.connectsPerMinutePerAddress, parts.now);
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.joiningFrameBytes, perMessageDeflate: false });
  const sockets = new Set<WebSocket>();
  /** Sockets that were asked for a sign of life and have not answered yet. */
  const quiet = new Set<WebSocket>();
  let anonymous = 0;

  // A line that was cut without a word stays open for the system's own hours otherwise.
  const looker = setInterval(() => {
    for (const ws of sockets) {
      // Who is being read slowly may have answered: his answer stands in the queue.
      if (quiet.has(ws) && !ws.isPaused) ws.terminate();
      else if (ws.readyState === ws.OPEN) {
        quiet.add(ws);
        ws.ping();
      }
    }
  }, parts.askMs ?? ASK_MS);
  looker.unref();

  async function serve(ws: WebSocket, request: IncomingMessage, line: Duplex): Promise<void> {
    // Before anything else: an error nobody listens to would end the process. The socket closes by itself, with the code that
    // says why; ending it here would lose the code.
    ws.on('error', () => undefined);
    sockets.add(ws);
    ws.on('pong', () => quiet.delete(ws));
    const early: Uint8Array[] = [];
    let earlyBytes = 0;
    let connection: DraftConnection | null = null;
    const undo: (() => void)[] = [() => sockets.delete(ws), () => quiet.delete(ws)];
    let gone = false;
    let over = false;
    ws.on('close', (code) => {
      gone = true;
      parts.meters.closed('draft', code);
      connection?.closed();
      for (const step of undo) step();
    });
    /** What is done once the socket is gone; at once where it went while something was awaited. */
    const whenGone = (step: () => void): void => {
      if (gone) step();
      else undo.push(step);
    };
    /** Whoever does not answer the close could go on sending: nothing of it is heard or kept. */
    const sendAway = (code: number, reason: string): void => {
      over = true;
      early.length = 0;
      connection?.closed();
      ws.close(code, reason);
    };
    ws.on('message', (data, binary) => {
      quiet.delete(ws);
      if (over) return;
      const frame = toBytes(data as Buffer | ArrayBuffer | Buffer[]);
      if (!binary) sendAway(closeCodes.badFrame, 'binary frames only');
      else if (connection !== null) connection.receive(frame);
      else {
        early.push(frame);
        earlyBytes += frame.byteLength;
        if (earlyBytes > UNKNOWN_BYTES) ws.pause();
        if (earlyBytes > UNKNOWN_MOST_BYTES) sendAway(closeCodes.badFrame, 'too much before the answer');
      }
    });

    const url = new URL(request.url ?? '/', 'http://host');
    const found = PATH.exec(url.pathname);
    if (!originAllowed(request, parts.origins)) return sendAway(closeCodes.notAllowed, 'origin');
    const address = parts.addressOf(request);
    if (!parts.unjoined.admits(address) || connects.take(address) > 0)
      return sendAway(retryCodes.notNow, 'too many connections from this address');
    const known = parts.unjoined.begin(address);
    whenGone(known);
    const [, roomId, draftId] = found ?? [];
    if (roomId === undefined || draftId === undefined) return sendAway(closeCodes.notFound, 'no such draft');
    const unknown = setTimeout(() => sendAway(retryCodes.notNow, 'not now'), limits.joinTimeoutMs);
    whenGone(() => clearTimeout(unknown));
    const identity = await sessions.identify(request);
    clearTimeout(unknown);
    if (over) return;
    if (!hasScope(identity, 'read')) return sendAway(closeCodes.notAllowed, 'notAllowed');
    if (identity.principal === null) {
      anonymous += 1;
      whenGone(() => (anonymous -= 1));
      if (anonymous > limits.anonymousSockets) return sendAway(retryCodes.notNow, 'too many viewers');
    } else if (connections.countOf(identity.principal) >= limits.socketsPerPersonInAll) {
      return sendAway(retryCodes.notNow, 'too many connections of one person');
    }
    const stand = connections.sit(identity.principal, draftId, limits.socketsPerPerson);
    if (stand === null) return sendAway(retryCodes.notNow, 'too many connections of one person to this draft');
    whenGone(stand);
    const { actor, person } = await people.actorIn(roomId, identity);
    const { room, release } = await rooms.hold(roomId);
    whenGone(release);
    const knows = (): boolean => room.state.drafts.has(draftId) && whyNot(room.state, actor, 'room:read') === null && room.knows(actor);
    // Asked again before anybody is refused or taken for a stranger: another process may have let him in, or begun the draft, a moment ago.
    if (!knows()) await room.catchUp();
    if (over) return;
    const why = whyNot(room.state, actor, 'room:read');
    if (why !== null) {
      // Who may not read the room does not hear whether there is one, or a draft in it.
      const signedIn = identity.principal !== null && !countsElsewhere(identity, roomId);
      const code = refusedWith(why.code, signedIn);
      const reason =
        code === closeCodes.signIn ? 'sign in' : why.code === 'removed' || why.code === 'roomDeleted' ? why.code : 'no such draft';
      return sendAway(code, reason);
    }
    if (room.isGone) return sendAway(closeCodes.notFound, 'roomDeleted');
    if (!room.state.drafts.has(draftId)) return sendAway(closeCodes.notFound, 'no such draft');

    const end = (): void => sendAway(closeCodes.ended, 'the sign-in ended');
    const again = (): void => sendAway(retryCodes.restart, 'signed in as somebody else');
    whenGone(connections.add({ sessionId: identity.sessionId, principal: identity.principal, end, again }));
    // Asked again now that an end of the sign-in would reach this connection: it may have ended a moment before.
    if ((await sessions.identify(request)).principal !== identity.principal) return end();
    if (over || ws.readyState !== ws.OPEN) return;
    const socket: DraftSocket = {
      send: (bytes) => ws.send(bytes),
      close: (code, reason) => ws.close(code, reason),
      get bufferedBytes() {
        return ws.bufferedAmount;
      },
      get untakenBytes() {
        return untakenBytes(ws);
      },
      cork: () => line.cork(),
      uncork: () => line.uncork(),
      pause: () => ws.pause(),
      resume: () => ws.resume(),
    };
    const mayAct = hasScope(identity, 'write') && actor.kind === 'participant' && person !== null;
    const role = mayAct ? (room.state.participants.get(actor.id)?.role ?? null) : null;
    const joined = drafts.connect(socket, {
      roomId,
      draftId,
      actor,
      readsOnly: !hasScope(identity, 'write'),
      presence: mayAct && role !== null ? { id: person.id, name: person.displayName, role } : null,
      editorVersion: Number.parseInt(url.searchParams.get(draftQuery.editor) ?? '0', 10),
      lineage: url.searchParams.get(draftQuery.lineage),
    });
    connection = joined;
    known();
    // Before what waited is handed on: from here on its pace says when it is read.
    ws.resume();
    for (const frame of early) joined.receive(frame);
    early.length = 0;
  }

  return {
    /** Takes an upgrade whose path begins with /yjs/. */
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      server.handleUpgrade(request, socket, head, (ws) => {
        serve(ws, request, socket).catch((error: unknown) => {
          parts.log.warn({ err: error }, 'a draft could not be opened');
          // A damaged room stays damaged: a stock client would try for ever.
          if (isDamage(error)) ws.close(closeCodes.damaged, 'damaged');
          else ws.close(retryCodes.notNow, 'not now');
        });
      });
    },
    get size(): number {
      return sockets.size;
    },
    close(): void {
      clearInterval(looker);
      const reason = restartReason(spreadOf(sockets.size));
      for (const ws of sockets) ws.close(retryCodes.restart, reason);
      server.close();
    },
  };
}

/** Whoever was removed is told so, and that a room was deleted whoever could read it; to anybody else there is no such draft, or he signs in first. */
function refusedWith(why: RejectionCode, signedIn: boolean): number {
  if (why === 'removed') return closeCodes.ended;
  return signedIn || why === 'roomDeleted' ? closeCodes.notFound : closeCodes.signIn;
}

function toBytes(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
