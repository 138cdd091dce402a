import type { StoredEvent, Commit, WireCommit, WireEvent } from '../commit.ts';
import { commitHash, eventDigest, upcast } from '../commit.ts';
import type { RoomEvent } from '../facts.ts';
import { sealedHash } from '../drafts/drafts.ts';
import type { ErasedPassage } from '../erasing/events.ts';
import { stoodAt } from '../erasing/passages.ts';
import { evolve } from '../room.ts';
import type { RoomState } from '../state.ts';
import { emptyRoom } from '../state.ts';
import { mapWords, wordsDigest } from '../words.ts';
import type { Finding } from './finding.ts';

/** A sealed version of a draft, as the room's log cites it. */
export interface SealedRevision {
  readonly seq: number;
  readonly draftId: string;
  readonly revision: number;
  readonly ordinal: number;
  readonly logDigest: string;
  /** Hash of its text; null where something in it was erased. */
  readonly contentHash: string | null;
}

export interface RoomProofCounts {
  readonly entries: number;
  readonly events: number;
  /** Events of which only the digest is there. */
  readonly withheldEvents: number;
  readonly texts: number;
  /** Texts of which only the digest is there: withheld from this reader, or erased. */
  readonly withheldTexts: number;
}

/**
 * Checks the log of a room from its first entry on, and folds it. Whoever reads it, whatever was withheld from him: an event or
 * a text that is shown must fit its digest, and the digests must fit the chain. After the first finding nothing more is taken.
 */
export class RoomProof {
  readonly roomId: string;
  readonly revisions: SealedRevision[] = [];
  /** Passages of drafts that were erased. */
  readonly erasedPassages: ErasedPassage[] = [];
  /** The ids of all who ever were participants, and of the drafts, by the first event that names them. */
  readonly participants = new Set<string>();
  readonly draftIds = new Set<string>();
  readonly #commands = new Map<string, number>();
  readonly #known: ReadonlyMap<number, string>;
  #state: RoomState = emptyRoom();
  #seq = 0;
  #hash = '';
  #at = 0;
  #counts = { events: 0, withheldEvents: 0, texts: 0, withheldTexts: 0 };
  #broken: Finding | null = null;

  /** `known`: where the log stood at some time, from elsewhere: hashes by entry. */
  constructor(roomId: string, known: readonly { readonly size: number; readonly head: string }[] = []) {
    this.roomId = roomId;
    this.#known = new Map(known.map(({ size, head }) => [size, head]));
  }

  /** The room as this reader may see it, folded from what was taken. */
  get state(): RoomState {
    return this.#state;
  }

  get head(): { readonly seq: number; readonly hash: string; readonly at: number } {
    return { seq: this.#seq, hash: this.#hash, at: this.#at };
  }

  get counts(): RoomProofCounts {
    return { entries: this.#seq, ...this.#counts };
  }

  /** Takes the next commit; gives what is wrong with it, or null. */
  take(commit: WireCommit): Finding | null {
    this.#broken ??= this.#check(commit);
    if (this.#broken === null) this.#fold(commit);
    return this.#broken;
  }

  /** Call it after the last commit: whether the log ends before a place it is known to have reached. */
  end(): Finding | null {
    const end = this.#seq;
    const seq = Math.max(0, ...this.#known.keys());
    if (this.#broken === null && seq > end) this.#broken = { what: 'historyCut', room: this.roomId, seq, end };
    return this.#broken;
  }

  #check(commit: WireCommit): Finding | null {
    const { roomId: room } = this;
    const seq = this.#seq + 1;
    if (commit.seq !== seq) return { what: 'commitMissing', room, seq, found: commit.seq };
    if (commit.stream.kind !== 'room' || commit.stream.id !== room) return { what: 'commitChanged', room, seq };
    if (commit.prevHash !== this.#hash) return { what: 'commitDetached', room, seq };
    const digests = commit.events.map(({ digest }) => digest);
    if (commit.hash !== commitHash(commit, digests)) return { what: 'commitChanged', room, seq };
    for (const shown of commit.events) {
      const finding = this.#checkEvent(seq, shown);
      if (finding !== null) return finding;
    }
    if (commit.at <= this.#at && seq > 1) return { what: 'timeBackwards', room, seq };
    if ((this.#known.get(seq) ?? commit.hash) !== commit.hash) return { what: 'historyReplaced', room, seq };
    const first = this.#commands.get(commandKey(commit));
    return first === undefined ? null : { what: 'commandTwice', room, seq, first };
  }

  #checkEvent(seq: number, { digest, salt, event }: WireEvent): Finding | null {
    if (event === undefined) return null;
    const { roomId: room } = this;
    const { type } = event;
    if (salt === undefined || eventDigest(event, salt) !== digest) return { what: 'eventChanged', room, seq, type };
    let sound = true;
    mapWords(event, (words) => {
      const { text, salt: own } = words;
      if (text !== undefined && (own === undefined || wordsDigest(text, own) !== words.digest)) sound = false;
      return words;
    });
    return sound ? null : { what: 'textChanged', room, seq, type };
  }

  #fold(commit: WireCommit): void {
    this.#commands.set(commandKey(commit), commit.seq);
    for (const { event } of commit.events) {
      if (event === undefined) {
        this.#counts.withheldEvents += 1;
        continue;
      }
      this.#counts.events += 1;
      mapWords(event, (words) => {
        this.#counts[words.text === undefined ? 'withheldTexts' : 'texts'] += 1;
        return words;
      });
      this.#note(event, commit.seq);
      this.#state = evolve(this.#state, event, commit);
    }
    ({ seq: this.#seq, hash: this.#hash, at: this.#at } = commit);
  }

  #note(event: RoomEvent, seq: number): void {
    if (event.type === 'participant.joined') this.participants.add(event.participantId);
    if (event.type === 'draft.created') this.draftIds.add(event.draftId);
    if (event.type === 'text.erased' && event.of.kind === 'passage') {
      const passage = event.of;
      this.erasedPassages.push(passage);
      for (const [index, revision] of this.revisions.entries()) {
        if (revision.draftId === passage.draftId && stoodAt(passage, revision.ordinal))
          this.revisions[index] = { ...revision, contentHash: null };
      }
    }
    if (event.type === 'draft.revisionSealed') {
      const { draftId, revision, ordinal, logDigest } = event;
      this.revisions.push({ seq, draftId, revision, ordinal, logDigest, contentHash: sealedHash(event) });
    }
  }
}

function commandKey({ actorId, commandId }: WireCommit): string {
  return JSON.stringify([actorId, commandId]);
}

/**
 * A stored commit with everything in it, in the form in which `RoomProof` takes it; or which of its events is none. The digests
 * are computed from what is stored, since a store holds none: a changed event shows as a changed commit.
 */
export function storedAsShown(commit: Commit): WireCommit | Finding {
  const events: WireEvent[] = [];
  for (const stored of commit.events) {
    const event = readable(stored);
    if (event === null) return { what: 'eventUnreadable', room: commit.stream.id, seq: commit.seq };
    events.push({ digest: eventDigest(event, stored.salt), salt: stored.salt, event });
  }
  return { ...commit, events };
}

function readable(stored: StoredEvent): RoomEvent | null {
  try {
    const event: unknown = upcast(stored);
    const isEvent = typeof event === 'object' && event !== null && 'type' in event && typeof event.type === 'string';
    return isEvent ? (event as RoomEvent) : null;
  } catch {
    return null;
  }
}
