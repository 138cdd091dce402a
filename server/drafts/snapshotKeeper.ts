import type { Snapshots } from '../store/ports.ts';
import type { DraftText } from './draftText.ts';
import type { DraftLog } from './parts.ts';
import { openSnapshot, takeSnapshot } from './snapshot.ts';

/**
 * How long the log behind the last snapshot may get while people write, and when nobody is left. A large draft's may get as long as a
 * share of the draft: a snapshot holds all of it, so snapshots at equal distances would cost the square of what is written.
 */
const whileOpen = { entries: 500, bytes: 256 * 1024, share: 1 / 4 };
const whenLeaving = { entries: 50, bytes: 32 * 1024, share: 1 / 32 };
/** What an entry counts for beside its bytes: to read and check it at the next load costs about as much as a kilobyte of text. */
const entryBytes = 1024;
/** Who loads a draft that was written before may be the first of many who come back at once: a snapshot has time until they are in. */
const afterLoadingMs = 5_000;
/** A larger draft is compared by hash alone: loading it back to look at it would hold up everybody. */
const reloadBelowBytes = 1024 * 1024;

/** Where a snapshot stands in the log of its draft. */
export interface Position {
  readonly ordinal: number;
  readonly logBytes: number;
}

/** Writes snapshots of one draft now and then; the store keeps none that it cannot give back as it was written. */
export class SnapshotKeeper {
  readonly #snapshots: Snapshots;
  readonly #log: DraftLog;
  /** Where the last snapshot stands, or the last attempt at one. */
  #last: Position = { ordinal: 0, logBytes: 0 };
  #saving: Promise<void> | null = null;
  #notBefore = 0;

  constructor(snapshots: Snapshots, log: DraftLog) {
    this.#snapshots = snapshots;
    this.#log = log;
  }

  /** The text was loaded from the snapshot that stands at `position`. */
  restsOn(position: Position, text: DraftText): void {
    this.#last = position;
    this.#notBefore = text.head.ordinal > 0 ? performance.now() + afterLoadingMs : 0;
  }

  /** Begins a snapshot of the text if its tail is long. The text must not be ahead of the log; it is encoded before this returns. */
  whileOpen(text: DraftText): void {
    if (this.#saving === null && performance.now() >= this.#notBefore && this.#isLong(text, whileOpen)) this.#begin(text);
  }

  /** The same when nobody is left; resolves when it is done. */
  async whenLeaving(text: DraftText | null): Promise<void> {
    await this.#saving;
    if (text !== null && this.#isLong(text, whenLeaving)) this.#begin(text);
    await this.#saving;
  }

  /** Resolves when no snapshot is under way. */
  async idle(): Promise<void> {
    await this.#saving;
  }

  #isLong(text: DraftText, { entries, bytes, share }: typeof whileOpen): boolean {
    const { ordinal, logBytes } = text.head;
    const part = text.stateBytes(Number.POSITIVE_INFINITY) * share;
    return ordinal - this.#last.ordinal >= Math.max(entries, part / entryBytes) || logBytes - this.#last.logBytes >= Math.max(bytes, part);
  }

  #begin(text: DraftText): void {
    this.#saving = this.#save(text)
      .catch((reason: unknown) => {
        // A cache that could not be written costs time at the next load and nothing else.
        this.#log.warn({ draftId: text.draftId, err: reason }, 'a snapshot of a draft could not be written');
      })
      .finally(() => {
        this.#saving = null;
      });
  }

  async #save(text: DraftText): Promise<void> {
    const { ordinal, logBytes } = text.head;
    this.#last = { ordinal, logBytes };
    const taken = takeSnapshot(text);
    const reload = taken.bytes.byteLength < reloadBelowBytes;
    // Before it is put anywhere: a good one may have to go for it.
    if (reload && openSnapshot(taken)?.contentHash() !== text.contentHash())
      this.#log.error({ draftId: taken.id, ordinal: taken.position }, 'a snapshot of a draft does not hold what the draft holds');
    else await this.#snapshots.put(taken);
  }
}
