import { untrack } from 'svelte';
import { anonymousActor } from '#shared/domain/decision.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { Capability } from '#shared/domain/participants/roles.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { wordBytes } from '#shared/domain/roomSize.ts';
import { whyNot } from '#shared/domain/rules.ts';
import { fromSnapshot } from '#shared/domain/snapshot.ts';
import { emptyRoom } from '#shared/domain/state.ts';
import type { DraftState, Participant, RoomState } from '#shared/domain/state.ts';
import type { Words } from '#shared/domain/words.ts';
import type { Joined, PersonView, Presence, PresenceChange, RoomSizeView, SentCommand, You } from '#shared/protocol/messages.ts';
import { withPresence } from '#shared/protocol/presence.ts';
import { Commands } from './commands.svelte.ts';
import { RoomConnection } from './connection.ts';
import type { Edges, Phase } from './connection.ts';
import { follow } from './follow.ts';
import type { Happened, Held, ToldCommit } from './follow.ts';
import type { Shelf } from './outbox.ts';
import { noPeople, withPeople } from './people.ts';
import type { People } from './people.ts';
import { PinnedHead } from './pinnedHead.svelte.ts';
import type { ReadLog } from './pinnedHead.svelte.ts';
import { changesFor } from './standing.ts';
import type { Change } from './standing.ts';
import { TypingSignal } from './typing.ts';

export interface StoreEdges extends Edges {
  readonly shelf: Shelf;
  readonly readLog: ReadLog;
  /** A command without words of its own was refused. */
  refused(command: SentCommand, rejection: Rejection): void;
  /** A command of this page was accepted. */
  accepted?(command: SentCommand): void;
  /** The room moved on, by commits or by a snapshot. */
  moved(before: RoomState, after: RoomState): void;
  /** What this person may do was changed by somebody else. */
  changed(changes: readonly Change[]): void;
}

/** Where this device keeps which draft of a room it shows. */
const draftKey = (roomId: string) => `shangliang/draft/${roomId}`;

const nobody: You = { participantId: null, role: null, displayName: null, audience: 'everyone', ownHidden: [] };

/**
 * A live room as one viewer may see it: the fold of its log, who is here, and what this viewer may do. One per page, made when
 * the page opens and stopped when it goes.
 */
export class RoomStore {
  readonly roomId: string;
  readonly commands: Commands;
  readonly typing: TypingSignal;
  /** Whether the server still has the history this device saw. */
  readonly pinned: PinnedHead;
  readonly #connection: RoomConnection;
  readonly #edges: StoreEdges;
  #held = $state.raw<Held | null>(null);
  #phase = $state.raw<Phase>({ name: 'connecting' });
  #you = $state.raw<You>(nobody);
  #people = $state.raw<People>(noPeople);
  #presence = $state.raw<Presence>({ here: [], watching: 0 });
  #storing = $state.raw(true);
  #size = $state.raw<RoomSizeView | null>(null);
  #toldFull = $state.raw(false);
  readonly #full = $derived(this.#toldFull || (this.#size !== null && wordBytes(this.#size) >= this.#size.mostWords));
  #skewMs = $state.raw(0);
  /** Commits that wait for an earlier one, while that is being fetched; null while nothing is. */
  #waiting: ToldCommit[] | null = null;

  // A value of its own: what hangs on who one is must not stir when only one's rights change.
  readonly #me = $derived(this.#you.participantId);
  readonly #actor = $derived<Actor>(this.#me === null ? anonymousActor : { kind: 'participant', id: this.#me });

