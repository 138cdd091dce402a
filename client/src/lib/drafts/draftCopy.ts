import type { Node } from '@tiptap/pm/model';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { DRAFT_FIELD, EDITOR_VERSION } from '#shared/document/schema.ts';
import { seatOfPage, seatQuery } from '../sample/seat.ts';
import { closeCodes } from '#shared/protocol/close.ts';
import { draftQuery, frameTypes } from '#shared/protocol/frames.ts';
import type { Standing } from '#shared/protocol/frames.ts';
import { divergedFrame, readContent, readSaved, readStanding, SYNC_STEP_2, SYNC_UPDATE } from './draftFrames.ts';
import type { Content } from './draftFrames.ts';
import { Gathered } from './gathered.ts';
import { touches } from './heldBack.ts';
import { OutgoingGate } from './outgoingGate.ts';
import { PendingUpdates } from './pendingUpdates.ts';
import type { PendingUpdate } from './pendingUpdates.ts';
import { PresenceSender } from './presenceSender.ts';

/** What a copy tells whoever holds it. */
export interface CopyEvents {
  standing(standing: Standing): void;
  saved(frames: number): void;
  synced(): void;
  /** `code` is null where this side gave the connection up. */
  closed(code: number | null, reason: string): void;
  changed(pending: PendingUpdate): void;
  /** It holds another text than everybody else; gives whether to tell the server, which then closes. */
  diverged(): boolean;
}

type Incoming =
  | { readonly is: 'update' | 'presence'; readonly bytes: Uint8Array }
  /** The answer to this copy's question: everything it lacks. */
  | { readonly is: 'whole'; readonly apply: () => void }
  | { readonly is: 'content'; readonly content: Content; readonly made: number };

/** What a copy and what is shown of it are checked by. */
interface Checks {
  readonly contentHash: (fragment: Y.XmlFragment) => string;
  readonly shownInstead: (shown: Node, fragment: Y.XmlFragment) => string | null;
}

/** Bytes held back at most while a word is being composed; beyond, what waits is applied, whatever becomes of the word. */
const MOST_HELD = 4_000_000;

/** Marks changes that were read from the outbox, so that they are not taken for new ones. */
const OUTBOX = Symbol('outbox');

/**
 * One copy of a draft on this device and its connection. A copy that was refused is never used again: its Y.Doc holds what the
 * server does not have, and everything written on top of that would be refused too.
 */
export class DraftCopy {
  readonly doc = new Y.Doc();
  readonly fragment = this.doc.getXmlFragment(DRAFT_FIELD);
  readonly awareness = new Awareness(this.doc);
  readonly pending = new PendingUpdates();
  /** What the editor shows of it, while one is bound. */
  shown: (() => Node) | null = null;
  /** Called before anything from others is applied. */
  beforeOthers: () => void = () => undefined;
  /** The blocks in which a word is being composed, or null: what others change in them waits. */
  composedIn: () => ReadonlySet<unknown> | null = () => null;
  /** Whether a key of this person's is being handled: what others did waits a moment. */
  isBusy: () => boolean = () => false;
  #lineage: string | null;
  readonly #seat = seatOfPage();
  #write = false;
  #hasStray = false;
  #left = false;
  /** How many changes this copy saw, whoever made them, and how many of them were made here. */
  #changes = 0;
  #made = 0;
  #checks: Checks | null = null;
  /** What came in and waits until the word that is being composed is written. */
  #held: readonly Incoming[] = [];
  readonly #gate = new OutgoingGate(this.pending);
  readonly #provider: WebsocketProvider;
  readonly #presence: PresenceSender;
  readonly #incoming: Gathered<Incoming>;
  readonly #events: CopyEvents;
  readonly #now: () => number;

