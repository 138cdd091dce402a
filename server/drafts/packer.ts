import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Slots } from '../slots.ts';
import type { Packing } from '../store/packing.ts';
import type { DraftEntry, Journal, RecordStore, Snapshots } from '../store/ports.ts';
import type { RecordKinds } from '../store/records.ts';
import { packSegment, sameEntry, unpackSegment } from '../store/segment.ts';
import type { Segment } from '../store/segment.ts';
import { entryDigest } from './entries.ts';
import type { DraftLog } from './parts.ts';
import { digestOfSnapshot } from './snapshot.ts';

/** How large segments get, and how many entries are worth one. */
export interface PackingSizes {
  readonly entries: number;
  /** Of all updates in a segment, before they are compressed; a single entry may be larger. */
  readonly bytes: number;
  /** At night a segment is made of as few. */
  readonly least: number;
}

/** Segments of this size take the writing thread a few hundredths of a second, and larger ones are hardly smaller in all. */
const defaultSizes: PackingSizes = { entries: 1_024, bytes: 1024 * 1024, least: 256 };
/** Entries read, or looked at, in one turn of the event loop. */
const turnEntries = 256;
/** Of other processes there are a few segments to settle at most. */
const mostToSettle = 64;
const page = 500;
const hourMs = 3_600_000;
/** The hour, by the clock of the server, at which all drafts are looked at. */
const nightHour = 3;

export interface PackerParts {
  readonly journal: Pick<Journal, 'readDraft'>;
  readonly snapshots: Pick<Snapshots, 'latest'>;
  readonly packing: Packing;
  readonly records: Pick<RecordStore<RecordKinds>, 'list'>;
  readonly log: DraftLog;
  readonly sizes?: Partial<PackingSizes>;
}

/** What became of a draft's log. */
export interface Packed {
  readonly entries: number;
  readonly segments: number;
  /** Bytes of the updates before, and of the segments. */
  readonly from: number;
  readonly to: number;
}

/**
 * Packs the logs of drafts, one draft at a time, beside everything else: what lies behind the older of two good snapshots. Nothing
 * of a log is lost or changed by it; see store/packing.ts. A draft without two good snapshots stays as it is.
 */