  #chosenDraft = $state.raw<string | null>(null);
  #showsNext = false;
  readonly #draft = $derived.by((): DraftState | null => {
    const { drafts } = this.state;
    const chosen = this.#chosenDraft === null ? undefined : drafts.get(this.#chosenDraft);
    return chosen ?? drafts.values().next().value ?? null;
  });
  // A value of its own, like one's own id: the connection hangs on it.
  readonly #draftId = $derived(this.#draft?.id ?? null);

  constructor(roomId: string, edges: StoreEdges) {
    this.roomId = roomId;
    this.#edges = edges;
    this.pinned = new PinnedHead(roomId, edges.shelf, edges.readLog);
    this.#chosenDraft = edges.shelf.getItem(draftKey(roomId));
    const listener = {
      heldHead: () => this.#held?.head ?? null,
      phase: (phase: Phase) => this.#setPhase(phase),
      joined: (joined: Joined) => this.#joined(joined),
      commits: (commits: readonly ToldCommit[], people: readonly PersonView[]) => this.#receive(commits, people),
      presence: (change: PresenceChange) => {
        this.#presence = withPresence(this.#presence, change);
      },
      storing: (storing: boolean) => {
        this.#storing = storing;
      },
      size: (size: RoomSizeView | null) => {
        this.#size = size;
      },
      you: (you: You) => {
        this.#you = you;
      },
    };
    this.#connection = new RoomConnection(roomId, listener, edges);
    this.commands = new Commands(edges.shelf, {
      send: (commandId, command) => this.#connection.send(commandId, command),
      later: edges.later,
      random: edges.random,
      refused: (command, rejection) => {
        if (command.type === 'createDraft') this.#showsNext = false;
        edges.refused(command, rejection);
      },
      accepted: (command) => edges.accepted?.(command),
    });
    this.typing = new TypingSignal((typing) => this.#connection.setTyping(typing), edges.later);
  }

  start(): void {
    void this.#connection.start();
  }

  stop(): void {
    this.typing.end();
    this.commands.setLive(false);
    this.#connection.stop();
  }

  /** The network came back, or the person asked: try now and not after the pause. */
  hurry(): void {
    this.#connection.hurry();
  }

  /** Cuts this page off as a loss of the network would, until `resume`: what it promises then can be tried out. */
  hold(): void {
    this.#connection.hold();
  }

  resume(): void {
    this.#connection.resume();
  }

  get phase(): Phase {
    return this.#phase;
  }
  /** False until the first snapshot. */
  get ready(): boolean {
    return this.#held !== null;
  }
  get state(): RoomState {
    return this.#held?.state ?? emptyRoom();
  }
  get you(): You {
    return this.#you;
  }
  /** One's own participant id, or null for an anonymous viewer. */
  get me(): string | null {
    return this.#me;
  }
  get actor(): Actor {
    return this.#actor;
  }
  get people(): People {
    return this.#people;
  }
  get presence(): Presence {
    return this.#presence;
  }
  get storing(): boolean {
    return this.#storing;
  }
  /** What the room takes up, where whoever runs it should know: it is full, or nearly. */
  get size(): RoomSizeView | null {
    return this.#size;
  }
  /** The draft that is shown on this device: the chosen one, else the first of the room. */
  get draft(): DraftState | null {
    return this.#draft;
  }
  /** Its id. */
  get draftId(): string | null {
    return this.#draftId;
  }

  /** Shows another draft, now and the next time this device opens the room. */
  showDraft(id: string): void {
    this.#showsNext = false;
    this.#chosenDraft = id;
    try {
      this.#edges.shelf.setItem(draftKey(this.roomId), id);
    } catch {
      // Shown all the same, until the page goes.
    }
  }

  /** Shows the next draft that is added to the room: the person has just asked for one. */
  showNextDraft(): void {
    this.#showsNext = true;
  }
  get self(): Participant | null {
    return this.me === null ? null : (this.state.participants.get(this.me) ?? null);
  }

  /** The server's time, as well as this device can tell. */
  now(): number {
    return Date.now() + this.#skewMs;
  }

  /** Why this viewer may not do this here now, or null. Only the server's answer counts; this explains it beforehand. */
  whyNot(capability: Capability, draftId?: string): Rejection | null {
    const why = whyNot(this.state, this.#actor, capability, draftId);
    // While nothing can be stored the room is there to be read.
    return why === null && !this.#storing && capability !== 'room:read' ? { code: 'storeUnavailable' } : why;
  }

  /** The same for what adds to the room's texts, drafts or suggestions: a full one takes no more of it. */
  whyNotAdd(capability: Capability, draftId?: string): Rejection | null {
    return this.whyNot(capability, draftId) ?? (this.#full ? { code: 'roomFull' } : null);
  }

  /** Who watches over a draft learns from its line that the room is full. */
  noteFull(full: boolean): void {
    this.#toldFull = full;
  }

  may(capability: Capability, draftId?: string): boolean {
    return this.whyNot(capability, draftId) === null;
  }

  /** The words of one's own comment that others may not read, or null. */
  ownHidden(comment: number): Words | null {
    return this.#you.ownHidden.find((hidden) => hidden.comment === comment)?.body ?? null;
  }

  #setPhase(phase: Phase): void {
    this.#phase = phase;
    this.commands.setLive(phase.name === 'live');
  }

  #joined(joined: Joined): void {
    const audienceWas = untrack(() => this.#you.audience);
    this.#you = joined.you;
    this.#name(joined.people);
    this.#presence = joined.presence;
    this.#storing = joined.storing;
    this.#size = joined.size ?? null;
    this.#skewMs = joined.serverTime - Date.now();
    this.#waiting = null;
    this.commands.belongTo(this.roomId, joined.you.participantId);
    if (joined.snapshot !== undefined) {
      void this.pinned.compare(joined.head);
      this.#move({ state: fromSnapshot(joined.snapshot), head: joined.head }, []);
      this.#connection.settled();
      // What happened since it was written out.
      this.#receive(joined.commits ?? [], []);
    } else if (audienceWas !== joined.you.audience) this.#connection.reload();
    else this.#receive(joined.commits ?? [], []);
  }

  #receive(commits: readonly ToldCommit[], people: readonly PersonView[]): void {
    this.#name(people);
    const held = this.#held;
    if (held === null) return;
    if (this.#waiting !== null) {
      this.#waiting.push(...commits);
      return;
    }
    const followed = follow(held, commits, { participantId: this.me, audience: this.#you.audience });
    if (followed.ownHidden.length > 0) this.#you = { ...this.#you, ownHidden: [...this.#you.ownHidden, ...followed.ownHidden] };
    this.#move(followed.held, followed.happened);
    if (followed.next === 'reload') this.#connection.reload();
    else if (followed.next === 'gap') void this.#closeGap(followed.held.head.seq, commits);
  }

  async #closeGap(after: number, later: readonly ToldCommit[]): Promise<void> {
    const waiting = [...later];
    this.#waiting = waiting;
    const fetched = await this.#connection.catchUp(after);
    // A join in the meantime has brought everything.
    if (this.#waiting !== waiting) return;
    this.#waiting = null;
    if (fetched === null || fetched.length === 0) this.#connection.reload();
    else this.#receive([...fetched, ...waiting], []);
  }

  #move(held: Held, happened: readonly Happened[]): void {
    const before = this.#held?.state ?? emptyRoom();
    this.#held = held;
    this.pinned.note(held.head);
    const added = this.#showsNext ? [...held.state.drafts.keys()].find((id) => !before.drafts.has(id)) : undefined;
    if (added !== undefined) this.showDraft(added);
    this.commands.reached(held.head.seq, happened);
    if (before === held.state) return;
    this.#edges.moved(before, held.state);
    const changes = changesFor(before, held.state, this.me);
    if (changes.length > 0) this.#edges.changed(changes);
  }

  #name(people: readonly PersonView[]): void {
    this.#people = withPeople(this.#people, people);
  }
}
