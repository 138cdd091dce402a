import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
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
import { jsonChunks } from '../jsonParts.ts';
import { Slots } from '../slots.ts';

const pageSize = 500;
const pageBytes = 4 * 1024 * 1024;
/** What a weave takes of memory: measured, about a kilobyte for each edit and its text twice. */
const bytesOfEdit = 1024;
const timesOfText = 2;
/** Answers are kept for as many moments' asking, and only where they are not too large. */
const mostAnswers = 16;
const mostAnswerBytes = 8 * 1024 * 1024;
/** Strangers are given an answer that was made for another as long as it is not older. */
const answerFreshMs = 10_000;
/** Drafts whose histories were found to be too large; they only grow. */
const mostTooLarge = 1_000;
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
  /** What it takes of memory, about. */
  bytes: number;
  digest: string;
  /** How many passages had been erased. */
  readonly erased: number;
  timer: NodeJS.Timeout;
}

/** An answer as it goes out; `mark` says to what it was made. */
interface KeptAnswer {
  readonly draftId: string;
  readonly gzip: Uint8Array;
  readonly mark: string;
  readonly erased: number;
  readonly madeAt: number;
}

/** The history of a draft takes more memory than is given to histories: `got` bytes or more. */
export class HistoryTooLarge extends Error {
  override readonly name = 'HistoryTooLarge';
  readonly most: number;
  readonly got: number;

  constructor(most: number, got: number) {
    super(`A history of ${got} bytes is more than ${most}.`);
    this.most = most;
    this.got = got;
  }
}

async function gzipOf(chunks: Iterable<string>): Promise<Uint8Array> {
  return buffer(Readable.from(chunks, { objectMode: false }).pipe(createGzip({ level: 5 })));
}

/**
 * The histories of drafts, read from their logs when somebody asks, and kept for a moment since whoever asks once asks again. What
 * they show is what is durable. One is built at a time, a page of the log in a turn of the event loop, so that nobody who writes
 * waits for somebody who looks back.
 */
export class Histories {
  readonly #journal: Pick<Journal, 'readDraft'>;
  readonly #mostBytes: number;
  readonly #keptMs: number;
  readonly #now: () => number;
  readonly #builds = new Slots(1);
  readonly #kept = new Map<string, Kept>();
  /** By draft and stops, the oldest first. */
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #tooLarge = new Map<string, number>();

  /** `mostBytes`: what all weaves that are kept, and one that is shown, may take of memory. */
  constructor(
    journal: Pick<Journal, 'readDraft'>,
    options: { readonly mostBytes?: number; readonly keptMs?: number; readonly now?: () => number } = {},
  ) {
    this.#journal = journal;
    this.#mostBytes = options.mostBytes ?? Infinity;
    this.#keptMs = options.keptMs ?? defaultKeptMs;
    this.#now = options.now ?? Date.now;
  }