  /** `url`: of the room's drafts, without the draft's id. `earlier`: changes of an earlier life of the page, of this lineage. */
  constructor(
    options: { url: string; draftId: string; lineage: string | null; earlier: readonly PendingUpdate[]; now: () => number },
    events: CopyEvents,
  ) {
    this.#lineage = options.lineage;
    this.#events = events;
    this.#now = options.now;
    for (const pending of options.earlier) {
      Y.applyUpdate(this.doc, pending.update, OUTBOX);
      this.pending.adopt(pending);
    }
    // After changes of others Yjs tidies formatting up by changes of its own, which nobody made and this page would have to answer for.
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => {
      transaction._needFormattingCleanup = false;
    });
    // Before the provider listens, so that a change is pending before its frame is counted.
    this.doc.on('update', this.#onUpdate);
    this.#provider = new WebsocketProvider(options.url, options.draftId, this.doc, {
      connect: false,
      disableBc: true,
      awareness: this.awareness,
      params: this.#params(),
      WebSocketPolyfill: gatedSocket(this.#gate),
    });
    this.#presence = this.#ownPresenceOnly();
    this.#incoming = this.#gatherIncoming();
    this.#provider.messageHandlers[frameTypes.saved] = (_, decoder) => events.saved(readSaved(decoder).frames);
    this.#provider.messageHandlers[frameTypes.standing] = (_, decoder) => this.#onStanding(decoder);
    this.#provider.on('sync', (isSynced) => {
      if (isSynced && !this.#left) events.synced();
    });
    this.#provider.on('connection-close', (event) => {
      // When to try again is decided outside, with a jitter the provider does not have.
      this.#provider.shouldConnect = false;
      this.#incoming.flush();
      if (!this.#left) events.closed(event?.code ?? null, event?.reason ?? '');
    });
  }

  /** The history this copy belongs to; null until the server named it. */
  get lineage(): string | null {
    return this.#lineage;
  }

  /** Whether something was changed here without the right to: nothing may be written on top of it. */
  get hasStray(): boolean {
    return this.#hasStray;
  }

  connect(): void {
    if (this.#left) return;
    this.#provider.params = this.#params();
    this.#provider.connect();
  }

  /** Cuts the line; `connect` takes it up again. */
  disconnect(): void {
    if (!this.#left) this.#provider.disconnect();
  }

  /** Leaves for good. The document can still be read. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#presence.stop();
    this.#incoming.stop();
    this.doc.off('update', this.#onUpdate);
    this.#provider.destroy();
    this.awareness.destroy();
  }

  /** This page's editor does not know what the draft holds: it is of another version than the server, and must not write. */
  cannotBeShown(): void {
    if (this.#left) return;
    this.leave();
    this.#events.closed(closeCodes.editorVersion, '');
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    this.#changes += 1;
    if (origin === this.#provider || origin === OUTBOX) return;
    this.#made += 1;
    // An editor repairs what its schema dislikes, also while its person only reads. That stays here.
    if (!this.#write) this.#hasStray = true;
    else this.#events.changed(this.pending.add(this.doc.clientID, update, this.#now()));
  };

  #onStanding(decoder: decoding.Decoder): void {
    const standing = readStanding(decoder);
    this.#lineage ??= standing.lineage;
    this.#write = standing.write;
    this.#gate.mayWrite(standing.write && !this.#hasStray);
    this.#events.standing(standing);
    if (standing.write && !this.#left) this.#presence.sendNow();
  }

  /** The provider would send everybody's presence back to the server; one's own is all that one may send. */
  #ownPresenceOnly(): PresenceSender {
    const { awareness, doc } = this;
    awareness.off('update', this.#provider._awarenessUpdateHandler);
    return new PresenceSender(awareness, this.#now, () => {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, frameTypes.awareness);
      encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [doc.clientID]));
      this.#send(encoding.toUint8Array(encoder));
    });
  }

  /**
   * What the copy should be came in. Where something of its own was on its way then, it rightly has more, also when that is
   * answered before the copy is looked at.
   */
  #onContent(decoder: decoding.Decoder): void {
    const content = readContent(decoder);
    if (this.pending.count === 0) this.#incoming.add({ is: 'content', content, made: this.#made });
  }

  /**
   * Holds the copy against what it should be, and what the editor shows against the copy. What does that is fetched when it is first
   * needed; if the copy changed meanwhile, the next check has to do.
   */
  #compare(content: Content): void {
    if (this.#checks !== null) {
      this.#compareBy(this.#checks, content);
      return;
    }
    const changes = this.#changes;
    Promise.all([import('#shared/document/text.ts'), import('./shownWhole.ts')]).then(
      ([{ contentHash }, { shownInstead }]) => {
        this.#checks = { contentHash, shownInstead };
        if (changes === this.#changes) this.#compareBy(this.#checks, content);
      },
      () => undefined,
    );
  }

  #compareBy({ contentHash, shownInstead }: Checks, { ordinal, hash }: Content): void {
    if (this.#left || this.#hasStray) return;
    const own = contentHash(this.fragment);
    const found = own !== hash ? own : this.shown === null ? null : shownInstead(this.shown(), this.fragment);
    if (found !== null && this.#events.diverged()) this.#send(divergedFrame({ ordinal, hash: found }));
  }

  #send(frame: Uint8Array): void {
    const socket = this.#provider.ws;
    if (this.#provider.wsconnected && socket?.readyState === socket?.OPEN) socket?.send(frame as Uint8Array<ArrayBuffer>);
  }

  /** Updates and presence of others wait for each other a moment; what answers a question is dealt with at once, behind them. */
  #gatherIncoming(): Gathered<Incoming> {
    const provider = this.#provider;
    const handleSync = provider.messageHandlers[frameTypes.sync];
    const incoming = new Gathered<Incoming>(
      (items) => this.#take(items),
      this.#now,
      () => this.isBusy(),
    );
    provider.messageHandlers[frameTypes.content] = (_, decoder) => this.#onContent(decoder);
    provider.messageHandlers[frameTypes.sync] = (encoder, decoder, ...rest) => {
      const kind = decoding.peekVarUint(decoder);
      if (kind === SYNC_UPDATE) {
        decoding.readVarUint(decoder);
        incoming.add({ is: 'update', bytes: decoding.readVarUint8Array(decoder) });
        return;
      }
      if (kind === SYNC_STEP_2) incoming.add({ is: 'whole', apply: () => handleSync?.(encoder, decoder, ...rest) });
      incoming.flush();
      if (kind !== SYNC_STEP_2) handleSync?.(encoder, decoder, ...rest);
    };
    provider.messageHandlers[frameTypes.awareness] = (_, decoder) => {
      incoming.add({ is: 'presence', bytes: decoding.readVarUint8Array(decoder) });
    };
    return incoming;
  }

  /** The word that was being composed is written: what waited for it is applied. */
  release(): void {
    if (this.#held.length > 0 && !this.#left) this.#take([]);
  }

  /** Deals with what came in, in order; what changes a block in which a word is being composed is kept until that is over. */
  #take(items: readonly Incoming[]): void {
    const { doc, awareness } = this;
    const provider = this.#provider;
    this.beforeOthers();
    const all = [...this.#held, ...items];
    const composed = heldBytes(all) > MOST_HELD ? null : this.composedIn();
    const held: Incoming[] = [];
    for (let rest = all; rest.length > 0;) {
      const at = rest.findIndex(({ is }) => is === 'content' || is === 'whole');
      const before = at === -1 ? rest : rest.slice(0, at);
      doc.transact(() => {
        for (const item of before) {
          if (item.is !== 'update') continue;
          if (composed !== null && touches(doc, item.bytes, composed)) held.push(item);
          else Y.applyUpdate(doc, item.bytes, provider);
        }
      }, provider);
      const next = at === -1 ? undefined : rest[at];
      if (next?.is === 'whole' && composed === null) next.apply();
      else if (next?.is === 'whole') held.push(next);
      // With something held back the copy rightly has less; the next check has to do.
      else if (next?.is === 'content' && next.made === this.#made && held.length === 0) this.#compare(next.content);
      rest = at === -1 ? [] : rest.slice(at + 1);
    }
    this.#held = held;
    for (const item of items) if (item.is === 'presence') applyAwarenessUpdate(awareness, item.bytes, provider);
  }

  #params(): { [name: string]: string } {
    return {
      [draftQuery.editor]: String(EDITOR_VERSION),
      ...(this.#seat === null ? {} : { [seatQuery]: this.#seat }),
      ...(this.#lineage === null ? {} : { [draftQuery.lineage]: this.#lineage }),
    };
  }
}

function heldBytes(items: readonly Incoming[]): number {
  return items.reduce((sum, item) => sum + (item.is === 'update' ? item.bytes.length : 0), 0);
}

function gatedSocket(gate: OutgoingGate): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      gate.opened();
    }

    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (!(data instanceof Uint8Array) || gate.lets(data)) super.send(data);
    }
  };
}
