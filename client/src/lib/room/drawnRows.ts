import type { Row, Thread } from './threading.ts';

/** Rows of a thread are drawn in groups of so many: what is out of sight costs by the group. */
export const GROUP = 20;

/** A thread of which the rows from `from` on are drawn. */
export interface DrawnThread {
  readonly thread: Thread;
  /** A whole number of groups. */
  readonly from: number;
}

const made = new WeakMap<Thread, DrawnThread>();

/** The same object for the same thread and place, so that what draws it has nothing to do. */
function drawnFrom(thread: Thread, from: number): DrawnThread {
  const known = made.get(thread);
  if (known?.from === from) return known;
  const next = { thread, from };
  made.set(thread, next);
  return next;
}

/** The last rows of the threads, at least `most` where there are so many, and how many rows stand before them. */
export function lastRows(threads: readonly Thread[], most: number): { readonly drawn: readonly DrawnThread[]; readonly earlier: number } {
  const drawn: DrawnThread[] = [];
  let left = most;
  let earlier = 0;
  for (const thread of threads.toReversed()) {
    const { length } = thread.rows;
    if (left <= 0) earlier += length;
    else {
      const from = Math.floor(Math.max(0, length - left) / GROUP) * GROUP;
      drawn.push(drawnFrom(thread, from));
      earlier += from;
      left -= length - from;
    }
  }
  return { drawn: drawn.reverse(), earlier };
}

/** A few rows that lie beside each other. `at` names the group within its thread. */
export interface RowGroup {
  readonly at: number;
  readonly rows: readonly Row[];
}

/** The rows from `from` on in groups; a group whose rows are the same as before is the same object. */
export function groupsOf(rows: readonly Row[], from: number, before: readonly RowGroup[]): readonly RowGroup[] {
  const groups: RowGroup[] = [];
  const old = new Map(before.map((group) => [group.at, group]));
  for (let at = from; at < rows.length; at += GROUP) {
    const group = { at, rows: rows.slice(at, at + GROUP) };
    const same = old.get(at);
    const isSame = same?.rows.length === group.rows.length && same.rows.every((row, index) => row === group.rows[index]);
    groups.push(isSame && same !== undefined ? same : group);
  }
  return groups;
}
