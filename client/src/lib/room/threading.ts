import type { Comment } from '#shared/domain/state.ts';

/** One comment in its thread. `depth` is 0 for the first comment of a thread and has no upper end. */
export interface Row {
  readonly comment: Comment;
  readonly depth: number;
}

/** A thread in reading order: its first comment, then each reply directly below what it answers. */
export interface Thread {
  readonly root: number;
  readonly rows: readonly Row[];
}

/** How many steps replies are set in at most: on a wide screen, and on a phone. */
export const INDENT_WIDE = 3;
export const INDENT_PHONE = 2;

/** How far a reply is set in, in steps. */
export function indentOf(depth: number, most: number): number {
  return Math.min(depth, most);
}

/** Whether the indentation no longer shows whom a reply answers, so that words must. */
export function needsAddressee(depth: number, most: number): boolean {
  return depth > most;
}

/**
 * Comments as threads, by the number of their first comment. Siblings stand in the order they were accepted. A reply whose
 * parent is not among the comments begins a thread of its own, so that nothing is ever left out. Threads that did not change
 * since `before` are given back as the same objects, so that what draws them has nothing to do.
 */
export function buildThreads(comments: Iterable<Comment>, before: readonly Thread[] = []): readonly Thread[] {
  const known = new Set<number>();
  const roots: Comment[] = [];
  const repliesOf = new Map<number, Comment[]>();
  for (const comment of [...comments].sort((one, other) => one.number - other.number)) {
    // A parent always has the smaller number, so no ring can arise.
    if (comment.parent === null || !known.has(comment.parent)) roots.push(comment);
    else {
      const siblings = repliesOf.get(comment.parent);
      if (siblings === undefined) repliesOf.set(comment.parent, [comment]);
      else siblings.push(comment);
    }
    known.add(comment.number);
  }
  const earlier = new Map(before.map((thread) => [thread.root, thread]));
  return roots.map((root) => {
    const old = earlier.get(root.number);
    const rows = rowsOf(root, repliesOf);
    if (old === undefined) return { root: root.number, rows };
    return sameRows(old.rows, rows) ? old : { root: root.number, rows: withOldRows(rows, old.rows) };
  });
}

/** Depth first without recursion: real threads are long enough to matter. */
function rowsOf(root: Comment, repliesOf: ReadonlyMap<number, readonly Comment[]>): readonly Row[] {
  const rows: Row[] = [];
  const open: Row[] = [{ comment: root, depth: 0 }];
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    rows.push(row);
    for (const reply of (repliesOf.get(row.comment.number) ?? []).toReversed()) open.push({ comment: reply, depth: row.depth + 1 });
  }
  return rows;
}

/** Of a thread that grew, the rows that did not change are the same objects as before. */
function withOldRows(rows: readonly Row[], before: readonly Row[]): readonly Row[] {
  const old = new Map(before.map((row) => [row.comment, row]));
  return rows.map((row) => {
    const same = old.get(row.comment);
    return same !== undefined && same.depth === row.depth ? same : row;
  });
}

function sameRows(one: readonly Row[], other: readonly Row[]): boolean {
  return (
    one.length === other.length && one.every((row, index) => row.comment === other[index]?.comment && row.depth === other[index].depth)
  );
}
