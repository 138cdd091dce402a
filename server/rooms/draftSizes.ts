import { setImmediate as nextTurn } from 'node:timers/promises';
import { Damaged } from '../store/damaged.ts';
import type { DraftEntry, Journal, RecordStore } from '../store/ports.ts';
import type { DraftSizeRecord, RecordKinds } from '../store/records.ts';

const page = 500;
/** How long a size may wait to be written: what is not written is counted anew from the log. */
const delayMs = 5_000;

/** Where in its log a draft stands, and the bytes of all updates up to there. */
export interface DraftSize {
  readonly ordinal: number;
  readonly logBytes: number;
}

/**
 * How large the logs of drafts are, kept beside them: nobody reads a log through to know its size, and a room knows what it takes
 * up without loading its drafts. The logs are the truth; what is kept names the place it was counted to.
 */
export class DraftSizes {
  readonly #records: RecordStore<RecordKinds>;
  readonly #journal: Pick<Journal, 'readDraft'>;
  readonly #onFailed: (error: unknown) => void;
  readonly #due = new Map<string, DraftSize & { readonly roomId: string }>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(records: RecordStore<RecordKinds>, journal: Pick<Journal, 'readDraft'>, onFailed: (error: unknown) => void) {
    this.#records = records;
    this.#journal = journal;
    this.#onFailed = onFailed;
  }

  /** The sizes of these drafts of a room as their logs are now. Rejects with StoreUnavailable. */
  async of(roomId: string, draftIds: readonly string[]): Promise<ReadonlyMap<string, DraftSize>> {
    return new Map(await Promise.all(draftIds.map(async (id) => [id, await this.#sizeOf(roomId, id)] as const)));
  }

  /** Notes how large a draft has become. */
  note(roomId: string, draftId: string, size: DraftSize): void {
    if (size.ordinal === 0) return;
    this.#due.set(draftId, { roomId, ordinal: size.ordinal, logBytes: size.logBytes });
    this.#timer ??= setTimeout(() => void this.flush(), delayMs);
    this.#timer.unref();
  }

  /** Writes what is due now. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const due = [...this.#due];
    this.#due.clear();
    this.#writing = this.#writing.then(async () => {
      for (const [id, size] of due) await this.#write(id, size).catch(this.#onFailed);
    });
    return this.#writing;
  }

  /** Forgets what is due of a room that is removed for good. */
  async forget(roomId: string): Promise<void> {
    for (const [id, size] of this.#due) if (size.roomId === roomId) this.#due.delete(id);
    await this.#writing;
  }

  /** What is kept of a draft, or null; a damaged record goes, since it can be counted anew. */
  #kept(draftId: string): Promise<DraftSizeRecord | null> {
    return this.#records.get('draftSize', draftId).catch(async (error: unknown) => {
      if (!(error instanceof Damaged)) throw error;
      await this.#records.remove('draftSize', draftId);
      return null;
    });
  }

  async #sizeOf(roomId: string, draftId: string): Promise<DraftSize> {
    let { ordinal, logBytes } = this.#due.get(draftId) ?? (await this.#kept(draftId)) ?? { ordinal: 0, logBytes: 0 };
    const from = ordinal;
    for (;;) {
      let entries: readonly DraftEntry[];
      try {
        entries = await this.#journal.readDraft(draftId, ordinal, page);
      } catch (error) {
        // The room is not to be closed for a draft of it that cannot be read: what was counted counts.
        if (error instanceof Damaged) break;
        throw error;
      }
      for (const { bytes } of entries) logBytes += bytes.byteLength;
      ordinal = entries.at(-1)?.ordinal ?? ordinal;
      if (entries.length < page) break;
      await nextTurn();
    }
    if (ordinal > from) this.note(roomId, draftId, { ordinal, logBytes });
    return { ordinal, logBytes };
  }

  async #write(id: string, { roomId, ordinal, logBytes }: DraftSize & { readonly roomId: string }): Promise<void> {
    for (;;) {
      const kept = await this.#kept(id);
      if (kept !== null && kept.ordinal >= ordinal) return;
      const next: DraftSizeRecord = { id, rev: kept?.rev ?? 0, roomId, ordinal, logBytes };
      const outcome = kept === null ? await this.#records.insert('draftSize', next) : await this.#records.replace('draftSize', next);
      if (outcome === 'inserted' || outcome === 'replaced') return;
    }
  }
}
