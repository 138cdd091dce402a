/** A piece of a client's structs with one fate: which entry brought it, and which entry deleted it, 0 where none has. */
export interface Fate {
  readonly clock: number;
  readonly length: number;
  readonly born: number;
  readonly died: number;
}

/** Ranges of one client, by clock; `entries` holds the ordinal of the entry each range belongs to. */
interface Ranges {
  readonly clocks: number[];
  readonly ends: number[];
  readonly entries: number[];
  sorted: boolean;
}

/**
 * Which entry of a draft's log first brought each struct, and which entry deleted it. Structs are named as Yjs names them, by
 * client and clock; entries by their ordinal, which is 1 or more.
 */
export class Ledger {
  readonly #born = new Map<number, Ranges>();
  readonly #died = new Map<number, Ranges>();

  /** An entry brought the structs of a client from `clock` up to, not including, `end`: right behind those it had. */
  bring(client: number, clock: number, end: number, ordinal: number): void {
    add(this.#born, client, clock, end, ordinal);
  }

  /** An entry deleted these structs. Nothing is deleted twice. */
  remove(client: number, clock: number, length: number, ordinal: number): void {
    add(this.#died, client, clock, clock + length, ordinal);
  }

  /** The fates of a stretch of structs, in their order, without gaps. */
  fates(client: number, clock: number, length: number): Fate[] {
    const born = sorted(this.#born.get(client));
    const died = sorted(this.#died.get(client));
    const end = clock + length;
    const fates: Fate[] = [];
    let bornAt = indexOf(born, clock);
    let diedAt = indexOf(died, clock);
    for (let at = clock; at < end;) {
      while (bornAt < born.clocks.length && (born.ends[bornAt] ?? 0) <= at) bornAt += 1;
      while (diedAt < died.clocks.length && (died.ends[diedAt] ?? 0) <= at) diedAt += 1;
      const isBorn = (born.clocks[bornAt] ?? Infinity) <= at;
      const isDead = (died.clocks[diedAt] ?? Infinity) <= at;
      const next = Math.min(
        end,
        (isBorn ? born.ends[bornAt] : born.clocks[bornAt]) ?? end,
        (isDead ? died.ends[diedAt] : died.clocks[diedAt]) ?? end,
      );
      fates.push({
        clock: at,
        length: next - at,
        born: isBorn ? (born.entries[bornAt] ?? 0) : 0,
        died: isDead ? (died.entries[diedAt] ?? 0) : 0,
      });
      at = next;
    }
    return fates;
  }

  /** The fate of one struct. */
  fate(client: number, clock: number): Fate {
    return this.fates(client, clock, 1)[0] ?? { clock, length: 1, born: 0, died: 0 };
  }
}

const none: Ranges = { clocks: [], ends: [], entries: [], sorted: true };

function add(table: Map<number, Ranges>, client: number, clock: number, end: number, ordinal: number): void {
  let ranges = table.get(client);
  if (ranges === undefined) table.set(client, (ranges = { clocks: [], ends: [], entries: [], sorted: true }));
  const last = ranges.clocks.length - 1;
  if (last >= 0 && ranges.entries[last] === ordinal && ranges.ends[last] === clock) {
    ranges.ends[last] = end;
    return;
  }
  if (last >= 0 && clock < (ranges.ends[last] ?? 0)) ranges.sorted = false;
  ranges.clocks.push(clock);
  ranges.ends.push(end);
  ranges.entries.push(ordinal);
}

/** The ranges by rising clock. Entries delete in any order; they are put in order when somebody first asks. */
function sorted(ranges: Ranges | undefined): Ranges {
  if (ranges === undefined) return none;
  if (ranges.sorted) return ranges;
  const order = ranges.clocks.map((_, index) => index).sort((a, b) => (ranges.clocks[a] ?? 0) - (ranges.clocks[b] ?? 0));
  const { clocks, ends, entries } = ranges;
  const [c, e, o] = [clocks, ends, entries].map((list) => order.map((index) => list[index] ?? 0)) as [number[], number[], number[]];
  for (let index = 0; index < order.length; index += 1) {
    clocks[index] = c[index] ?? 0;
    ends[index] = e[index] ?? 0;
    entries[index] = o[index] ?? 0;
  }
  ranges.sorted = true;
  return ranges;
}

/** Index of the first range that ends behind `clock`. */
function indexOf(ranges: Ranges, clock: number): number {
  let low = 0;
  let high = ranges.ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges.ends[middle] ?? 0) <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}
