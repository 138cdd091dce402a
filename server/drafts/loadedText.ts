import type { DraftEntry } from '../store/ports.ts';
import type { Audience } from './audience.ts';
import type { DraftText } from './draftText.ts';
import { loadText, readTail } from './load.ts';
import type { DraftParts } from './parts.ts';
import type { Slots } from '../slots.ts';
import type { SnapshotKeeper } from './snapshotKeeper.ts';

const pageSize = 200;

/** The text of a draft as its log has it, loaded when it is needed; and how far everybody connected has been told of that log. */
export class LoadedText {
  readonly #parts: DraftParts & { readonly roomId: string; readonly draftId: string; readonly loads: Slots };
  readonly #audience: Audience;
  readonly #keeper: SnapshotKeeper;
  #text: DraftText | null = null;
  /** The ordinal up to which everybody has been told; null before the first load. */
  #told: number | null = null;

  constructor(
    parts: DraftParts & { readonly roomId: string; readonly draftId: string; readonly loads: Slots },
    audience: Audience,
    keeper: SnapshotKeeper,
  ) {
    this.#parts = parts;
    this.#audience = audience;
    this.#keeper = keeper;
  }

  /** The text, if it is in memory. */
  get current(): DraftText | null {
    return this.#text;
  }

  /** The ordinal up to which everybody has been told; null before the first load. */
  get toldOrdinal(): number | null {
    return this.#told;
  }

  /** The text, loaded if need be. */
  async get(): Promise<DraftText> {
    return this.#text ?? this.reload();
  }

  /** Throws the text away: it is ahead of the log, or behind it. */
  drop(): void {
    this.#text = null;
  }

  /** Loads the text anew, and tells everybody connected what the log holds that they have not been told. */
  async reload(): Promise<DraftText> {
    this.#text = null;
    const { text, from } = await this.#parts.loads.run(() => loadText(this.#parts, this.#parts.draftId));
    await this.#refreshRights();
    this.#keeper.restsOn(from, text);
    if (this.#told === null) this.#audience.knows(text);
    else await this.#tellFrom(this.#told, text);
    this.told(text);
    this.#text = text;
    return text;
  }

  /** Reads what others wrote behind the text, and tells everybody. */
  async catchUp(): Promise<void> {
    const text = await this.get();
    const { ordinal } = text.head;
    try {
      await readTail(this.#parts.journal, text, (entries) => {
        this.#tell(entries, text);
      });
      if (text.head.ordinal > ordinal) await this.#refreshRights();
      this.told(text);
    } catch (reason) {
      this.#text = null;
      throw reason;
    }
  }

  /** Everybody has been told of the whole text. */
  told(text: DraftText): void {
    this.#told = text.head.ordinal;
    this.#parts.onSize?.(this.#parts.roomId, this.#parts.draftId, text.head);
  }

  /**
   * What was read may hold a barrier of another process. Whoever knows an ordinal behind a barrier does not lose the race for it any
   * more, so the rights have to be read behind the log, each time, before anything is judged by them.
   */
  async #refreshRights(): Promise<void> {
    await this.#parts.access.refresh?.(this.#parts.roomId);
  }

  async #tellFrom(ordinal: number, text: DraftText): Promise<void> {
    const last = text.head.ordinal;
    for (let after = ordinal; after < last;) {
      const page = await this.#parts.journal.readDraft(this.#parts.draftId, after, Math.min(pageSize, last - after));
      this.#tell(page, text);
      after = page.at(-1)?.ordinal ?? last;
    }
  }

  #tell(entries: readonly DraftEntry[], text: DraftText): void {
    this.#audience.tell(
      entries.flatMap(({ kind, bytes }) => (kind === 'update' ? [{ update: bytes, source: null }] : [])),
      text,
    );
  }
}
