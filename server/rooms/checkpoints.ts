import type { Checkpoint } from '#shared/domain/proof/checkpoint.ts';
import type { CheckpointKey } from '../access/checkpointKey.ts';
import type { Journal, RecordStore } from '../store/ports.ts';
import type { CheckpointRecord, RecordKinds } from '../store/records.ts';

const page = 200;
/** A room has at most so many in the answer to a reader; the newest. */
const shown = 200;
/** After the last act in a closed room; what seals its texts follows the closing. */
const closedWithinMs = 1_000;

export interface CheckpointParts {
  readonly journal: Pick<Journal, 'head'>;
  readonly records: RecordStore<RecordKinds>;
  readonly key: CheckpointKey;
  readonly now: () => number;
  /** Keeps a line of JSON outside the database. */
  readonly keep: (line: string) => Promise<void>;
  readonly onFailed: (error: unknown) => void;
}

/** Signs where the logs of rooms stand: every hour those that moved on, and at once those that were closed. */
export class Checkpoints {
  readonly #parts: CheckpointParts;
  readonly #due = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #caughtUp = false;
  #signing: Promise<void> = Promise.resolve();

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
  }

  /** Notes that a room has moved on. */
  changed(roomId: string, closed: boolean): void {
    this.#due.add(roomId);
    if (!closed || this.#timer !== null) return;
    this.#timer = setTimeout(() => void this.signDue(), closedWithinMs);
    this.#timer.unref();
  }

  /** Signs what moved on since it was signed last. The first time all rooms are looked at: a crash may have left some unsigned. */
  async sweep(): Promise<void> {
    if (!this.#caughtUp) {
      for (let after = ''; ;) {
        const cards = await this.#parts.records.list('roomCard', { after, limit: page });
        for (const { id, position } of cards) if ((await this.#newest(id))?.size !== position) this.#due.add(id);
        const last = cards.at(-1);
        if (last === undefined || cards.length < page) break;
        after = last.id;
      }
      this.#caughtUp = true;
    }
    await this.signDue();
  }

  /** Signs the rooms that are due now; resolves when their marks are stored. */
  signDue(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const due = [...this.#due];
    this.#due.clear();
    this.#signing = this.#signing.then(async () => {
      for (const roomId of due) {
        await this.#sign(roomId).catch((error: unknown) => {
          this.#due.add(roomId);
          this.#parts.onFailed(error);
        });
      }
    });
    return this.#signing;
  }

  /** The newest of a room, oldest first. */
  async of(roomId: string): Promise<readonly Checkpoint[]> {
    const found = await this.#parts.records.find('checkpoint', 'roomId', roomId, { limit: shown });
    return found.map(({ roomId: room, size, head, at, key, signature }) => ({ room, size, head, at, key, signature })).reverse();
  }

  async #newest(roomId: string): Promise<CheckpointRecord | undefined> {
    return (await this.#parts.records.find('checkpoint', 'roomId', roomId, { limit: 1 }))[0];
  }

  async #sign(roomId: string): Promise<void> {
    const { journal, records, key, now, keep } = this.#parts;
    // What is durable, asked of the store: a mark must never be ahead of it.
    const { seq, hash } = await journal.head({ kind: 'room', id: roomId });
    if (seq === 0) return;
    const signed = key.sign({ room: roomId, size: seq, head: hash, at: now() });
    const { room: _room, ...rest } = signed;
    // Newest first in the order of ids, which is the order in which records are read.
    const id = `${roomId}/${String(1e12 - seq)}`;
    if ((await records.insert('checkpoint', { id, rev: 0, roomId, ...rest })) === 'inserted') await keep(JSON.stringify(signed));
  }
}