export class Packer {
  readonly #parts: PackerParts;
  readonly #sizes: PackingSizes;
  readonly #one = new Slots(1);
  /** How long a log was when it was looked at last, and what is under way. */
  readonly #looked = new Map<string, number>();
  readonly #underWay = new Set<Promise<unknown>>();
  #lastNight = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(parts: PackerParts) {
    this.#parts = parts;
    this.#sizes = { ...defaultSizes, ...parts.sizes };
  }

  /** Notes how long the log of a draft has become; what has grown by a segment is packed in the background. */
  grew(draftId: string, ordinal: number): void {
    if (ordinal - (this.#looked.get(draftId) ?? 0) < this.#sizes.entries || this.#closed) return;
    this.#looked.delete(draftId);
    this.#looked.set(draftId, ordinal);
    const [oldest] = this.#looked.keys();
    if (this.#looked.size > 1_000 && oldest !== undefined) this.#looked.delete(oldest);
    this.#inBackground(this.pack(draftId, this.#sizes.entries));
  }

  /** Looks at all drafts if it is night and that was not done yet; `at`: milliseconds since 1970. To be asked every hour. */
  hourly(at: number): Promise<void> {
    if (new Date(at).getHours() === nightHour && at - this.#lastNight >= 2 * hourMs) {
      this.#lastNight = at;
      this.#inBackground(this.sweep());
    }
    return Promise.resolve();
  }

  /** Packs what is worth it of all drafts. Rejects with StoreUnavailable. */
  async sweep(onDraft: (draftId: string, packed: Packed) => void = () => undefined): Promise<void> {
    for (let after = ''; !this.#closed;) {
      const drafts = await this.#parts.records.list('draftSize', { after, limit: page });
      for (const { id } of drafts) {
        const packed = await this.pack(id, this.#sizes.least);
        if (packed.segments > 0) onDraft(id, packed);
      }
      const last = drafts.at(-1);
      if (last === undefined || drafts.length < page) return;
      after = last.id;
    }
  }

  /** Packs one draft, as long as there are `least` entries for a segment. Rejects with StoreUnavailable. */
  pack(draftId: string, least: number): Promise<Packed> {
    return this.#one.run(async () => {
      const sum = { entries: 0, segments: 0, from: 0, to: 0 };
      const { packing } = this.#parts;
      if (this.#closed || !(await this.#settle(draftId))) return sum;
      const end = await this.#packable(draftId, (await packing.packed(draftId)).ordinal + least);
      while (!this.#closed) {
        const begun = performance.now();
        const { ordinal, digest } = await packing.packed(draftId);
        const entries = await this.#read(draftId, ordinal, end);
        if (entries.length === 0 || entries.length < Math.min(least, this.#sizes.entries)) break;
        const segment = await this.#made(digest, entries);
        if (segment === null || (await packing.lay(segment)) === 'gone' || !(await this.#settle(draftId))) break;
        sum.entries += entries.length;
        sum.segments += 1;
        sum.to += segment.bytes.byteLength;
        for (const { bytes } of entries) sum.from += bytes.byteLength;
        // Half of the time is for others.
        await pause(performance.now() - begun);
      }
      if (sum.segments > 0) this.#parts.log.info({ draftId, ...sum }, 'a part of a log was packed');
      return sum;
    });
  }

  /** Resolves when what is under way has come to a point where it may stop. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#underWay);
  }

  #inBackground(work: Promise<unknown>): void {
    const running = work
      .catch((reason: unknown) => {
        // The log is as good as before, and is packed the next time. Whether the store takes writes is found out by who has to write.
        this.#parts.log.warn({ err: reason }, 'a log could not be packed');
      })
      .finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  /**
   * Up to which ordinal a log may be packed: what lies before the older of two snapshots that are whole and stand on this log; 0
   * where there are no two, or where that is less than `worth`.
   */
  async #packable(draftId: string, worth: number): Promise<number> {
    const snapshots = await this.#parts.snapshots.latest('draft', draftId);
    const end = Math.min(...snapshots.map(({ position }) => position)) - 1;
    if (snapshots.length < 2 || end < worth) return 0;
    for (const snapshot of snapshots) {
      const digest = await digestOfSnapshot(snapshot);
      const [entry] = await this.#parts.journal.readDraft(draftId, snapshot.position - 1, 1);
      if (digest === null || entry?.ordinal !== snapshot.position || entry.digest !== digest) return 0;
    }
    return end;
  }

  /** The entries of the next segment, a few in a turn of the event loop. */
  async #read(draftId: string, after: number, end: number): Promise<readonly DraftEntry[]> {
    const read: DraftEntry[] = [];
    let bytes = 0;
    for (let at = after; at < end && read.length < this.#sizes.entries;) {
      const limit = Math.min(turnEntries, end - at, this.#sizes.entries - read.length);
      const entries = await this.#parts.journal.readDraft(draftId, at, limit);
      for (const entry of entries) {
        bytes += entry.bytes.byteLength;
        if (read.length > 0 && bytes > this.#sizes.bytes) return read;
        read.push(entry);
      }
      if (entries.length < limit) break;
      at += entries.length;
      await nextTurn();
    }
    return read;
  }

  /** The segment of these entries, after it was unpacked and compared; null where they do not hold together themselves. */
  async #made(before: string, entries: readonly DraftEntry[]): Promise<Segment | null> {
    let digest = before;
    for (const [index, entry] of entries.entries()) {
      if (entry.ordinal !== (entries[0]?.ordinal ?? 0) + index || entryDigest(digest, entry) !== entry.digest) {
        this.#parts.log.error({ draftId: entry.draftId, ordinal: entry.ordinal }, 'a damaged log is not packed');
        return null;
      }
      digest = entry.digest;
      if (index % turnEntries === 0) await nextTurn();
    }
    const segment = packSegment(before, entries);
    await nextTurn();
    const unpacked = unpackSegment(segment);
    await nextTurn();
    if (unpacked.length === entries.length && unpacked.every((entry, index) => sameEntry(entry, entries[index] ?? entry))) return segment;
    throw new Error(`Draft ${segment.draftId}: entries from ${segment.first} cannot be packed without a loss.`);
  }

  /** Lets go what lies in segments; gives whether nothing is left. */
  async #settle(draftId: string): Promise<boolean> {
    for (let segments = 0; segments < mostToSettle; segments += 1) {
      const outcome = await this.#parts.packing.settle(draftId);
      if (outcome === 'nothing') return true;
      if (outcome === 'differs') break;
      await nextTurn();
    }
    this.#parts.log.error({ draftId }, 'a packed part of a log is damaged; the entries it was made from stay where they are');
    return false;
  }
}
