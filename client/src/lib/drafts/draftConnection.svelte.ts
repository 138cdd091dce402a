import { backoffMs, spreadMs } from '#client/lib/room/backoff.ts';
import { closeCodes, retryCodes, spreadIn } from '#shared/protocol/close.ts';
import type { Standing } from '#shared/protocol/frames.ts';
import { afterClose } from './afterClose.ts';
import { noAuthors, withAuthors } from './authors.ts';
import type { Authors } from './authors.ts';
import { browserOutbox } from './browserOutbox.ts';
import { DraftCopy } from './draftCopy.ts';
import { Keeper } from './keeper.ts';
import type { Outbox, OutboxRow, SetAsideRecord } from './outbox.ts';
import { advance, atFirst, nextChangeAt, saveStateOf } from './saveState.ts';
import { writeAtEnd } from './writeAtEnd.ts';
import type { SaveEvent, SaveFacts, SaveState } from './saveState.ts';

/** A connection that lived so long earns a fresh start of the pauses. */
const STEADY_MS = 10_000;
/** How long a server that took the right to write away may still answer what was on its way. */
const LAST_ANSWERS_MS = 3_000;
/** How the first answer of a copy is refused that holds more of other people than the draft does. */
const setBackCodes: ReadonlySet<number> = new Set([closeCodes.notAllowed, closeCodes.badFrame, closeCodes.lineage]);
/** How long after its text was found to be another than everybody's a page waits before it says so again. */
const REPORT_AGAIN_MS = 300_000;

export interface DraftAddress {
  readonly roomId: string;
  readonly draftId: string;
  /** null for somebody who only watches: nothing is kept on the device for him. */
  readonly participantId: string | null;
}

export interface DraftSurroundings {
  /** Where the sockets of all rooms are, e.g. `ws://127.0.0.1:3000/yjs`. By default beside the page. */
  readonly url?: string;
  readonly outbox?: Outbox;
  readonly now?: () => number;
  readonly random?: () => number;
}

/**
 * A draft as this device holds it: joins, keeps what is not durable yet, tries again, and after a refusal sets the words aside and
 * joins anew with a fresh copy. Make one for a draft, `start()` it, `destroy()` it when the page is left.
 */
export class DraftConnection {
  readonly roomId: string;
  readonly draftId: string;
  readonly participantId: string | null;
  readonly #url: string;
  readonly #keeper: Keeper;
  readonly #now: () => number;
  readonly #random: () => number;

  #copy = $state.raw<DraftCopy | null>(null);
  #facts = $state.raw<SaveFacts>(atFirst);
  #clock = $state(0);
  #standing = $state.raw<Standing | null>(null);
  #authors = $state.raw<Authors>(noAuthors);
  #setAside = $state.raw<readonly SetAsideRecord[]>([]);
  #endedBy = $state<number | null>(null);
  #hasContent = $state(false);
  #isInStep = $state(false);
  readonly #save = $derived(saveStateOf(this.#facts, this.#clock));

  /** The copy that is connected or tries to be. After a refusal the one before stays on the screen until this one has the text. */
  #active: DraftCopy | null = null;
  #attempt = 0;
  #renewedAt = Number.NEGATIVE_INFINITY;
  /** The copy that was last found to hold something else than the draft. */
  #diverged: DraftCopy | null = null;
  #reportedAt = Number.NEGATIVE_INFINITY;
  /** The copy of which the server has taken all it knew at some time, and whether it has said so on the present connection. */
  #taken: DraftCopy | null = null;
  #isTaken = false;
  #isWelcome = false;
  #liveAt: number | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | null = null;
  #clockTimer: ReturnType<typeof setTimeout> | null = null;
  #lastAnswersTimer: ReturnType<typeof setTimeout> | null = null;
  #isGuarding = false;
  #destroyed = false;
  /** Whether it is kept from connecting until `resume`. */
  #held = false;

  constructor(address: DraftAddress, surroundings: DraftSurroundings = {}) {
    this.roomId = address.roomId;
    this.draftId = address.draftId;
    this.participantId = address.participantId;
    this.#url = `${surroundings.url ?? besideThePage()}/${address.roomId}`;
    this.#now = surroundings.now ?? Date.now;
    this.#random = surroundings.random ?? Math.random;
    this.#keeper = new Keeper(address.draftId, address.participantId, surroundings.outbox ?? browserOutbox(), this.#now);
  }

  /** The present copy, for the editor to bind. It is replaced by another one after a refusal: bind anew then. */
  get copy(): DraftCopy | null {
    return this.#copy;
  }

  /** Where one's changes are, for SaveState.svelte. */
  get save(): SaveState {
    return this.#save;
  }

  /** How many changes are not durable yet. */
  get pending(): number {
    return this.#facts.pending;
  }

  /** Whether the server lets this person write now. Offline the last answer holds; false before the draft's text is there. */
  get write(): boolean {
    return this.#facts.write && this.#isInStep && this.#facts.link !== 'ended';
  }

