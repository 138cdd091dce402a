import type { ShownNode } from './textAt.ts';
import { textAt } from './textAt.ts';
import type { WovenDraft, WovenNode } from './woven.ts';
import { isWovenText } from './woven.ts';

/** A block at the top of a draft at some moment; the same object as long as nothing in it changes. */
export interface ShownBlock {
  readonly key: string;
  readonly node: ShownNode;
  /** The last moment at which something in it came or went. */
  readonly changedAt: number;
}

interface Known {
  readonly changes: number;
  readonly shown: ShownBlock | null;
}

/** Shows one moment of a draft after the other; a block that did not change between two of them is the same object in both. */
export class Traveller {
  readonly #draft: WovenDraft;
  /** For each block at the top, the moments at which something in it comes or goes, rising. */
  readonly #changes: readonly (readonly number[])[];
  readonly #known: (Known | undefined)[] = [];

  constructor(draft: WovenDraft) {
    this.#draft = draft;
    this.#changes = draft.nodes.map((node) => {
      const moments = new Set<number>();
      collect(node, moments);
      return [...moments].sort((a, b) => a - b);
    });
  }

  /** The blocks at a moment; none at -1, before the first edit. */
  at(moment: number): readonly ShownBlock[] {
    return this.#draft.nodes.flatMap((node, index) => {
      const changes = countUpTo(this.#changes[index] ?? [], moment);
      let known = this.#known[index];
      if (known?.changes !== changes) {
        const [shown] = textAt({ ...this.#draft, nodes: [node] }, moment);
        const changedAt = this.#changes[index]?.[changes - 1] ?? 0;
        known = { changes, shown: shown === undefined ? null : { key: shown.id.join('/'), node: shown, changedAt } };
        this.#known[index] = known;
      }
      return known.shown ?? [];
    });
  }
}

function collect(node: WovenNode, moments: Set<number>): void {
  const note = (born: number, died: number): void => {
    moments.add(born);
    if (died !== -1) moments.add(died);
  };
  note(node.born, node.died);
  if (isWovenText(node)) {
    for (const piece of node.pieces) {
      if (piece.length === 8) note(piece[3], piece[4]);
      else note(piece[2], piece[3]);
    }
    return;
  }
  for (const [, , born, died] of node.attrs ?? []) note(born, died);
  for (const child of node.nodes) collect(child, moments);
}

function countUpTo(moments: readonly number[], most: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((moments[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