  /**
   * The answer of `draft` as gzip of its JSON, made once for all who ask for the same. `strangers`: one that was made a moment ago will do.
   * Rejects like `draft`.
   */
  async packed(draft: ToldDraft, wanted: WantedStops, strangers: boolean): Promise<Uint8Array> {
    const name = `${draft.id} ${wanted.most}`;
    const known = (): KeptAnswer | undefined => {
      const answer = this.#answers.get(name);
      return answer?.erased === draft.erased.length ? answer : undefined;
    };
    const fresh = (): Uint8Array | null => {
      const answer = known();
      return strangers && answer !== undefined && this.#now() - answer.madeAt < answerFreshMs ? answer.gzip : null;
    };
    return (
      fresh() ??
      this.#builds.run(async () => {
        // Asked again: whoever was before in the queue may have had it made.
        const made = fresh();
        if (made !== null) return made;
        const { weave } = await this.#upToDate(draft.id, draft.erased, this.#mostBytes);
        const stops = stopsOf(weave.entries, wanted.most, wanted.cuts, wanted.times);
        const mark = `${weave.ordinal} ${stops.length} ${stops.at(-1)}`;
        const same = known();
        if (same?.mark === mark) return same.gzip;
        const gzip = await gzipOf(jsonChunks(weave.draft(draft.id, draft.lineage, stops)));
        this.#answers.delete(name);
        if (gzip.byteLength <= mostAnswerBytes)
          this.#answers.set(name, { gzip, mark, erased: draft.erased.length, madeAt: this.#now(), draftId: draft.id });
        const [oldest] = this.#answers.keys();
        if (this.#answers.size > mostAnswers && oldest !== undefined) this.#answers.delete(oldest);
        return gzip;
      })
    );
  }

  /** The draft with all it ever was, and was not erased. Rejects with StoreUnavailable, DraftDamaged or HistoryTooLarge. */
  draft({ id: draftId, lineage, erased }: ToldDraft, { most, cuts, times }: WantedStops): Promise<WovenDraft> {
    return this.#builds.run(async () => {
      const { weave } = await this.#upToDate(draftId, erased, this.#mostBytes);
      return weave.draft(draftId, lineage, stopsOf(weave.entries, most, cuts, times));
    });
  }

  /** The draft with one moment alone: as it was after this entry, or the last one before it that changed the text. */
  at({ id: draftId, lineage, erased }: ToldDraft, ordinal: number): Promise<WovenDraft> {
    return this.#builds.run(async () => {
      const { weave } = await this.#upToDate(draftId, erased, this.#mostBytes);
      const stop = weave.entries.findLastIndex((entry) => entry.ordinal <= ordinal);
      return weave.draft(draftId, lineage, stop === -1 ? [] : [stop]);
    });
  }

  /** What a passage of a draft is in its whole history, however large that is: what has to be erased must be found. */
  passage({ id, erased }: ToldDraft, wanted: WantedPassage): Promise<FoundPassage | null> {
    return this.#builds.run(async () => {
      const search = (await this.#upToDate(id, erased, Infinity)).weave.passage(wanted);
      for (;;) {
        const step = search.next();
        if (step.done === true) return step.value;
        await nextTurn();
      }
    });
  }

  /** When any of these characters stood in the text. */
  span({ id, erased }: ToldDraft, runs: readonly Run[]): Promise<Span> {
    return this.#builds.run(async () => (await this.#upToDate(id, erased, Infinity)).weave.span(runs));
  }

  /** Entries of the log with ordinal > after, at most `limit` and `mostBytes`, one at least, without what was erased. */
  async entries(
    { id, erased }: Pick<ToldDraft, 'id' | 'erased'>,
    after: number,
    limit: number,
    mostBytes?: number,
  ): Promise<readonly DraftEntry[]> {
    const gone = runSetOf(erased);
    return (await this.#journal.readDraft(id, after, limit, mostBytes)).map((entry) => withoutErased(entry, gone));
  }

  /** Lets go what is kept of a draft: something in it was erased. */
  forget(draftId: string): void {
    this.#forget(draftId);
    for (const [name, answer] of this.#answers) if (answer.draftId === draftId) this.#answers.delete(name);
  }

  close(): void {
    for (const { timer } of this.#kept.values()) clearTimeout(timer);
    this.#kept.clear();
    this.#answers.clear();
  }

  async #upToDate(draftId: string, erased: ToldDraft['erased'], mostBytes: number): Promise<Kept> {
    const got = this.#tooLarge.get(draftId);
    if (got !== undefined && got > mostBytes) throw new HistoryTooLarge(mostBytes, got);
    const kept = this.#kept.get(draftId);
    // What was kept before something was erased still has it.
    const known = kept?.erased === erased.length ? kept : undefined;
    const gone = runSetOf(erased);
    // What fails halfway is thrown away: it has taken in a part of a page.
    this.#kept.delete(draftId);
    if (kept !== undefined) clearTimeout(kept.timer);
    const held = known ?? { weave: new Weave(), bytes: 0, digest: '', erased: erased.length, timer: this.#forgetLater(draftId) };
    clearTimeout(held.timer);
    for (;;) {
      const page = await this.#journal.readDraft(draftId, held.weave.ordinal, pageSize, pageBytes);
      if (page.length === 0) break;
      // Before any of it is taken in: what is too large is not held, not even for a moment.
      held.bytes += page.reduce((sum, { bytes }) => sum + bytesOfEdit + timesOfText * bytes.byteLength, 0);
      if (held.bytes > mostBytes) throw this.#noteTooLarge(draftId, mostBytes, held.bytes);
      // Others are let go first: together they may take no more.
      this.#makeRoom(mostBytes === Infinity ? 0 : mostBytes - held.bytes);
      for (const entry of page) take(held, withoutErased(entry, gone));
      await nextTurn();
    }
    if (!held.weave.isWhole) throw new DraftDamaged(draftId, 'an update rests on something the log does not hold.');
    held.timer = this.#forgetLater(draftId);
    this.#kept.set(draftId, held);
    return held;
  }

  /** Lets the oldest weaves go until the others take no more than so many bytes. */
  #makeRoom(most: number): void {
    let sum = 0;
    for (const { bytes } of this.#kept.values()) sum += bytes;
    for (const [draftId, { bytes }] of this.#kept) {
      if (sum <= most) return;
      sum -= bytes;
      this.#forget(draftId);
    }
  }

  #noteTooLarge(draftId: string, most: number, got: number): HistoryTooLarge {
    this.#tooLarge.set(draftId, got);
    const [oldest] = this.#tooLarge.keys();
    if (this.#tooLarge.size > mostTooLarge && oldest !== undefined) this.#tooLarge.delete(oldest);
    return new HistoryTooLarge(most, got);
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
