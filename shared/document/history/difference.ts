/** What became of a stretch of two lists: in both, only in the first, or only in the second. */
export interface Stretch<T> {
  readonly op: 'same' | 'del' | 'ins';
  readonly items: readonly T[];
}

/** Above this many pairs the table of a longest common subsequence is not filled; what is unique on both sides divides the work. */
const MOST_PAIRS = 4_000_000;

/**
 * How one list becomes another: stretches in order, a deletion before the insertion beside it. Leaving out what is inserted gives
 * the first list, leaving out what is deleted the second. The longest common subsequence where that is not too much work.
 */
export function difference<T>(from: readonly T[], to: readonly T[]): Stretch<T>[] {
  const found: Stretch<T>[] = [];
  compare(from, 0, from.length, to, 0, to.length, found);
  return joined(found);
}

function compare<T>(a: readonly T[], a0: number, a1: number, b: readonly T[], b0: number, b1: number, found: Stretch<T>[]): void {
  let [from, to, begin, end] = [a0, a1, b0, b1];
  while (from < to && begin < end && a[from] === b[begin]) {
    from += 1;
    begin += 1;
  }
  let tail = 0;
  while (from < to && begin < end && a[to - 1] === b[end - 1]) {
    to -= 1;
    end -= 1;
    tail += 1;
  }
  found.push({ op: 'same', items: a.slice(a0, from) });
  if (from === to || begin === end) {
    found.push({ op: 'del', items: a.slice(from, to) }, { op: 'ins', items: b.slice(begin, end) });
  } else if ((to - from) * (end - begin) <= MOST_PAIRS) byTable(a.slice(from, to), b.slice(begin, end), found);
  else byUnique(a, from, to, b, begin, end, found);
  found.push({ op: 'same', items: a.slice(to, to + tail) });
}

function byTable<T>(a: readonly T[], b: readonly T[], found: Stretch<T>[]): void {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
    }
  }
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ op: 'same', items: [a[i] as T] });
      i += 1;
      j += 1;
    } else if (j === b.length || (i < a.length && (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))) {
      found.push({ op: 'del', items: [a[i] as T] });
      i += 1;
    } else {
      found.push({ op: 'ins', items: [b[j] as T] });
      j += 1;
    }
  }
}

/** Divides at an item near the middle that stands exactly once on both sides; without one, all is replaced. */
function byUnique<T>(a: readonly T[], a0: number, a1: number, b: readonly T[], b0: number, b1: number, found: Stretch<T>[]): void {
  const inA = places(a, a0, a1);
  const inB = places(b, b0, b1);
  const middle = (a0 + a1) >> 1;
  let best: readonly [number, number] | null = null;
  for (const [item, at] of inA) {
    const other = inB.get(item);
    if (at === -1 || other === undefined || other === -1) continue;
    if (best === null || Math.abs(at - middle) < Math.abs(best[0] - middle)) best = [at, other];
  }
  if (best === null) {
    found.push({ op: 'del', items: a.slice(a0, a1) }, { op: 'ins', items: b.slice(b0, b1) });
    return;
  }
  compare(a, a0, best[0], b, b0, best[1], found);
  compare(a, best[0], a1, b, best[1], b1, found);
}

/** Where each item stands, -1 where it stands more than once. */
function places<T>(list: readonly T[], from: number, to: number): Map<T, number> {
  const found = new Map<T, number>();
  for (let index = from; index < to; index += 1) {
    const item = list[index] as T;
    found.set(item, found.has(item) ? -1 : index);
  }
  return found;
}

/** Neighbours of one kind as one stretch, and between two common ones first all that went and then all that came. */
function joined<T>(stretches: readonly Stretch<T>[]): Stretch<T>[] {
  const result: Stretch<T>[] = [];
  let del: T[] = [];
  let ins: T[] = [];
  let same: T[] = [];
  const flush = (): void => {
    if (del.length > 0) result.push({ op: 'del', items: del });
    if (ins.length > 0) result.push({ op: 'ins', items: ins });
    [del, ins] = [[], []];
  };
  const flushSame = (): void => {
    if (same.length > 0) result.push({ op: 'same', items: same });
    same = [];
  };
  for (const { op, items } of stretches) {
    if (items.length === 0) continue;
    if (op === 'same') {
      flush();
      for (const item of items) same.push(item);
    } else {
      flushSame();
      for (const item of items) (op === 'del' ? del : ins).push(item);
    }
  }
  flush();
  flushSame();
  return result;
}
