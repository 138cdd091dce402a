import type { Actor } from '#shared/domain/decision.ts';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import { resolveAnchor } from '#shared/document/anchors.ts';
import type { Anchor, AnchorPlace } from '#shared/document/anchors.ts';
import type { ClauseId } from '#shared/domain/drafts/events.ts';
import { closeCodes, retryCodes } from '#shared/protocol/close.ts';
import { closeCodeOf } from './audience.ts';
import { Connection } from './connection.ts';
import type { DraftSocket } from './connection.ts';
import type { DraftBeginning, DraftDocument } from './draftText.ts';
import { noMeters } from '../metrics/meters.ts';
import { keepAliveFrame } from './frames.ts';
import { createJoinCounter } from './joinCost.ts';
import { LiveDraft } from './liveDraft.ts';
import type { DraftParts } from './parts.ts';
import type { PresencePerson } from './presence.ts';
import { Slots } from '../slots.ts';
import { Damaged } from '../store/damaged.ts';

export type { DraftSocket } from './connection.ts';
export type { DraftAccess, DraftParts } from './parts.ts';

const loadsAtOnce = 64;
const tickMs = 1_000;
/** Stock clients close a socket that says nothing for 30 seconds. */
const keepAliveTicks = 20;

export interface Joining {
  readonly roomId: string;
  readonly draftId: string;
  readonly actor: Actor;
  /** A program whose token is for reading: it is its owner, and only reads. */
  readonly readsOnly?: boolean;
  /** Whom to show as present; null for observers, who are shown nowhere. */
  readonly presence: PresencePerson | null;
  readonly editorVersion: number;
  /** Which history the client's copy belongs to; null where it has none. */
  readonly lineage: string | null;
}

/** A joined socket: hand it every frame in order, and tell it when the socket is gone. */
export interface DraftConnection {
  receive(frame: Uint8Array): void;
  closed(): void;
}

/** Durable text of a draft at an ordinal of its log. */
export interface DraftReading {
  readonly text: string;
  readonly contentHash: string;
  readonly ordinal: number;
  readonly lineage: string;
}

/** What a revision cites. */
export interface DraftSeal {
  readonly lineage: string;
  readonly ordinal: number;
  readonly logDigest: string;
  readonly contentHash: string;
  /** The clauses in the order they stand in, by the identities of their blocks. */
  readonly clauses: readonly ClauseId[];
}

export interface Drafts {
  /**
   * Joins a socket to a draft. Frames may be handed over at once; they wait until the draft is loaded. A socket that may not
   * join is closed with the code that says why: accept the upgrade first, since stock clients retry a refused one for ever.
   */
  connect(socket: DraftSocket, joining: Joining): DraftConnection;
  /**
   * Writes a barrier into the log of each draft, behind everything accepted so far, and resolves once all are durable. Call it
   * when the room's state already says that the right is gone. A damaged draft gets one too, so that no process that still holds it in
   * memory writes on. Rejects with StoreUnavailable.
   */
  barrier(roomId: string, draftIds: readonly string[]): Promise<void>;
  /**
   * Deletes what was erased of a draft and still stands in it, by the room's state, and resolves once that is durable; in a damaged
   * draft, of which nothing can be told, it writes a barrier alone. Rejects with StoreUnavailable.
   */
  erase(roomId: string, draftId: string): Promise<void>;
  /** What a revision of the durable text cites. Call it after the barrier, if one is due. Rejects with StoreUnavailable or DraftDamaged. */
  seal(roomId: string, draftId: string): Promise<DraftSeal>;
  /** Asks anew for every connection of the room: tells whose right to write changed, closes who may no longer read. */
  rightsChanged(roomId: string): void;
  /** The durable text. Rejects with StoreUnavailable or DraftDamaged. */
  read(roomId: string, draftId: string): Promise<DraftReading>;
  /** The durable text as the editor's JSON, with its hash and which clause each block at the top is. */
  document(roomId: string, draftId: string): Promise<DraftDocument>;
  /** The first blocks of the durable text, so many characters at most. */
  beginning(roomId: string, draftId: string, characters: number): Promise<DraftBeginning>;
  /** Where anchors stand in the durable text, in the order given. */
  resolve(roomId: string, draftId: string, anchors: readonly Anchor[]): Promise<readonly AnchorPlace[]>;
  /** Ends the drafts of a room that is to be removed, and lets them go; `forGood`: nothing is written or opened there from then on. */
  endRoom(roomId: string, forGood: boolean): Promise<void>;
  /** Reads what other processes wrote into the open drafts of a room. */
  catchUp(roomId: string): Promise<void>;
  /** Reads what other processes wrote into drafts that somebody is connected to, and tells it. Rejects with StoreUnavailable. */
  followOthers(): Promise<void>;
  /**
   * `diverged`: how many copies were found to hold something else than the log, since the process began. Connections are counted by
   * role; `viewer` has no seat or no right to act.
   */
  counts(): {
    readonly openDrafts: number;
    readonly connections: number;
    readonly diverged: number;
    readonly roles: ReadonlyMap<string, number>;
  };
  /** Stores and acknowledges what came in, writes snapshots, sends everybody away with 1012. Nobody can join from then on. */
  closeAll(): Promise<void>;
}

