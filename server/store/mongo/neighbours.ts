import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';

interface ProcessDocument {
  readonly _id: string;
  /** Grows with every beat. Nobody's clock stands here: each reader measures by their own how long it has not grown. */
  readonly beats: number;
}

/** How often a process says that it is there. */
const BEAT_MS = 2_000;
/** A process that has not beaten for so long writes nothing any more; a long stop of one that lives is far shorter. */
const ALIVE_MS = 20_000;
/** What is older was left behind by a process that was killed. */
const LEFT_BEHIND_MS = 3 * ALIVE_MS;
/** The document of a process that ends is taken out, unless the database does not answer. */
const FAREWELL_MS = 500;

/**
 * The other processes that serve the same store. Each has one document, which it alone writes, so that no update has to be atomic. It is
 * there before the process can write anything else: whoever finds nobody has nothing of others to look for.
 */
export class Neighbours {
  readonly #processes;
  readonly #now: () => number;
  readonly #id = randomUUID();
  /** What was read of the others, and when it was new. */
  readonly #seen = new Map<string, { readonly beats: number; readonly at: number }>();
  #beats = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What the last look said: who is gone since may have written before. The first look says yes. */
  #found = true;

  constructor(db: Db, now: () => number = () => performance.now()) {
    this.#processes = db.collection<ProcessDocument>('processes');
    this.#now = now;
  }

  /** Says that this process is there, now and from now on. Rejects where the first word cannot be stored. */
  async begin(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => void this.#beat().catch(() => undefined), BEAT_MS);
    this.#timer.unref();
  }

  async #beat(): Promise<void> {
    this.#beats += 1;
    await this.#processes.replaceOne({ _id: { $eq: this.#id } }, { beats: this.#beats }, { upsert: true });
  }

  /** Whether another process may have written since this was asked last: one is there, or was at the last look. One query. */
  async any(): Promise<boolean> {
    const now = this.#now();
    const others = (await this.#processes.find({}).toArray()).filter(({ _id }) => _id !== this.#id);
    let alive = false;
    for (const { _id, beats } of others) {
      const seen = this.#seen.get(_id);
      if (seen?.beats !== beats) this.#seen.set(_id, { beats, at: now });
      const silentMs = now - (this.#seen.get(_id)?.at ?? now);
      if (silentMs < ALIVE_MS) alive = true;
      else if (silentMs >= LEFT_BEHIND_MS) await this.#processes.deleteOne({ _id: { $eq: _id }, beats: { $eq: beats } });
    }
    const there = new Set(others.map(({ _id }) => _id));
    for (const id of this.#seen.keys()) if (!there.has(id)) this.#seen.delete(id);
    const before = this.#found;
    this.#found = alive;
    return alive || before;
  }

  /** Takes leave. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    const gone = this.#processes.deleteOne({ _id: { $eq: this.#id } }).catch(() => undefined);
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, FAREWELL_MS).unref())]);
  }
}
