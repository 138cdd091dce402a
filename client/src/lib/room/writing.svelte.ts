import type { GivenAnchor, Stance } from '#shared/domain/comments/events.ts';
import { nothingKept, readKept, writeKept } from './kept.ts';
import type { Kept } from './kept.ts';
import type { Shelf } from './outbox.ts';

/** Something being written in one place of a room. Every change is kept on the device at once; nothing else changes it. */
export class Writing {
  readonly #shelf: Shelf;
  readonly #key: string;
  #kept = $state.raw<Kept>(nothingKept);

  /** `start` is what stands there where nothing half-written was kept, e.g. the words of a comment to be edited. */
  constructor(shelf: Shelf, key: string, start: Kept = nothingKept) {
    this.#shelf = shelf;
    this.#key = key;
    const kept = readKept(shelf, key);
    this.#kept =
      kept === nothingKept || (kept.body === '' && kept.anchor === null) ? { ...start, stance: kept.stance ?? start.stance } : kept;
  }

  get body(): string {
    return this.#kept.body;
  }
  set body(body: string) {
    this.#set({ ...this.#kept, body });
  }
  get stance(): Stance | null {
    return this.#kept.stance;
  }
  set stance(stance: Stance | null) {
    this.#set({ ...this.#kept, stance });
  }
  get anchor(): GivenAnchor | null {
    return this.#kept.anchor;
  }
  set anchor(anchor: GivenAnchor | null) {
    this.#set({ ...this.#kept, anchor });
  }
  /** People whose names were put into the text. */
  get mentions(): Kept['mentions'] {
    return this.#kept.mentions;
  }
  set mentions(mentions: Kept['mentions']) {
    this.#set({ ...this.#kept, mentions });
  }
  /** Whose speech is written down here, or null. */
  get speakerId(): string | null {
    return this.#kept.speakerId;
  }
  set speakerId(speakerId: string | null) {
    this.#set({ ...this.#kept, speakerId });
  }
  get blank(): boolean {
    return this.#kept.body.trim() === '';
  }

  /** Puts words back that could not be sent, above what stands here by now. */
  putBack({ body, stance, anchor, mentions, speakerId }: Kept): void {
    const now = this.#kept;
    this.#set({
      mentions: [...now.mentions, ...mentions],
      speakerId: now.speakerId ?? speakerId,
      body: now.body.trim() === '' ? body : `${body}\n\n${now.body}`,
      stance: now.stance ?? stance,
      anchor: now.anchor ?? anchor,
    });
  }

  clear(): void {
    this.#set(nothingKept);
  }

  #set(kept: Kept): void {
    this.#kept = kept;
    writeKept(this.#shelf, this.#key, kept);
  }
}
