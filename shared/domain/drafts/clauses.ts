import type { ClauseId, NumberedClause } from './events.ts';

/** Longest label that is given, in characters. Labels between the same two clauses grow by two with each of them. */
export const MAX_CLAUSE_LABEL = 64;

/**
 * The numbers of clauses in the order they stand in now. Without a frozen numbering they are simply counted. With one, a clause
 * that was numbered keeps its number, and one that was put in since is named after the one before it: `5-1`, `5-2`, and between
 * those `5-1-1`. Behind the last numbered clause counting goes on, and so it does where no label of at most MAX_CLAUSE_LABEL
 * characters is left between two: such a clause has the next number, out of order, until the moderator numbers anew. Numbers of
 * clauses that are gone are not used again: they stay in the frozen numbering.
 */
export function clauseLabels(order: readonly ClauseId[], frozen: readonly NumberedClause[] | null): readonly string[] {
  if (frozen === null) return order.map((_, index) => String(index + 1));
  const labelOf = new Map(frozen.map(({ id, label }) => [key(id), label]));
  const used = new Set(labelOf.values());
  const next = nextKnown(order, labelOf);
  let highest = frozen.reduce((most, { label }) => Math.max(most, Number.parseInt(label, 10) || 0), 0);
  let before = '0';
  return order.map((id, index) => {
    const known = labelOf.get(key(id));
    const behind = next[index];
    if (known !== undefined) before = known;
    else before = (behind === undefined ? null : labelBetween(before, behind, used)) ?? String((highest += 1));
    used.add(before);
    return before;
  });
}

/** The numbering that is kept once these clauses are frozen: theirs, and those of clauses that are gone. */
export function keptNumbers(clauses: readonly NumberedClause[], before: readonly NumberedClause[] | null): readonly NumberedClause[] {
  const present = new Set(clauses.map(({ id }) => key(id)));
  return [...clauses, ...(before ?? []).filter(({ id }) => !present.has(key(id)))];
}

/** For each place the label of the next clause that has one already, or undefined behind the last of them. */
function nextKnown(order: readonly ClauseId[], labelOf: ReadonlyMap<string, string>): readonly (string | undefined)[] {
  const next: (string | undefined)[] = [];
  let known: string | undefined;
  for (let index = order.length - 1; index >= 0; index -= 1) {
    known = labelOf.get(key(order[index] as ClauseId)) ?? known;
    next[index] = known;
  }
  return next;
}

/**
 * A label nobody has, between two: the next sibling of one that was put in as well, else a child, else one below all children; null
 * where each of them is too long.
 */
function labelBetween(before: string, behind: string, used: ReadonlySet<string>): string | null {
  // Where clauses were moved the one behind may have the smaller number: it bounds nothing then.
  const bound = isLess(before, behind) ? behind : null;
  const at = before.lastIndexOf('-');
  const sibling = at < 0 ? null : firstFree(`${before.slice(0, at)}-`, Number(before.slice(at + 1)) + 1, bound, used);
  if (sibling !== null && sibling.length <= MAX_CLAUSE_LABEL) return sibling;
  for (let prefix = `${before}-`; prefix.length < MAX_CLAUSE_LABEL; prefix += '0-') {
    const child = firstFree(prefix, 1, bound, used);
    if (child !== null && child.length <= MAX_CLAUSE_LABEL) return child;
  }
  return null;
}

function firstFree(prefix: string, from: number, bound: string | null, used: ReadonlySet<string>): string | null {
  for (let number = from; ; number += 1) {
    const label = `${prefix}${number}`;
    if (bound !== null && !isLess(label, bound)) return null;
    if (!used.has(label)) return label;
  }
}

/** Whether a label stands before another: 5, 5-0-1, 5-1, 5-1-1, 5-2, 6. */
function isLess(one: string, other: string): boolean {
  const [a, b] = [one.split('-'), other.split('-')];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = Number(a[at] ?? -1) - Number(b[at] ?? -1);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function key([client, clock]: ClauseId): string {
  return `${client}/${clock}`;
}
