import type { ClauseId, NumberedClause } from './events.ts';

/**
 * The numbers of clauses in the order they stand in now. Without a frozen numbering they are simply counted. With one, a clause
 * that was numbered keeps its number, and one that was put in since is named after the one before it: `5-1`, `5-2`, and between
 * those `5-1-1`. Behind the last numbered clause counting goes on. Numbers of clauses that are gone are not used again.
 */
export function clauseLabels(order: readonly ClauseId[], frozen: readonly NumberedClause[] | null): readonly string[] {
  if (frozen === null) return order.map((_, index) => String(index + 1));
  const labelOf = new Map(frozen.map(({ id, label }) => [key(id), label]));
  const used = new Set(labelOf.values());
  const last = order.findLastIndex((id) => labelOf.has(key(id)));
  let highest = frozen.reduce((most, { label }) => Math.max(most, Number.parseInt(label, 10) || 0), 0);
  let before = '0';
  return order.map((id, index) => {
    const known = labelOf.get(key(id));
    if (known !== undefined) before = known;
    else if (index > last) before = String((highest += 1));
    else {
      before = labelInside(before, order[index - 1], labelOf, used);
      used.add(before);
    }
    return before;
  });
}

/** The label of a clause put in behind `before`: the next sibling where that one was put in as well, else its first child. */
function labelInside(
  before: string,
  previous: ClauseId | undefined,
  labelOf: ReadonlyMap<string, string>,
  used: ReadonlySet<string>,
): string {
  const putInAsWell = previous !== undefined && !labelOf.has(key(previous)) && before.includes('-');
  if (putInAsWell) {
    const at = before.lastIndexOf('-');
    const sibling = `${before.slice(0, at)}-${Number.parseInt(before.slice(at + 1), 10) + 1}`;
    return used.has(sibling) ? `${before}-1` : sibling;
  }
  return used.has(`${before}-1`) ? `${before}-0-1` : `${before}-1`;
}

function key([client, clock]: ClauseId): string {
  return `${client}/${clock}`;
}
