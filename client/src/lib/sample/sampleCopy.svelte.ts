import { api } from '../api/client.ts';
import type { Refusal } from '../api/refusal.ts';
import type { Lang } from '../i18n/lang.ts';

export type SeatName = 'moderator' | 'member' | 'observer';

interface Kept {
  readonly roomId: string;
  readonly seats: readonly SeatName[];
  readonly until: number;
}

const key = 'shangliang/sample';

/** The visitor's copy of the sample room: asked for once, and kept for as long as it lives, so that a reload comes back to it. */
export class SampleCopy {
  #kept = $state.raw<Kept | null>(null);
  #refusal = $state.raw<Refusal | null>(null);
  #busy = $state(false);

  get roomId(): string | null {
    return this.#kept?.roomId ?? null;
  }
  get seats(): readonly SeatName[] {
    return this.#kept?.seats ?? [];
  }
  get refusal(): Refusal | null {
    return this.#refusal;
  }
  get busy(): boolean {
    return this.#busy;
  }

  /** Comes back to the copy of this window, or asks for one. */
  async open(lang: Lang): Promise<void> {
    const kept = read();
    if (kept !== null && kept.until > Date.now()) this.#kept = kept;
    else await this.anew(lang);
  }

  /** Asks for another copy; the one before is left to its end. */
  async anew(lang: Lang): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#refusal = null;
    const answer = await api.post<Kept>('/api/sample', { lang });
    this.#busy = false;
    if (answer.ok) {
      this.#kept = answer.value;
      write(answer.value);
    } else if (this.#kept === null || answer.rejection.code !== 'tooFast') {
      this.#kept = null;
      this.#refusal = answer.rejection;
    }
  }
}

function read(): Kept | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<Kept> | null;
    return typeof kept?.roomId === 'string' && Array.isArray(kept.seats) && typeof kept.until === 'number' ? (kept as Kept) : null;
  } catch {
    return null;
  }
}

function write(kept: Kept): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Then a reload begins anew.
  }
}
