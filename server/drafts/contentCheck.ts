import type { Audience } from './audience.ts';
import type { DraftText } from './draftText.ts';
import { contentFrame } from './frames.ts';
import type { CheckPace } from './parts.ts';

/** How often everybody is told what the draft's content should be, while it changes. */
const defaultPace: CheckPace = { everyMs: 30_000, everyEntries: 200 };
/** Of the process's time at most this share goes into hashing one draft, however large it is and however fast people type. */
const shareOfTime = 0.01;
/** A report about an older check than these is no report. */
const remembered = 64;

/**
 * Tells everybody on a draft, after so many entries or so long, the hash of its content at an ordinal, so that a copy that has
 * come to hold something else finds out. Equal state vectors do not show that. A draft nobody changes is never hashed.
 */
export class ContentCheck {
  readonly #audience: Audience;
  readonly #pace: CheckPace;
  readonly #due: () => void;
  #checkedTo: number | null = null;
  #notBefore = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #told = new Map<number, string>();

  /** `due` is called when so much time has passed; it has to lead to `tell`, in the lane of the draft. */
  constructor(audience: Audience, due: () => void, pace: CheckPace = defaultPace) {
    this.#audience = audience;
    this.#due = due;
    this.#pace = pace;
  }

  /** The text stands where it stands: tells its hash if enough was written, else sees to it that it is told in a while. */
  after(text: DraftText): void {
    const { ordinal } = text.head;
    this.#checkedTo ??= ordinal;
    if (ordinal === this.#checkedTo || this.#audience.connections.size === 0) return;
    const enough = ordinal - this.#checkedTo >= this.#pace.everyEntries;
    const waitMs = this.#notBefore - performance.now();
    if (enough && waitMs <= 0) this.tell(text);
    else if (enough) this.#wake(Math.min(waitMs, this.#pace.everyMs));
    else if (this.#timer === null) this.#wake(this.#pace.everyMs);
  }

  /** Notes where the text stands when it is first in memory: everybody gets that text whole. */
  begin(text: DraftText): void {
    this.#checkedTo ??= text.head.ordinal;
  }

  /** Tells the hash of the text, which must not be ahead of the log, if it changed since the last time and somebody is there. */
  tell(text: DraftText): void {
    this.stop();
    const { ordinal } = text.head;
    if (ordinal === this.#checkedTo || this.#audience.connections.size === 0) return;
    const start = performance.now();
    const hash = text.contentHash();
    const end = performance.now();
    this.#notBefore = end + (end - start) / shareOfTime;
    this.#checkedTo = ordinal;
    this.#told.set(ordinal, hash);
    for (const oldest of this.#told.keys()) if (this.#told.size > remembered) this.#told.delete(oldest);
    this.#audience.tellContent(contentFrame(ordinal, hash));
  }

  /** The hash that was told for an ordinal lately, or null: then nobody can have found another. */
  toldFor(ordinal: number): string | null {
    return this.#told.get(ordinal) ?? null;
  }

  #wake(ms: number): void {
    this.stop();
    this.#timer = setTimeout(this.#due, ms).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
