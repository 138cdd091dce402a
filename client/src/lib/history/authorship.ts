import { isShownText } from '#shared/document/history/textAt.ts';
import type { ShownNode, ShownText } from '#shared/document/history/textAt.ts';
import type { Run } from '#shared/document/text-index.ts';

export interface Share {
  readonly by: string;
  readonly characters: number;
  /** When he wrote there last. */
  readonly lastAt: number;
}

/** Who wrote in these blocks, whoever wrote most first. */
export function sharesOf(nodes: readonly (ShownNode | ShownText)[]): readonly Share[] {
  const shares = new Map<string, { by: string; characters: number; lastAt: number }>();
  const visit = (node: ShownNode | ShownText): void => {
    if (!isShownText(node)) {
      for (const child of node.content ?? []) visit(child);
      return;
    }
    const share = shares.get(node.by);
    if (share === undefined) shares.set(node.by, { by: node.by, characters: node.text.length, lastAt: node.at });
    else {
      share.characters += node.text.length;
      share.lastAt = Math.max(share.lastAt, node.at);
    }
  };
  for (const node of nodes) visit(node);
  return [...shares.values()].sort((a, b) => b.characters - a.characters);
}

/** A text cut where a passage begins and ends. */
export interface Cut {
  readonly text: string;
  readonly marked: boolean;
}

/** Cuts a text of one author at the borders of the characters of a passage. */
export function cutAt({ text, id: [client, clock] }: ShownText, runs: readonly Run[]): readonly Cut[] {
  const borders = new Set<number>([0, text.length]);
  const own = runs.filter((run) => run[0] === client && run[1] < clock + text.length && run[1] + run[2] > clock);
  if (own.length === 0) return [{ text, marked: false }];
  for (const [, begin, length] of own) {
    borders.add(Math.max(0, begin - clock));
    borders.add(Math.min(text.length, begin + length - clock));
  }
  const sorted = [...borders].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, index) => {
    const at = clock + from;
    return { text: text.slice(from, sorted[index + 1]), marked: own.some(([, begin, length]) => begin <= at && at < begin + length) };
  });
}
