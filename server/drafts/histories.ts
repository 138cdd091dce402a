import { setImmediate as nextTurn } from 'node:timers/promises';
import { stopsOf } from '#shared/document/history/moments.ts';
import { Weave } from '#shared/document/history/weave.ts';
import type { WovenDraft } from '#shared/document/history/woven.ts';
import type { DraftEntry, Journal } from '../store/ports.ts';
import { follows } from './entries.ts';
import { DraftDamaged } from './load.ts';
import { Slots } from '../slots.ts';

const pageSize = 500;
/** A weave takes about a kilobyte of memory for each edit, so few are kept, and not for long. */
const kept = 4;
const defaultKeptMs = 60_000;

/** Where a history is wanted to stop; see `stopsOf`. */
export interface WantedStops {
  readonly most: number;
  readonly cuts: readonly number[];
  readonly times: readonly number[];
}

interface Kept {
  readonly weave: Weave;
  digest: string;
  timer: NodeJS.Timeout;
}

/**
 * The histories of drafts, read from their logs when somebody asks, and kept for a moment since whoever asks once asks again. What
 * they show is what is durable. One is built at a time, a page of the log in a turn of the event loop, so that nobody who writes
 * waits for somebody who looks back.
 */
export class Histories {
  readonly #journal: Pick<Journal, 'readDraft'>;
  readonly #keptMs: number;
  readonly #builds = new Slots(1);
  readonly #kept = new Map<string, Kept>();

  constructor(journal: Pick<Journal, 'readDraft'>, keptMs = defaultKeptMs) {
    this.#journal = journal;
    this.#keptMs = keptMs;
  }

  /** The draft with all it ever was. Rejects with StoreUnavailable or DraftDamaged. */
  draft(draftId: string, lineage: string, { most, cuts, times }: WantedStops): Promise<WovenDraft> {
    return this.#builds.run(async () => {
      const { weave } = await this.#upToDate(draftId);
      return weave.draft(draftId, lineage, stopsOf(weave.entries, most, cuts, times));
    });
  }

  /** The draft with one moment alone: as it was after this entry, or the last one before it that changed the text. */
  at(draftId: string, lineage: string, ordinal: number): Promise<WovenDraft> {
    return this.#builds.run(async () => {
      const { weave } = await this.#upToDate(draftId);
      const stop = weave.entries.findLastIndex((entry) => entry.ordinal <= ordinal);
      return weave.draft(draftId, lineage, stop === -1 ? [] : [stop]);
    });
  }

  /** Entries of the log with ordinal > after, at most `limit`. */
  entries(draftId: string, after: number, limit: number): Promise<readonly DraftEntry[]> {
    return this.#journal.readDraft(draftId, after, limit);
  }

  close(): void {
    for (const { timer } of this.#kept.values()) clearTimeout(timer);
    this.#kept.clear();
  }

  async #upToDate(draftId: string): Promise<Kept> {
    const known = this.#kept.get(draftId);
    // What fails halfway is thrown away: it has taken in a part of a page.
    this.#kept.delete(draftId);
    if (known !== undefined) clearTimeout(known.timer);
    const held = known ?? { weave: new Weave(), digest: '', timer: this.#forgetLater(draftId) };
    clearTimeout(held.timer);
    for (;;) {
      const page = await this.#journal.readDraft(draftId, held.weave.ordinal, pageSize);
      for (const entry of page) take(held, entry);
      if (page.length < pageSize) break;
      await nextTurn();
    }
    if (!held.weave.isWhole) throw new DraftDamaged(`Draft ${draftId}: an update rests on something the log does not hold.`);
    held.timer = this.#forgetLater(draftId);
    this.#kept.set(draftId, held);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > kept && oldest !== undefined) this.#forget(oldest);
    return held;
  }

  #forgetLater(draftId: string): NodeJS.Timeout {
    return setTimeout(() => this.#forget(draftId), this.#keptMs).unref();
  }

  #forget(draftId: string): void {
    const held = this.#kept.get(draftId);
    if (held !== undefined) clearTimeout(held.timer);
    this.#kept.delete(draftId);
  }
}

function take(held: Kept, entry: DraftEntry): void {
  const expected = held.weave.ordinal + 1;
  if (entry.ordinal !== expected) throw new DraftDamaged(`Draft ${entry.draftId}: entry ${expected} is missing.`);
  if (!follows(held.digest, entry)) throw new DraftDamaged(`Draft ${entry.draftId}: entry ${expected} was changed.`);
  try {
    held.weave.take(entry);
  } catch (error) {
    throw new DraftDamaged(`Draft ${entry.draftId}: entry ${expected} is no update.`, { cause: error });
  }
  held.digest = entry.digest;
}
