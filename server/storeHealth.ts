import type { Logger } from 'pino';
import { Damaged } from './store/damaged.ts';
import type { Store } from './store/ports.ts';
import { StoreUnavailable } from './store/ports.ts';
import type { RecordKinds } from './store/records.ts';

const RETRY_MS = 1_000;
/** A write that went through so short a time ago went through just now. */
const JUST_NOW_MS = 250;

/**
 * Whether the store takes writes. After a failure everybody is told, and a small durable write is tried once a second until
 * it goes through; then everybody is told again.
 */
export class StoreHealth {
  readonly #store: Store<RecordKinds>;
  readonly #log: Logger;
  readonly #tell: (storing: boolean) => void;
  #storing = true;
  #worksSince = Number.NEGATIVE_INFINITY;
  /** Of the next try, or of the one under way. */
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  #checking: Promise<boolean> | null = null;
  #wentThroughAt = -Infinity;

  constructor(store: Store<RecordKinds>, log: Logger, tell: (storing: boolean) => void) {
    this.#store = store;
    this.#log = log;
    this.#tell = tell;
    store.whenOutOfReach?.((reason) => this.failed(reason));
  }

  get storing(): boolean {
    return this.#storing;
  }

  get description(): string {
    return this.#store.description;
  }

  /**
   * Takes note of what failed somewhere in the house. Only what the store says of itself counts against it: a damaged thing, or a mistake
   * of ours, is for the operator to read and takes writing from nobody else.
   */
  failed(error: unknown): void {
    if (!(error instanceof StoreUnavailable)) {
      this.#log.error({ err: error }, error instanceof Damaged ? 'something stored is damaged' : 'something failed that is not the store');
      return;
    }
    this.#log.error({ err: error }, 'the store did not take a write');
    // What was begun while the store was away may fail when it is back; that tells nothing about now.
    const isOld = error.begunAt < this.#worksSince;
    if (!this.#storing || isOld) return;
    this.#storing = false;
    this.#tell(false);
    this.#tryLater();
  }

  /** Whether a small durable write goes through now: who asks while one is tried, or right after, costs no write of his own. */
  check(): Promise<boolean> {
    if (this.#storing && performance.now() - this.#wentThroughAt < JUST_NOW_MS) return Promise.resolve(true);
    this.#checking ??= this.#checkNow().finally(() => (this.#checking = null));
    return this.#checking;
  }

  async #checkNow(): Promise<boolean> {
    try {
      await this.#store.health();
      this.#wentThroughAt = performance.now();
      this.#recovered();
    } catch (error) {
      this.failed(error);
    }
    return this.#storing;
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #recovered(): void {
    if (this.#storing) return;
    this.#storing = true;
    this.#worksSince = performance.now();
    this.#log.info('the store takes writes again');
    this.#tell(true);
  }

  /** Whoever finds the store usable first says so; there is one chain of tries, whoever that is and however often it fails. */
  #tryLater(): void {
    if (this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => void this.#try(), RETRY_MS).unref();
  }

  async #try(): Promise<void> {
    if (!this.#storing) {
      await this.#store.health().then(
        () => this.#recovered(),
        () => undefined,
      );
    }
    this.#timer = null;
    if (!this.#storing) this.#tryLater();
  }
}
