import type { Cost } from './cost.ts';
import type { JoinCost } from './joinCost.ts';

/** Of the steps a join may take so large a part may be owed, by an estimate that is never too low, before one has to be counted. */
const owedPart = 1 / 4;
/** A struct that is put at a contended place takes at least so many bytes. */
const contendedBytes = 10;

/**
 * What it may cost to join a draft beside what follows from its size. Each item put where others contend may have to be stepped past by
 * whoever joins, in another order than the one in which it came; how often is found out by a join, beside the event loop, when so much
 * might have gathered that it matters.
 */
export class Burden {
  #owed: number;
  #walkers: number;
  #isHeavy: boolean;

  /** As it stands in a snapshot; nothing is owed if not given. */
  constructor({ owed, walkers, heavy }: { readonly owed: number; readonly walkers: number; readonly heavy: boolean } = noBurden) {
    this.#owed = owed;
    this.#walkers = walkers;
    this.#isHeavy = heavy;
  }

  toJSON(): typeof noBurden {
    return { owed: this.#owed, walkers: this.#walkers, heavy: this.#isHeavy };
  }

  /** Whether a join has to be counted before an update with this cost is taken. */
  asksForCount(cost: Cost, joinSteps: number): boolean {
    const added = this.#of(cost);
    return added > 0 && (this.#isHeavy || this.#owed + added > joinSteps * owedPart);
  }

  take(cost: Cost): void {
    this.#owed += this.#of(cost);
    this.#walkers += cost.contended + cost.steps;
  }

  /** An entry was read from the log whose cost nobody knows any more: as much of it as its bytes can hold may have been contended. */
  takeUnknown(bytes: number): void {
    this.#walkers += Math.floor(bytes / contendedBytes);
    this.#owed += Math.floor(bytes / contendedBytes) * this.#walkers;
  }

  /** A join was counted with the update that is taken next: nothing is owed any more. */
  counted({ after, walkers }: JoinCost, joinSteps: number): void {
    this.#owed = 0;
    this.#walkers = walkers;
    this.#isHeavy = after > joinSteps;
  }

  #of({ items, reach }: Cost): number {
    return items * this.#walkers + reach;
  }
}

const noBurden = { owed: 0, walkers: 0, heavy: false };

/** Whether an update makes a draft too heavy to join: beyond the bound, nothing is taken that adds to it. */
export function isTooHeavy({ before, after }: JoinCost, joinSteps: number): boolean {
  return after > joinSteps && (after > before || after === Number.POSITIVE_INFINITY);
}
