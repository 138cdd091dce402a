import { isWovenText } from '#shared/document/history/woven.ts';
import type { WovenDraft, WovenNode } from '#shared/document/history/woven.ts';
import type { TextIndex } from '#shared/document/text-index.ts';

/** Text offsets with one author; `at` is null for what is newer than the history. */
export interface AuthoredRange {
  readonly from: number;
  readonly to: number;
  readonly by: string;
  readonly at: number | null;
}

interface Known {
  readonly clock: number;
  readonly end: number;
  readonly by: string;
  readonly at: number;
}

/** Who wrote which characters and when, by their identity in Yjs. */
export type Authorship = ReadonlyMap<number, readonly Known[]>;

/** What a history knows of every character that still stands at its end. */
export function authorshipOf(draft: WovenDraft): Authorship {
  const found = new Map<number, Known[]>();
  const since = draft.moments[0]?.at ?? 0;
  const visit = (node: WovenNode): void => {
    if (!isWovenText(node)) {
      for (const child of node.nodes) visit(child);
      return;
    }
    for (const piece of node.pieces) {
      if (piece.length !== 8) continue;
      const [text, author, at, , died, , client, clock] = piece;
      if (died !== -1) continue;
      const own = found.get(client) ?? [];
      own.push({ clock, end: clock + text.length, by: draft.people[author] ?? '', at: since + at });
      found.set(client, own);
    }
  };
  for (const node of draft.nodes) visit(node);
  for (const own of found.values()) own.sort((a, b) => a.clock - b.clock);
  return found;
}

/**
 * The text as it stands now in stretches of one author. What the history does not hold yet is by whoever writes under its client id.
 * @param ownerOf who writes under a Yjs client id, or undefined
 */
export function authoredRanges(
  index: TextIndex,
  authorship: Authorship,
  ownerOf: (client: number) => string | undefined,
): readonly AuthoredRange[] {
  const ranges: AuthoredRange[] = [];
  let solid = 0;
  for (const [client, clock, length] of index.runsIn({ from: 0, to: index.solid.length })) {
    const known = authorship.get(client) ?? [];
    let next = firstBehind(known, clock);
    for (let at = clock; at < clock + length;) {
      const piece = known[next];
      const inside = piece !== undefined && piece.clock <= at;
      const end = Math.min(clock + length, inside ? piece.end : (piece?.clock ?? Infinity));
      const by = inside ? piece.by : ownerOf(client);
      const { from, to } = index.textRange({ from: solid + at - clock, to: solid + end - clock });
      if (by !== undefined) ranges.push({ from, to, by, at: inside ? piece.at : null });
      if (inside && end === piece.end) next += 1;
      at = end;
    }
    solid += length;
  }
  return ranges;
}

/** Place of the first piece that ends behind a clock. */
function firstBehind(known: readonly Known[], clock: number): number {
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((known[middle]?.end ?? 0) <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}
