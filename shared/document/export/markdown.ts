import type { Json } from '../../lib/canonical.ts';
import { htmlBlock } from './html.ts';
import { markdownInline } from './markdownInline.ts';
import type { ExportNode } from './node.ts';
import { isInline, levelOf, oneLine, readDocument, rowsOf, spanOf, startOf } from './node.ts';

/**
 * A draft as Markdown (CommonMark with GitHub's tables and tasks). What Markdown cannot say without a loss, such as a cell
 * that covers two columns, stands in it as HTML, which is part of Markdown.
 * @param json the canonical JSON of the draft
 * @param title becomes the first heading; plain text
 */
export function markdownDocument(json: Json, title: string): string {
  const words = oneLine(title);
  const text = markdownOf(json);
  const head = words === '' ? '' : `# ${headingText(markdownInline([textNode(words)]))}\n`;
  return [head, text].filter((part) => part !== '').join('\n');
}

/** The text of a draft as Markdown, ending with a line end unless it is empty. */
export function markdownOf(json: Json): string {
  const lines = blocks(readDocument(json).content);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function textNode(text: string): ExportNode {
  return { type: 'text', text, attrs: {}, marks: [], content: [] };
}

/** The lines of blocks that follow each other, an empty line between them. */
function blocks(nodes: readonly ExportNode[]): string[] {
  const lines: string[] = [];
  let before: string | null = null;
  for (const node of nodes) {
    const own = block(node);
    if (own.length === 0) continue;
    if (before !== null) {
      lines.push('');
      // Without a border two lists in a row would be read as one.
      if (isList(before) && isList(node.type)) lines.push('<!-- -->', '');
    }
    lines.push(...own);
    before = node.type;
  }
  return lines;
}

function isList(type: string): boolean {
  return type === 'bulletList' || type === 'orderedList' || type === 'taskList';
}

function block(node: ExportNode): string[] {
  switch (node.type) {
    case 'paragraph':
      return paragraph(node);
    case 'heading':
      return [`${'#'.repeat(levelOf(node))} ${headingText(markdownInline(node.content, '<br>'))}`.trimEnd()];
    case 'bulletList':
      return list(node, () => '- ');
    case 'orderedList': {
      const start = startOf(node);
      return list(node, (index) => `${start + index}. `);
    }
    case 'taskList':
      return list(node, (_, item) => `- [${item.attrs.checked === true ? 'x' : ' '}] `);
    case 'blockquote': {
      const lines = blocks(node.content).map((line) => (line === '' ? '>' : `> ${line}`));
      return lines.length === 0 ? ['>'] : lines;
    }
    case 'horizontalRule':
      return ['---'];
    case 'table':
      return table(node);
    default:
      return node.content.length === 0 || node.content.some(isInline)
        ? paragraph({ ...node, content: isInline(node) ? [node] : node.content })
        : blocks(node.content);
  }
}

function paragraph(node: ExportNode): string[] {
  const text = markdownInline(node.content);
  return text === '' ? [] : text.split('\n').map((line, index) => (index === 0 ? blockStart(line) : blockStart(line.trimStart())));
}

/** What stands at the beginning of a line would begin another kind of block: a list, a heading, a quotation, a rule. */
function blockStart(line: string): string {
  return line
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^([-+])(?=\s|$)/, '\\$1')
    .replace(/^([-=_])(?=[-=_\s]*$)/, '\\$1')
    .replace(/^(#{1,6})(?=\s|$)/, '\\$1')
    .replace(/^>/, '\\>')
    .replace(/^:(?=-)/, '\\:');
}

/** A row of `#` at the end of a heading would be taken for its closing. */
function headingText(text: string): string {
  return text.replace(/(^|\s)(#+)$/, '$1\\$2');
}

function list(node: ExportNode, bullet: (index: number, item: ExportNode) => string): string[] {
  // Loose (empty lines between) only where an item has more than a paragraph and lists under it.
  const loose = node.content.some(({ content }) => content.some((child, index) => index > 0 && !isList(child.type)));
  const lines: string[] = [];
  node.content.forEach((item, index) => {
    const marker = bullet(index, item);
    // What belongs to an item stands under its words; a task's box is a part of them.
    const indent = ' '.repeat(marker.startsWith('- ') ? 2 : marker.length);
    const own = loose ? blocks(item.content) : tight(item.content);
    if (loose && index > 0) lines.push('');
    lines.push(`${marker}${own[0] ?? ''}`.trimEnd(), ...own.slice(1).map((line) => (line === '' ? '' : `${indent}${line}`)));
  });
  return lines;
}

function tight(nodes: readonly ExportNode[]): string[] {
  const [first, ...rest] = nodes;
  if (first === undefined) return [];
  return [...block(first), ...blocks(rest)];
}

function table(node: ExportNode): string[] {
  const rows = rowsOf(node);
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  if (width === 0) return [];
  if (!rows.flat().every(isPlainCell)) return [htmlBlock(node)];
  const hasHeader = rows[0]?.every(({ type }) => type === 'tableHeader') === true;
  const lines = rows.map((cells) => line(Array.from({ length: width }, (_, index) => cellText(cells[index]))));
  const rule = line(Array.from({ length: width }, () => '---'));
  const [first = '', ...rest] = lines;
  return hasHeader ? [first, rule, ...rest] : [line(Array.from({ length: width }, () => '')), rule, first, ...rest];
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Whether a cell fits into one line: paragraphs alone, and no span. */
function isPlainCell(cell: ExportNode): boolean {
  return spanOf(cell, 'colspan') === 1 && spanOf(cell, 'rowspan') === 1 && cell.content.every(({ type }) => type === 'paragraph');
}

function cellText(cell: ExportNode | undefined): string {
  if (cell === undefined) return '';
  return cell.content.map(({ content }) => markdownInline(content, '<br>').replace(/\|/g, '\\|')).join('<br>');
}
