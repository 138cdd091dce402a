import type { Thread } from './threading.ts';

/** A thread of which the rows from `from` on are drawn. */
export interface DrawnThread {
  readonly thread: Thread;
  readonly from: number;
}

/** The last `most` rows of the threads, and how many rows stand before them. */
export function lastRows(threads: readonly Thread[], most: number): { readonly drawn: readonly DrawnThread[]; readonly earlier: number } {
  const drawn: DrawnThread[] = [];
  let left = most;
  let earlier = 0;
  for (const thread of threads.toReversed()) {
    const { length } = thread.rows;
    if (left <= 0) earlier += length;
    else {
      const from = Math.max(0, length - left);
      drawn.push({ thread, from });
      earlier += from;
      left -= length;
    }
  }
  return { drawn: drawn.reverse(), earlier };
}
