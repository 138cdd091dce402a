import type { ExportNode } from './node.ts';
import { hrefOf, wordsOf } from './node.ts';

/** A stretch of text with the marks that are still to be written around it. */
interface Run {
  readonly words: string;
  readonly marks: readonly string[];
  /** Written as it stands: a line break. */
  readonly raw: boolean;
}

/** What is written between two marks: plain words, or a mark around what it holds. */
interface Piece {
  readonly mark: string | null;
  readonly text: string;
}

const delimiters: Readonly<Record<string, string>> = { bold: '**', italic: '*', strike: '~~' };
const tags: Readonly<Record<string, string>> = { bold: 'strong', italic: 'em', strike: 's' };
/** A link's key is this and its address. */
const LINK = 'link ';

/**
 * Words and marks as one line of Markdown (several where there are hard breaks).
 * @param lineBreak what a hard break is written as; in headings and tables it must not end the line
 */
export function markdownInline(nodes: readonly ExportNode[], lineBreak = '\\\n'): string {
  const runs = nodes.map((node): Run => {
    if (node.type === 'hardBreak') return { words: lineBreak, marks: [], raw: true };
    const marks = node.marks.flatMap((mark) => {
      const href = hrefOf(mark);
      if (href !== null) return [`${LINK}${href}`];
      return mark.type in delimiters ? [mark.type] : [];
    });
    return { words: node.type === 'text' ? node.text : wordsOf(node).replace(/\n/g, ' '), marks, raw: false };
  });
  return compose(runs)
    .replace(/^\s+|\s+$/g, '')
    .replace(/(?:\\\n)+$/, '')
    .replace(/[ ]+(?=\\\n)/g, '')
    .replace(/\n +/g, '\n');
}

function compose(runs: readonly Run[]): string {
  const pieces: Piece[] = [];
  for (let at = 0; at < runs.length;) {
    const { mark, length } = widestMark(runs, at);
    const group = runs.slice(at, at + length);
    pieces.push({ mark, text: mark === null ? plain(group) : compose(group.map((run) => without(run, mark))) });
    at += length;
  }
  let written = '';
  pieces.forEach((piece, index) => {
    written += wrap(piece, written, pieces[index + 1]);
  });
  return written;
}

/** Of the marks of a run the one that reaches furthest: what it holds is nested in it. Runs without marks go together. */
function widestMark(runs: readonly Run[], at: number): { readonly mark: string | null; readonly length: number } {
  const marks = runs[at]?.marks ?? [];
  let best: { mark: string | null; length: number } = { mark: null, length: 0 };
  for (const mark of marks.length === 0 ? [null] : [...marks].sort(linksFirst)) {
    let length = 0;
    for (let index = at; index < runs.length; index += 1, length += 1) {
      const own = runs[index]?.marks ?? [];
      if (mark === null ? own.length > 0 : !own.includes(mark)) break;
    }
    if (length > best.length) best = { mark, length };
  }
  return best;
}

function linksFirst(a: string, b: string): number {
  return Number(b.startsWith(LINK)) - Number(a.startsWith(LINK));
}

function without(run: Run, mark: string): Run {
  return { ...run, marks: run.marks.filter((own) => own !== mark) };
}

function plain(runs: readonly Run[]): string {
  return runs.map(({ words, raw }) => (raw ? words : escapedWords(words))).join('');
}

/** What would be read as markup anywhere in a line. */
function escapedWords(words: string): string {
  return words
    .replace(/[\\`*[\]<~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=#?\w+;)/g, '&amp;');
}

function wrap({ mark, text }: Piece, written: string, next: Piece | undefined): string {
  if (mark === null || text === '') return text;
  if (mark.startsWith(LINK)) return `[${text}](${address(mark.slice(LINK.length))})`;
  // A mark around white space at its edges is none for Markdown, and nobody sees it.
  const [, lead = '', inner = '', trail = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  if (inner === '') return text;
  const before = lead === '' ? written : lead;
  const after = trail === '' ? beginningOf(next) : trail;
  const around = delimiters[mark] ?? '';
  const tag = tags[mark] ?? 'span';
  const own = opens(around, before, inner) && closes(around, inner, after) ? `${around}${inner}${around}` : `<${tag}>${inner}</${tag}>`;
  return `${lead}${own}${trail}`;
}

function beginningOf(piece: Piece | undefined): string {
  if (piece === undefined) return '';
  if (piece.mark === null) return piece.text;
  return piece.mark.startsWith(LINK) ? '[' : (delimiters[piece.mark] ?? '<');
}

/*
 * CommonMark's rule of flanking: marks that stand between a letter and a punctuation mark do not count. It never happens to
 * words between spaces, and all the time in Chinese. Where a mark would not count, or stands beside or around others of its
 * kind, which not all programs read alike, a tag is written.
 */
function opens(around: string, before: string, inner: string): boolean {
  const sign = around[0] ?? '';
  if (before.endsWith(sign) || inner.replace(/\\./g, '').includes(sign)) return false;
  return !isPunctuation(first(inner)) || isBorder(last(before));
}

function closes(around: string, inner: string, after: string): boolean {
  const sign = around[0] ?? '';
  if (inner.endsWith(sign) || after.replace(/^\\/, '').startsWith(sign)) return false;
  return !isPunctuation(last(inner)) || isBorder(first(after));
}

function first(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 32);
}

function last(text: string): string {
  return [...text.slice(-2)].at(-1) ?? ' ';
}

function isPunctuation(character: string): boolean {
  return /^[\p{P}\p{S}]$/u.test(character);
}

/** A tilde is a punctuation mark for some readers and none for others. */
function isBorder(character: string): boolean {
  return /^\s$/.test(character) || (isPunctuation(character) && character !== '~');
}

function address(href: string): string {
  const written = href.replace(/&(?=#?\w+;)/g, '&amp;');
  return /[()*_~\\]/.test(written) ? `<${written}>` : written;
}
