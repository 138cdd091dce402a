import type { Run } from '../text-index.ts';

/** A stretch of one client's clocks, and whether it is in the set. */
export interface Stretch {
  readonly clock: number;
  readonly length: number;
  readonly isIn: boolean;
}

/** A set of identities of characters, given as runs `[client, clock, length]` that may overlap. */
export class RunSet {
  /** By client: the bounds of its ranges, begin and end by turns, rising. */
  readonly #bounds = new Map<number, readonly number[]>();

  constructor(runs: Iterable<Run>) {
    const ranges = new Map<number, [number, number][]>();
    for (const [client, clock, length] of runs) {
      const own = ranges.get(client) ?? [];
      own.push([clock, clock + length]);
      ranges.set(client, own);
    }
    for (const [client, own] of ranges) this.#bounds.set(client, joined(own));
  }

  get isEmpty(): boolean {
    return this.#bounds.size === 0;
  }

  has(client: number, clock: number): boolean {
    return this.touches(client, clock, clock + 1);
  }

  /** Whether anything of a client from `from` up to, not including, `to` is in the set. */
  touches(client: number, from: number, to: number): boolean {
    const bounds = this.#bounds.get(client) ?? [];
    for (let at = firstEndBehind(bounds, from); at < bounds.length; at += 2) return (bounds[at] ?? Infinity) < to;
    return false;
  }

  /** A stretch of a client, cut where the set begins or ends. */
  cut(client: number, clock: number, length: number): Stretch[] {
    const bounds = this.#bounds.get(client) ?? [];
    const end = clock + length;
    const stretches: Stretch[] = [];
    let begin = clock;
    const take = (to: number, isIn: boolean): void => {
      if (to > begin) stretches.push({ clock: begin, length: to - begin, isIn });
      begin = Math.max(begin, to);
    };
    for (let at = firstEndBehind(bounds, clock); begin < end && (bounds[at] ?? Infinity) < end; at += 2) {
      take(Math.min(bounds[at] ?? end, end), false);
      take(Math.min(bounds[at + 1] ?? end, end), true);
    }
    take(end, false);
    return stretches;
  }

  /** The set as few runs, by client and clock. */
  runs(): Run[] {
    const runs: Run[] = [];
    for (const [client, bounds] of [...this.#bounds].sort(([one], [other]) => one - other)) {
      for (let at = 0; at < bounds.length; at += 2) runs.push([client, bounds[at] ?? 0, (bounds[at + 1] ?? 0) - (bounds[at] ?? 0)]);
    }
    return runs;
  }
}

function joined(ranges: [number, number][]): number[] {
  const bounds: number[] = [];
  for (const [begin, end] of ranges.sort(([one], [other]) => one - other)) {
    const last = bounds.length - 1;
    if (last > 0 && begin <= (bounds[last] ?? 0)) bounds[last] = Math.max(bounds[last] ?? 0, end);
    else bounds.push(begin, end);
  }
  return bounds;
}

/** Place of the begin of the first range that ends behind `clock`. */
function firstEndBehind(bounds: readonly number[], clock: number): number {
  let low = 0;
  let high = bounds.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[2 * middle + 1] ?? 0) <= clock) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}
