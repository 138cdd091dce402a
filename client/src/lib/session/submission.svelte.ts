import type { Refusal, Result } from '../api/refusal.ts';

/** A form on its way: busy or not, and why it was refused. What was typed is the form's own and is never touched. */
export class Submission {
  #busy = $state(false);
  #refusal = $state.raw<Refusal | null>(null);

  get busy(): boolean {
    return this.#busy;
  }

  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Sends once: while an answer is awaited, a second call does nothing. Gives the value, or null where it was refused. */
  async send<T>(work: () => Promise<Result<T>>): Promise<{ value: T } | null> {
    if (this.#busy) return null;
    this.#busy = true;
    this.#refusal = null;
    try {
      const result = await work();
      if (result.ok) return { value: result.value };
      this.#refusal = result.rejection;
      return null;
    } finally {
      this.#busy = false;
    }
  }

  clear(): void {
    this.#refusal = null;
  }
}
