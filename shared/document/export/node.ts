import type { Json } from '../../lib/canonical.ts';
import { isSafeHref } from '../schema.ts';

/** A mark of a text, with its attributes. */
export interface ExportMark {
  readonly type: string;
  readonly attrs: { readonly [name: string]: Json | undefined };
}

/** A node of a draft as the exports read it: every field is there, whatever the JSON left out. */
export interface ExportNode {
  readonly type: string;
  readonly text: string;
  readonly attrs: { readonly [name: string]: Json | undefined };
  readonly marks: readonly ExportMark[];
  readonly content: readonly ExportNode[];
}

/** What no text file, page or XML part may hold: control characters, and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;
/** A line end inside a text is a space for everybody who reads the draft: lines are paragraphs and hard breaks. */
const lineEnds = /[\t\r\n\u0085\u2028\u2029]+/g;

/**
 * Reads the canonical JSON of a draft (see canonicalDocument). Total: what has not the shape of a node is left out, texts come
 * without what cannot be written.
 */
export function readDocument(json: Json): ExportNode {
  return readNode(json) ?? { type: 'doc', text: '', attrs: {}, marks: [], content: [] };
}

function readNode(json: Json): ExportNode | null {
  if (!isRecord(json) || typeof json.type !== 'string') return null;
  const content = Array.isArray(json.content) ? (json.content as readonly Json[]) : [];
  const marks = Array.isArray(json.marks) ? (json.marks as readonly Json[]) : [];
  return {
    type: json.type,
    text: typeof json.text === 'string' ? json.text.toWellFormed().replace(unwritable, '').replace(lineEnds, ' ') : '',
    attrs: isRecord(json.attrs) ? json.attrs : {},
    marks: marks.flatMap((mark) =>
      isRecord(mark) && typeof mark.type === 'string' ? [{ type: mark.type, attrs: isRecord(mark.attrs) ? mark.attrs : {} }] : [],
    ),
    content: content.flatMap((child) => readNode(child) ?? []),
  };
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A title in one line, without what cannot be written. */
export function oneLine(title: string): string {
  return title.toWellFormed().replace(unwritable, '').replace(lineEnds, ' ').trim();
}

/** The words of a node without markup; a hard break and a border between blocks read as line ends. */
export function wordsOf(node: ExportNode): string {
  if (node.type === 'text') return node.text;
  if (node.type === 'hardBreak') return '\n';
  const parts = node.content.map(wordsOf);
  return node.content.some(isInline) ? parts.join('') : parts.filter((part) => part !== '').join('\n');
}

export function isInline(node: { readonly type: string }): boolean {
  return node.type === 'text' || node.type === 'hardBreak';
}

/** Whatever has attributes, or may leave them out. */
interface Attributed {
  readonly attrs?: { readonly [name: string]: Json | undefined };
}

/** The level of a heading, 1 to 6. */
export function levelOf(heading: Attributed): 1 | 2 | 3 | 4 | 5 | 6 {
  const level = heading.attrs?.level;
  return level === 2 || level === 3 || level === 4 || level === 5 || level === 6 ? level : 1;
}

/** The number a list begins with. */
export function startOf(list: Attributed): number {
  const start = list.attrs?.start;
  return typeof start === 'number' && Number.isInteger(start) && start >= 0 && start <= 999_999_999 ? start : 1;
}

/** How many columns or rows a cell covers, 1 to 1000. */
export function spanOf(cell: Attributed, way: 'colspan' | 'rowspan'): number {
  const span = cell.attrs?.[way];
  return typeof span === 'number' && Number.isInteger(span) && span >= 1 && span <= 1_000 ? span : 1;
}

/** The address of a link mark, or null where it is none that a draft may hold. */
export function hrefOf(mark: ExportMark): string | null {
  const { href } = mark.attrs;
  return mark.type === 'link' && isSafeHref(href) ? href : null;
}

/** The rows of a table, each with its cells. */
export function rowsOf(table: ExportNode): readonly (readonly ExportNode[])[] {
  return table.content.filter(({ type }) => type === 'tableRow').map((row) => row.content);
}