  /** Rejection code where `write` is false because the server said so. */
  get why(): string | null {
    return this.#standing?.why ?? null;
  }

  /** Whether the draft's text is there, so that an empty draft can be told from one that is on its way. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** Which participant writes under which Yjs client id, as the server says. */
  get authors(): Authors {
    return this.#authors;
  }

  /** Words that could not be written, oldest first. */
  get setAside(): readonly SetAsideRecord[] {
    return this.#setAside;
  }

  /** Close code after which nothing more is tried, or null. */
  get endedBy(): number | null {
    return this.#endedBy;
  }

  /** Reads what this device kept, then joins. */
  async start(): Promise<void> {
    const kept = await this.#keeper.read();
    if (this.#destroyed) return;
    this.#setAside = kept.records;
    for (const rows of kept.ofOtherLineages) this.#putAside(rows, null, closeCodes.lineage);
    if (typeof window !== 'undefined') {
      window.addEventListener('online', this.#onBack);
      window.addEventListener('offline', this.#onGone);
      document.addEventListener('visibilitychange', this.#onBack);
    }
    this.#open(kept.lineage, kept.rows);
  }

  /** Takes a set-aside record away for good. */
  dismiss(id: string): void {
    this.#setAside = this.#setAside.filter((record) => record.id !== id);
    this.#keeper.dismiss(id);
  }

  /** Cuts the line as a loss of the network would, and keeps it cut until `resume`. */
  hold(): void {
    this.#held = true;
    this.#clear();
    this.#active?.disconnect();
  }

  /** Comes back after `hold`, as after any loss. */
  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    if (!this.#destroyed && this.#endedBy === null) this.#connectAfter(0);
  }

  /** Writes words behind the last paragraph, a stroke each, where this person may write; for the sample page. */
  scribble(words: readonly string[]): void {
    const copy = this.#active;
    if (copy !== null && this.#facts.write) for (const stroke of words) writeAtEnd(copy.fragment, stroke);
  }

  /** Leaves. What is not durable yet stays in the outbox of this device. */
  destroy(): void {
    this.#destroyed = true;
    this.#clear();
    this.#guard(false);
    if (this.#clockTimer !== null) clearTimeout(this.#clockTimer);
    if (typeof window !== 'undefined') {
      window.removeEventListener('online', this.#onBack);
      window.removeEventListener('offline', this.#onGone);
      document.removeEventListener('visibilitychange', this.#onBack);
    }
    this.#active?.leave();
  }

  #open(lineage: string | null, earlier: readonly OutboxRow[], afterMs = 0): void {
    const copy: DraftCopy = new DraftCopy(
      { url: this.#url, draftId: this.draftId, lineage, earlier, now: this.#now },
      {
        standing: (standing) => this.#onStanding(copy, standing),
        saved: (frames) => this.#onSaved(copy, frames),
        synced: () => this.#onSynced(copy),
        closed: (code, reason) => this.#onClosed(copy, code, reason),
        changed: (pending) => {
          this.#keeper.keep(copy.lineage, pending);
          this.#advance({ type: 'pending', count: copy.pending.count, oldestAt: copy.pending.oldestAt });
        },
        diverged: () => this.#reports(copy),
      },
    );
    this.#active = copy;
    this.#isInStep = false;
    if (!this.#hasContent) this.#copy = copy;
    this.#advance({ type: 'pending', count: copy.pending.count, oldestAt: copy.pending.oldestAt });
    this.#connectAfter(afterMs);
  }

  #onStanding(copy: DraftCopy, standing: Standing): void {
    this.#authors = withAuthors(this.#authors, standing.authors);
    this.#standing = standing;
    this.#isWelcome = true;
    if (standing.acceptedFrames !== undefined) this.#onSaved(copy, standing.acceptedFrames);
    if (standing.write && copy.hasStray) {
      this.#renew(copy, null);
      return;
    }
    this.#advance({ type: 'standing', write: standing.write });
    if (!standing.write) this.#giveUpPending(copy);
  }

  /** The right to write is gone: what is on its way may still be answered, the rest cannot be sent any more. */
  #giveUpPending(copy: DraftCopy): void {
    if (copy.pending.count === 0) return;
    if (!copy.pending.inFlight) this.#renew(copy, closeCodes.notAllowed);
    else {
      this.#lastAnswersTimer ??= setTimeout(() => {
        this.#lastAnswersTimer = null;
        if (copy === this.#active && copy.pending.count > 0 && !this.#facts.write) this.#renew(copy, closeCodes.notAllowed);
      }, LAST_ANSWERS_MS);
    }
  }

  #onSaved(copy: DraftCopy, frames: number): void {
    if (frames > 0) {
      this.#taken = copy;
      this.#isTaken = true;
    }
    const saved = copy.pending.saved(frames);
    if (saved.length === 0) return;
    this.#keeper.forget(copy.lineage, saved);
    this.#advance({ type: 'acknowledged', count: copy.pending.count, oldestAt: copy.pending.oldestAt, now: this.#now() });
  }

  #onSynced(copy: DraftCopy): void {
    this.#liveAt = this.#now();
    this.#copy = copy;
    this.#hasContent = true;
    this.#isInStep = true;
    this.#advance({ type: 'live', now: this.#now() });
  }

  /** Not again and again: what a fresh copy did not cure once, it will not cure the next minute. */
  #reports(copy: DraftCopy): boolean {
    if (this.#now() - this.#reportedAt < REPORT_AGAIN_MS) return false;
    this.#reportedAt = this.#now();
    this.#diverged = copy;
    return true;
  }

  #onClosed(copy: DraftCopy, code: number | null, reason: string): void {
    if (copy !== this.#active) return;
    if (this.#liveAt !== null && this.#now() - this.#liveAt > STEADY_MS) this.#attempt = 0;
    if (code === retryCodes.notNow) this.#attempt = Math.max(this.#attempt, 2);
    this.#liveAt = null;
    // What it took once it refuses now: the draft was set back, and what is missing there may be nowhere but in this copy.
    const isSetBack = copy === this.#taken && this.#isWelcome && !this.#isTaken && code !== null && setBackCodes.has(code);
    this.#isWelcome = false;
    this.#isTaken = false;
    const next = afterClose(code);
    if (next === 'renew') this.#renew(copy, isSetBack ? closeCodes.diverged : code);
    else if (next === 'retry') {
      this.#advance({ type: 'down' });
      const spread = spreadIn(reason);
      this.#connectAfter(spread === null ? this.#pause() : spreadMs(spread, this.#random()));
    } else {
      this.#endedBy = code;
      this.#clear();
      if (next === 'endSettingAside') this.#putAside(this.#keeper.rowsOf(copy.lineage, copy.pending.takeAll()), copy, code);
      this.#advance({ type: 'pending', count: copy.pending.count, oldestAt: copy.pending.oldestAt });
      this.#advance({ type: 'ended' });
    }
  }

  /** Drops a copy that holds what the server will not take, and joins with a fresh one. */
  #renew(copy: DraftCopy, code: number | null): void {
    this.#clear();
    copy.leave();
    // It answered: pauses that grew while it did not are over. Refused again and again, they grow.
    if (this.#now() - this.#renewedAt > STEADY_MS) this.#attempt = 0;
    this.#renewedAt = this.#now();
    this.#putAside(this.#keeper.rowsOf(copy.lineage, copy.pending.takeAll()), copy, copy === this.#diverged ? closeCodes.diverged : code);
    this.#standing = null;
    this.#advance({ type: 'renewed' });
    this.#open(null, [], this.#pause());
  }

  #putAside(rows: readonly OutboxRow[], copy: DraftCopy | null, code: number | null): void {
    const whole = code === closeCodes.diverged ? (copy?.doc ?? null) : null;
    if (rows.length === 0 && whole === null) return;
    const made = whole === null ? this.#keeper.setAside(rows, copy?.doc ?? null, code) : this.#keeper.setAsideWhole(rows, whole, code);
    void made.then((record) => {
      if (record !== null) this.#setAside = [...this.#setAside, record];
    });
  }

  #pause(): number {
    const pause = backoffMs(this.#attempt, this.#random());
    this.#attempt += 1;
    return pause;
  }

  #connectAfter(ms: number): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      if (!this.#destroyed && !this.#held) this.#active?.connect();
    }, ms);
  }

  /** Network or person are back: no need to sit out a long pause, but not everybody in the same instant either. */
  readonly #onBack = (): void => {
    if (this.#retryTimer !== null && !document.hidden) this.#connectAfter(backoffMs(0, this.#random()));
  };

  /** The network went. The line is cut here, or the page would go on saying that all is saved until its silence is noticed. */
  readonly #onGone = (): void => this.#active?.disconnect();

  #clear(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    if (this.#lastAnswersTimer !== null) clearTimeout(this.#lastAnswersTimer);
    this.#retryTimer = null;
    this.#lastAnswersTimer = null;
  }

  #advance(event: SaveEvent): void {
    this.#facts = advance(this.#facts, event);
    this.#clock = this.#now();
    this.#guard(this.#facts.pending > 0);
    if (this.#clockTimer !== null) clearTimeout(this.#clockTimer);
    this.#clockTimer = null;
    const at = nextChangeAt(this.#facts);
    if (at === null || at <= this.#clock) return;
    this.#clockTimer = setTimeout(() => (this.#clock = this.#now()), at - this.#clock + 1);
  }

  /** Asks before the page is left with changes that are not durable; otherwise no handler stands in the way of the browser's cache. */
  #guard(on: boolean): void {
    if (on === this.#isGuarding || typeof window === 'undefined') return;
    this.#isGuarding = on;
    if (on) window.addEventListener('beforeunload', askBeforeLeaving);
    else window.removeEventListener('beforeunload', askBeforeLeaving);
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function besideThePage(): string {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/yjs`;
}
