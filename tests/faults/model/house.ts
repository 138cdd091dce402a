import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { pino } from 'pino';
import { createApp } from '#server/app.ts';
import type { App } from '#server/app.ts';
import { openDiskFiles } from '#server/files/diskFiles.ts';
import type { Journal, Snapshots, Store } from '#server/store/ports.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import { quickPace } from '../../support/quickPace.ts';

/** How a house stands to the store: connected; out of reach; or reached without an answer ever coming back. */
export type Line = 'up' | 'cut' | 'deaf';

/** The whole application as one process has it, on a store that others may share, with a clock that can be set. */
export class House {
  line: Line = 'up';
  /** Asked at each call to the store: whether this one fails. */
  mishap: () => boolean = () => false;
  app: App;
  readonly #store: Store<RecordKinds>;
  readonly #folder: string;
  readonly #now: () => number;
  #dead = { is: false };

  private constructor(store: Store<RecordKinds>, folder: string, now: () => number, app: App, dead: { is: boolean }) {
    this.#store = store;
    this.#folder = folder;
    this.#now = now;
    this.app = app;
    this.#dead = dead;
  }

  static async start(store: Store<RecordKinds>, folder: string, now: () => number): Promise<House> {
    const dead = { is: false };
    const line: { of: House | null } = { of: null };
    const app = await open(store, folder, now, () => (dead.is ? 'cut' : (line.of?.lineNow ?? 'up')));
    const house = new House(store, folder, now, app, dead);
    line.of = house;
    return house;
  }

  get lineNow(): Line {
    return this.mishap() ? 'cut' : this.line;
  }

  /** Ctrl-C and a start. */
  async restart(): Promise<void> {
    await this.app.close();
    await this.#reopen();
  }

  /** No goodbye: what has not reached the store never will. Whoever was connected has to be taken off before. */
  async crash(): Promise<void> {
    this.#dead.is = true;
    // Only so that nothing of it is left behind in this process; it reaches nothing any more.
    await this.app.close().catch(() => undefined);
    await this.#reopen();
  }

  async close(): Promise<void> {
    await this.app.close().catch(() => undefined);
  }

  async #reopen(): Promise<void> {
    const dead = (this.#dead = { is: false });
    this.line = 'up';
    this.app = await open(this.#store, this.#folder, this.#now, () => (dead.is ? 'cut' : this.lineNow));
  }
}

async function open(store: Store<RecordKinds>, folder: string, now: () => number, line: () => Line): Promise<App> {
  return createApp({
    store: {
      ...store,
      journal: wired(store.journal, line),
      snapshots: wiredSnapshots(store.snapshots, line),
      close: () => Promise.resolve(),
    },
    files: await openDiskFiles(path.join(folder, 'files')),
    incomingDir: path.join(folder, 'incoming', randomBytes(4).toString('hex')),
    // One installation: a command resent to the other process has to be known for the same.
    key: Buffer.alloc(32, 7),
    limits: { ...defaultLimits, ...quickPace, framesPerSecond: 1e6, frameBurst: 1e6, frameBytesPerSecond: 1e9 },
    origins: { publicUrl: null, allowedHosts: [] },
    trustedProxies: 0,
    pages: null,
    log: pino({ level: 'silent' }),
    now,
    idleMs: 50,
    draftIdleMs: 20,
    lookMs: 3_600_000,
  });
}

function wired(journal: Journal, line: () => Line): Journal {
  const through = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (line() === 'cut') throw new StoreUnavailable('out of reach');
    const answer = await ask();
    if (line() !== 'up') throw new StoreUnavailable('no answer');
    return answer;
  };
  return {
    append: (writes) => through(() => journal.append(writes)),
    readCommits: (stream, after, limit) => through(() => journal.readCommits(stream, after, limit)),
    head: (stream) => through(() => journal.head(stream)),
    findCommand: (stream, actorId, commandId) => through(() => journal.findCommand(stream, actorId, commandId)),
    listStreams: (kind, after, limit) => through(() => journal.listStreams(kind, after, limit)),
    readDraft: (draftId, after, limit) => through(() => journal.readDraft(draftId, after, limit)),
  };
}

function wiredSnapshots(snapshots: Snapshots, line: () => Line): Snapshots {
  const check = (): void => {
    if (line() !== 'up') throw new StoreUnavailable('out of reach');
  };
  return {
    put: async (snapshot) => {
      check();
      await snapshots.put(snapshot);
    },
    latest: async (kind, id) => {
      check();
      return snapshots.latest(kind, id);
    },
  };
}
