import type { Json } from '../../lib/canonical.ts';
import type { ExportMark, ExportNode } from './node.ts';
import { hrefOf, isInline, levelOf, oneLine, readDocument, spanOf, startOf, wordsOf } from './node.ts';

const style = `
:root { color-scheme: light dark; }
body { max-width: 42em; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.8 'Noto Serif', 'Noto Serif CJK SC', 'Songti SC', SimSun, serif; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.4; }
header h1 { font-size: 1.9em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.25em; } h3 { font-size: 1.1em; }
blockquote { margin-inline: 0; padding-inline-start: 1em; border-inline-start: 3px solid; opacity: .85; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .3em .6em; border: 1px solid; text-align: start; vertical-align: top; }
td > p, th > p, li > p { margin: 0; }
ul.tasks { padding-inline-start: 0; list-style: none; }
ul.tasks > li { display: flex; gap: .5em; }
@media print { body { max-width: none; margin: 0; } }`;

/**
 * A draft as one HTML file that needs nothing else and runs nothing.
 * @param json the canonical JSON of the draft
 * @param title stands above the text and in the bar of the browser; plain text
 */
export function htmlDocument(json: Json, title: string): string {
  const document = readDocument(json);
  const words = oneLine(title);
  const lang = /\p{Script=Han}/u.test(`${words}${wordsOf(document)}`) ? 'zh' : 'en';
  return [
    '<!doctype html>',
    `<html lang="${lang}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // The file needs no script, no font and no picture from anywhere.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(words)}</title>`,
    `<style>${style}\n</style>`,
    '</head>',
    '<body>',
    `<header><h1>${escaped(words)}</h1></header>`,
    `<article>\n${blocks(document.content)}</article>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The text of a draft as HTML without a page around it. */
export function htmlOf(json: Json): string {
  return blocks(readDocument(json).content);
}

/** One block as HTML in a single line, for what Markdown has no words for. */
export function htmlBlock(node: ExportNode): string {
  return block(node).replace(/\n/g, '');
}

/** Text as it may stand in HTML, in an attribute too. */
export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function blocks(nodes: readonly ExportNode[]): string {
  return nodes.map((node) => `${block(node)}\n`).join('');
}

function block(node: ExportNode): string {
  switch (node.type) {
    case 'paragraph':
      return `<p>${inline(node.content)}</p>`;
    case 'heading':
      return `<h${levelOf(node)}>${inline(node.content)}</h${levelOf(node)}>`;
    case 'bulletList':
      return `<ul>\n${node.content.map(item).join('')}</ul>`;
    case 'orderedList':
      return `<ol${startOf(node) === 1 ? '' : ` start="${startOf(node)}"`}>\n${node.content.map(item).join('')}</ol>`;
    case 'taskList':
      return `<ul class="tasks" data-type="taskList">\n${node.content.map(task).join('')}</ul>`;
    case 'blockquote':
      return `<blockquote>\n${blocks(node.content)}</blockquote>`;
    case 'horizontalRule':
      return '<hr>';
    case 'table':
      return `<table>\n${node.content.map(row).join('')}</table>`;
    default:
      return unknown(node);
  }
}

/** A node this export does not know loses its look, never its words. */
function unknown(node: ExportNode): string {
  if (isInline(node)) return `<p>${inline([node])}</p>`;
  if (node.content.length === 0 || node.content.some(isInline)) return `<p>${inline(node.content)}</p>`;
  return blocks(node.content).trimEnd();
}

function item(node: ExportNode): string {
  return `<li>${blocks(node.content)}</li>\n`;
}

function task(node: ExportNode): string {
  const checked = node.attrs.checked === true;
  const box = `<input type="checkbox" disabled${checked ? ' checked' : ''}>`;
  return `<li data-type="taskItem" data-checked="${String(checked)}">${box}<div>${blocks(node.content)}</div></li>\n`;
}

function row(node: ExportNode): string {
  if (node.type !== 'tableRow') return '';
  return `<tr>${node.content.map(cell).join('')}</tr>\n`;
}

function cell(node: ExportNode): string {
  const name = node.type === 'tableHeader' ? 'th' : 'td';
  const spans = (['colspan', 'rowspan'] as const).map((way) => (spanOf(node, way) === 1 ? '' : ` ${way}="${spanOf(node, way)}"`));
  return `<${name}${spans.join('')}>${blocks(node.content).trimEnd()}</${name}>`;
}

function inline(nodes: readonly ExportNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'hardBreak') return '<br>';
      if (node.type !== 'text') return escaped(wordsOf(node));
      return node.marks.reduce(marked, escaped(node.text));
    })
    .join('');
}

function marked(html: string, mark: ExportMark): string {
  const href = hrefOf(mark);
  if (href !== null) return `<a href="${escaped(href)}" rel="noopener noreferrer nofollow">${html}</a>`;
  const name = { bold: 'strong', italic: 'em', strike: 's' }[mark.type];
  return name === undefined ? html : `<${name}>${html}</${name}>`;
}