/** The drafts of an installation: the only place on the server that knows Yjs. */
export function createDrafts(parts: DraftParts): Drafts {
  const live = new Map<string, LiveDraft>();
  const loads = new Slots(loadsAtOnce);
  const joins = createJoinCounter();
  /** Rooms that are removed for good; their ids never come back. */
  const gone = new Set<string>();
  let ending = false;
  let diverged = 0;
  let ticks = 0;
  let ticker: NodeJS.Timeout | null = null;

  function open(roomId: string, draftId: string): LiveDraft {
    const known = live.get(draftId);
    if (known !== undefined) return known;
    const draft = new LiveDraft({
      ...parts,
      roomId,
      draftId,
      loads,
      joins,
      onGone: () => live.delete(draftId),
      onDiverged: () => (diverged += 1),
    });
    live.set(draftId, draft);
    return draft;
  }

  function* connections(): Generator<Connection> {
    for (const { audience } of live.values()) yield* [...audience.connections];
  }

  function tick(): void {
    ticks += 1;
    let any = false;
    for (const connection of connections()) {
      any = true;
      connection.checkProgress();
      if (ticks % keepAliveTicks === 0 && connection.welcomed) connection.send(keepAliveFrame);
    }
    if (any || ticker === null) return;
    clearInterval(ticker);
    ticker = null;
  }

  function startTicking(): void {
    if (ticker !== null) return;
    ticker = setInterval(tick, tickMs);
    ticker.unref();
  }

  /** Why a socket may not join, or null. */
  function refusal({ roomId, draftId, actor, editorVersion, lineage }: Joining): { readonly code: number; readonly reason: string } | null {
    if (ending) return { code: retryCodes.restart, reason: 'restart' };
    if (gone.has(roomId)) return { code: closeCodes.notFound, reason: 'roomDeleted' };
    const rejection = parts.access.mayRead(roomId, actor);
    if (rejection !== null) return { code: closeCodeOf(rejection), reason: rejection.code };
    const valid = parts.access.lineageOf(roomId, draftId);
    if (valid === null) return { code: closeCodes.notFound, reason: 'unknownDraft' };
    if (editorVersion !== EDITOR_VERSION) return { code: closeCodes.editorVersion, reason: 'reloadNeeded' };
    if (lineage !== null && lineage !== valid) return { code: closeCodes.lineage, reason: 'lineage' };
    return null;
  }

  return {
    connect(socket, joining) {
      const refused = refusal(joining);
      if (refused !== null) {
        socket.close(refused.code, refused.reason);
        return { receive: () => undefined, closed: () => undefined };
      }
      const draft = open(joining.roomId, joining.draftId);
      const connection = new Connection({
        socket,
        actor: joining.actor,
        readsOnly: joining.readsOnly ?? false,
        person: joining.presence,
        limits: parts.limits,
        now: parts.now,
        meters: parts.meters ?? noMeters,
        deliver: (from, delivery) => {
          draft.take(from, delivery);
        },
        onEnd: (ended) => {
          draft.detach(ended);
        },
      });
      draft.attach(connection);
      startTicking();
      return connection;
    },

    async barrier(roomId, draftIds) {
      // Nobody writes there any more; a mark would be all there is of a log that was removed.
      if (gone.has(roomId)) return;
      await Promise.all(draftIds.map((draftId) => open(roomId, draftId).barrier()));
    },

    async erase(roomId, draftId) {
      if (!gone.has(roomId)) await open(roomId, draftId).erase();
    },

    async seal(roomId, draftId) {
      const draft = open(roomId, draftId);
      return draft.look((text) => ({
        lineage: draft.audience.lineage,
        ordinal: text.head.ordinal,
        logDigest: text.head.digest,
        contentHash: text.contentHash(),
        clauses: text.clauses(),
      }));
    },

    rightsChanged(roomId) {
      for (const draft of live.values()) if (draft.roomId === roomId) draft.rightsChanged();
    },

    async read(roomId, draftId) {
      const draft = open(roomId, draftId);
      return draft.look((text) => ({
        text: text.index().text,
        contentHash: text.contentHash(),
        ordinal: text.head.ordinal,
        lineage: draft.audience.lineage,
      }));
    },

    async document(roomId, draftId) {
      return open(roomId, draftId).look((text) => text.document());
    },

    async beginning(roomId, draftId, characters) {
      return open(roomId, draftId).look((text) => text.beginning(characters));
    },

    async resolve(roomId, draftId, anchors) {
      return open(roomId, draftId).look((text) => anchors.map((anchor) => resolveAnchor(text.index(), anchor)));
    },

    async endRoom(roomId, forGood) {
      if (forGood) gone.add(roomId);
      for (const draft of [...live.values()].filter((one) => one.roomId === roomId)) {
        await draft.end();
        live.delete(draft.draftId);
      }
    },

    async catchUp(roomId) {
      await Promise.all([...live.values()].filter((draft) => draft.roomId === roomId).map((draft) => draft.catchUp().catch(unlessDamaged)));
    },

    async followOthers() {
      const followed = [...live.values()].filter(({ audience }) => audience.connections.size > 0);
      // A damaged one has sent its people away and told why; the others have their turn.
      await Promise.all(followed.map((draft) => draft.catchUp().catch(unlessDamaged)));
    },

    counts() {
      let count = 0;
      const roles = new Map<string, number>();
      for (const { person } of connections()) {
        const role = person?.role ?? 'viewer';
        count += 1;
        roles.set(role, (roles.get(role) ?? 0) + 1);
      }
      return { openDrafts: live.size, connections: count, diverged, roles };
    },

    async closeAll() {
      ending = true;
      await Promise.all([...live.values()].map((draft) => draft.end()));
      live.clear();
      await joins.end();
      if (ticker !== null) clearInterval(ticker);
      ticker = null;
    },
  };
}

function unlessDamaged(error: unknown): void {
  if (!(error instanceof Damaged)) throw error;
}
