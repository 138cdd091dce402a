import { setImmediate as nextTurn } from 'node:timers/promises';
import { runSetOf } from '#shared/document/erasing/eraseFromUpdate.ts';
import { stopsOf } from '#shared/document/history/moments.ts';
import type { FoundPassage, Span, WantedPassage } from '#shared/document/history/passages.ts';
import { Weave } from '#shared/document/history/weave.ts';
import type { WovenDraft } from '#shared/document/history/woven.ts';
import type { DraftEntry, Journal } from '../store/ports.ts';
import type { Run } from '#shared/document/text-index.ts';
import type { DraftState } from '#shared/domain/state.ts';
import { entryDigest, withoutErased } from './entries.ts';
import { DraftDamaged } from './load.ts';
import { Slots } from '../slots.ts';

const pageSize = 500;
/** A weave takes about a kilobyte of memory for each edit, so few are kept, and not for long. */
const mostKept = 4;
const defaultKeptMs = 60_000;

/** Where a history is wanted to stop; see `stopsOf`. */
export interface WantedStops {
  readonly most: number;
  readonly cuts: readonly number[];
  readonly times: readonly number[];
}

/** A draft as the room's state has it. */
export type ToldDraft = Pick<DraftState, 'id' | 'lineage' | 'erased'>;

interface Kept {
  readonly weave: Weave;
  digest: string;
  /** How many passages had been erased. */
  readonly erased: number;
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

  /** The draft with all it ever was, and was not erased. Rejects with StoreUnavailable or DraftDamaged. */
  draft({ id: draftId, lineage, erased }: ToldDraft, { most, cuts, times }: WantedStops): Promise<WovenDraft> {
    return this.#builds.run(async () => {
      const { weave } = await this.#upToDate(draftId, erased);
      return weave.draft(draftId, lineage, stopsOf(weave.entries, most, cuts, times));
    });
  }

  /** The draft with one moment alone: as it was after this entry, or the last one before it that changed the text. */
  at({ id: draftId, lineage, erased }: ToldDraft, ordinal: number): Promise<WovenDraft> {
    return this.#builds.run(async () => {
      const { weave } = await this.#upToDate(draftId, erased);
      const stop = weave.entries.findLastIndex((entry) => entry.ordinal <= ordinal);
      return weave.draft(draftId, lineage, stop === -1 ? [] : [stop]);
    });
  }

  /** What a passage of a draft is in its whole history. */
  passage({ id, erased }: ToldDraft, wanted: WantedPassage): Promise<FoundPassage | null> {
    return this.#builds.run(async () => {
      const search = (await this.#upToDate(id, erased)).weave.passage(wanted);
      for (;;) {
        const step = search.next();
        if (step.done === true) return step.value;
        await nextTurn();
      }
    });
  }

  /** When any of these characters stood in the text. */
  span({ id, erased }: ToldDraft, runs: readonly Run[]): Promise<Span> {
    return this.#builds.run(async () => (await this.#upToDate(id, erased)).weave.span(runs));
  }

  /** Entries of the log with ordinal > after, at most `limit`, without what was erased. */
  async entries({ id, erased }: Pick<ToldDraft, 'id' | 'erased'>, after: number, limit: number): Promise<readonly DraftEntry[]> {
    const gone = runSetOf(erased);
    return (await this.#journal.readDraft(id, after, limit)).map((entry) => withoutErased(entry, gone));
  }

  /** Lets go what is kept of a draft: something in it was erased. */
  forget(draftId: string): void {
    this.#forget(draftId);
  }

  close(): void {
    for (const { timer } of this.#kept.values()) clearTimeout(timer);
    this.#kept.clear();
  }

  async #upToDate(draftId: string, erased: ToldDraft['erased']): Promise<Kept> {
    const kept = this.#kept.get(draftId);
    // What was kept before something was erased still has it.
    const known = kept?.erased === erased.length ? kept : undefined;
    const gone = runSetOf(erased);
    // What fails halfway is thrown away: it has taken in a part of a page.
    this.#kept.delete(draftId);
    if (kept !== undefined) clearTimeout(kept.timer);
    const held = known ?? { weave: new Weave(), digest: '', erased: erased.length, timer: this.#forgetLater(draftId) };
    clearTimeout(held.timer);
    for (;;) {
      const page = await this.#journal.readDraft(draftId, held.weave.ordinal, pageSize);
      for (const entry of page) take(held, withoutErased(entry, gone));
      if (page.length < pageSize) break;
      await nextTurn();
    }
    if (!held.weave.isWhole) throw new DraftDamaged(draftId, 'an update rests on something the log does not hold.');
    held.timer = this.#forgetLater(draftId);
    this.#kept.set(draftId, held);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#forget(oldest);
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
  if (entry.ordinal !== expected) throw new DraftDamaged(entry.draftId, `entry ${expected} is missing.`);
  if (entryDigest(held.digest, entry) !== entry.digest) throw new DraftDamaged(entry.draftId, `entry ${expected} was changed.`);
  try {
    held.weave.take(entry);
  } catch (error) {
    throw new DraftDamaged(entry.draftId, `entry ${expected} is no update.`, { cause: error });
  }
  held.digest = entry.digest;
}
