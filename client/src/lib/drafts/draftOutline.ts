import type { Node } from '@tiptap/pm/model';

/** Longest part of a clause that is shown, in code points. */
const MOST_SHOWN = 40;

/** One line of the outline: a heading with its level, or a clause with its number. */
export interface OutlineEntry {
  /** ProseMirror position of the block. */
  readonly position: number;
  /** 1 to 3 for a heading, 0 for a clause. */
  readonly level: number;
  /** The clause's number; empty for a heading. */
  readonly label: string;
  readonly words: string;
}

/** Headings and clauses of a draft, in its order. `labels`: of its clauses, in order. */
export function outlineOf(doc: Node, labels: readonly string[]): readonly OutlineEntry[] {
  const entries: OutlineEntry[] = [];
  let clause = 0;
  doc.forEach((node, position) => {
    if (node.content.size === 0) return;
    const isHeading = node.type.name === 'heading';
    if (!isHeading && node.type.name !== 'paragraph') return;
    const level = isHeading ? (node.attrs.level as number) : 0;
    const label = isHeading ? '' : (labels[clause] ?? '');
    if (!isHeading) clause += 1;
    entries.push({ position, level, label, words: shortened(node.textBetween(0, node.content.size, ' ', ' ')) });
  });
  return entries;
}

function shortened(words: string): string {
  const letters = [...words.trim()];
  return letters.length <= MOST_SHOWN ? letters.join('') : `${letters.slice(0, MOST_SHOWN - 1).join('')}…`;
}
