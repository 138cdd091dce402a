import { isTextBlock, nodeRules } from '../schema.ts';
import { difference } from './difference.ts';
import type { Stretch } from './difference.ts';
import type { ShownNode, ShownText } from './textAt.ts';
import { isShownText } from './textAt.ts';

/** One line of a draft: a paragraph, a heading, a paragraph of a list or a cell. */
export interface Line {
  /** What it is and stands in: `heading2`, `bulletList`, `orderedList`, `taskList`, `blockquote`, `table`, `paragraph`. */
  readonly kind: string;
  /** How many lists and quotes it stands in. */
  readonly depth: number;
  readonly text: string;
}

export interface Part {
  readonly op: 'same' | 'del' | 'ins';
  readonly text: string;
}

/** A line of a comparison. `was`: what kind of line it was before, where that is another. */
export interface ComparedLine {
  readonly status: 'same' | 'changed' | 'added' | 'removed';
  readonly kind: string;
  readonly was: string | null;
  readonly depth: number;
  readonly parts: readonly Part[];
}

/** Words of a text, with what stands between them: joined they are the text again. */
export type Segmenter = (text: string) => readonly string[];

/** The words as Chinese has them: a dictionary of the platform tells them apart, Latin words and numbers stay whole. */
export function chineseWords(): Segmenter {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  return (text) => Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Above this many pairs of lines that were replaced together, they are not matched by what they say. */
const MOST_MATCHED = 10_000;
/** Two lines with less than this share of their words in common are two lines, not one that was changed. */
const LEAST_ALIKE = 0.4;

/** The lines of a draft in reading order. */
export function linesOf(nodes: readonly (ShownNode | ShownText)[]): readonly Line[] {
  const lines: Line[] = [];
  const visit = (node: ShownNode, kind: string, depth: number): void => {
    const rule = nodeRules.get(node.type);
    const { content = [] } = node;
    if (node.type === 'horizontalRule') lines.push({ kind: 'horizontalRule', depth, text: '' });
    else if (rule !== undefined && isTextBlock(rule)) {
      const own = node.type === 'heading' ? `heading${String(node.attrs?.['level'] ?? 1)}` : kind;
      lines.push({ kind: own, depth, text: content.map((child) => (isShownText(child) ? child.text : '\n')).join('') });
    } else {
      const inner = containers.has(node.type) ? node.type : kind;
      for (const child of content) if (!isShownText(child)) visit(child, inner, depth + (containers.has(node.type) ? 1 : 0));
    }
  };
  for (const node of nodes) if (!isShownText(node)) visit(node, 'paragraph', 0);
  return lines;
}

const containers: ReadonlySet<string> = new Set(['bulletList', 'orderedList', 'taskList', 'blockquote', 'table']);

/**
 * How one version of a draft became another, line by line and inside a changed line word by word. Leaving out what came gives the
 * first version, leaving out what went the second.
 */
export function compareDrafts(from: readonly Line[], to: readonly Line[], words: Segmenter = chineseWords()): readonly ComparedLine[] {
  const key = ({ kind, depth, text }: Line): string => `${kind}/${depth}/${text}`;
  const stretches = difference(from.map(key), to.map(key));
  const result: ComparedLine[] = [];
  let [a, b] = [0, 0];
  for (let index = 0; index < stretches.length; index += 1) {
    const stretch = stretches[index] as Stretch<string>;
    const next = stretches[index + 1];
    if (stretch.op === 'same') {
      for (const line of to.slice(b, b + stretch.items.length)) result.push(whole(line, 'same'));
      a += stretch.items.length;
      b += stretch.items.length;
    } else if (stretch.op === 'del' && next?.op === 'ins') {
      result.push(...replaced(from.slice(a, a + stretch.items.length), to.slice(b, b + next.items.length), words));
      a += stretch.items.length;
      b += next.items.length;
      index += 1;
    } else if (stretch.op === 'del') {
      for (const line of from.slice(a, a + stretch.items.length)) result.push(whole(line, 'removed'));
      a += stretch.items.length;
    } else {
      for (const line of to.slice(b, b + stretch.items.length)) result.push(whole(line, 'added'));
      b += stretch.items.length;
    }
  }
  return result;
}

function whole(line: Line, status: 'same' | 'added' | 'removed'): ComparedLine {
  const op = ({ same: 'same', added: 'ins', removed: 'del' } as const)[status];
  return { status, kind: line.kind, was: null, depth: line.depth, parts: line.text === '' ? [] : [{ op, text: line.text }] };
}

/** Lines that stand in place of others: those that say much the same are one line that was changed. */
function replaced(from: readonly Line[], to: readonly Line[], words: Segmenter): ComparedLine[] {
  const a = from.map(({ text }) => words(text));
  const b = to.map(({ text }) => words(text));
  const pairs = from.length * to.length > MOST_MATCHED ? [] : matched(a, b);
  const result: ComparedLine[] = [];
  let [i, j] = [0, 0];
  for (const [at, other] of [...pairs, [from.length, to.length] as const]) {
    for (; i < at; i += 1) result.push(whole(from[i] as Line, 'removed'));
    for (; j < other; j += 1) result.push(whole(to[j] as Line, 'added'));
    if (at === from.length) break;
    const [before, after] = [from[at] as Line, to[other] as Line];
    const parts = calmed(difference(a[at] ?? [], b[other] ?? []));
    result.push({ status: 'changed', kind: after.kind, was: before.kind === after.kind ? null : before.kind, depth: after.depth, parts });
    i = at + 1;
    j = other + 1;
  }
  return result;
}

/** Pairs in order, whose lines are alike, with the most likeness in all. */
function matched(a: readonly (readonly string[])[], b: readonly (readonly string[])[]): readonly (readonly [number, number])[] {
  const width = b.length + 1;
  const best = new Float64Array((a.length + 1) * width);
  const alike = a.map((words) => b.map((others) => likeness(words, others)));
  const value = (i: number, j: number): number => best[i * width + j] ?? 0;
  const pairValue = (i: number, j: number): number => {
    const share = alike[i]?.[j] ?? 0;
    return share < LEAST_ALIKE ? -1 : value(i + 1, j + 1) + share;
  };
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) best[i * width + j] = Math.max(value(i + 1, j), value(i, j + 1), pairValue(i, j));
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (pairValue(i, j) >= value(i, j)) pairs.push([i++, j++]);
    else if (value(i + 1, j) >= value(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Share of the words, by their length, that two lines have in common: 0 to 1. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  let [all, common] = [0, 0];
  for (const word of a) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    all += word.length;
  }
  for (const word of b) {
    const left = counts.get(word) ?? 0;
    all += word.length;
    if (left === 0) continue;
    counts.set(word, left - 1);
    common += 2 * word.length;
  }
  return all === 0 ? 1 : common / all;
}

/** A comma or a single short word left standing between two replacements reads worse than one replacement. */
function calmed(stretches: readonly Stretch<string>[]): readonly Part[] {
  const parts = stretches.map(({ op, items }) => ({ op, text: items.join('') }));
  const result: Part[] = [];
  let del = '';
  let ins = '';
  const flush = (): void => {
    if (del !== '') result.push({ op: 'del', text: del });
    if (ins !== '') result.push({ op: 'ins', text: ins });
    [del, ins] = ['', ''];
  };
  parts.forEach(({ op, text }, index) => {
    if (op === 'del') del += text;
    else if (op === 'ins') ins += text;
    else if (isIsland(text, del, ins, parts[index + 1], parts[index + 2])) {
      del += text;
      ins += text;
    } else {
      flush();
      result.push({ op, text });
    }
  });
  flush();
  return result;
}

function isIsland(text: string, del: string, ins: string, next: Part | undefined, afterNext: Part | undefined): boolean {
  if ([...text].length > 1 || next === undefined || next.op === 'same') return false;
  // Replaced on both sides, not merely cut out or put in on one.
  return del !== '' && ins !== '' && next.op === 'del' && afterNext?.op === 'ins';
}
