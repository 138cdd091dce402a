import { escaped, htmlBlock } from '#shared/document/export/html.ts';
import { readDocument } from '#shared/document/export/node.ts';
import type { FirstText } from '#shared/protocol/firstSight.ts';

/**
 * The beginning of a draft as HTML that looks as the editor will draw it: every block where it is going to stand, so that nothing moves when
 * the editor takes over. No line ends between elements, since the paper keeps white space.
 * @param label what stands beside the clause of a number
 */
export function firstPaper({ blocks, labels }: Pick<FirstText, 'blocks' | 'labels'>, label: (number: string) => string): string {
  return readDocument({ type: 'doc', content: [...blocks] })
    .content.map((node, index) => {
      const number = labels[index] ?? null;
      return asBlock(asEditor(htmlBlock(node)), number === null ? null : label(number));
    })
    .join('');
}

/** The few elements that the editor draws otherwise than a page of its own. */
function asEditor(html: string): string {
  return html
    .replaceAll('<p></p>', '<p><br></p>')
    .replace(/(<li data-type="taskItem"[^>]*>)(<input[^>]*>)/g, '$1<label>$2</label>')
    .replaceAll('<table>', '<div class="table-scroll"><table>')
    .replaceAll('</table>', '</table></div>');
}

function asBlock(html: string, clause: string | null): string {
  if (html.startsWith('<div')) return html;
  const isLong = clause?.includes('\u200b') === true;
  const named = clause === null ? 'block' : isLong ? 'block clause is-long' : 'block clause';
  const attributes = ` class="${named}"${clause === null ? '' : ` data-clause="${escaped(clause)}"`}`;
  return html.replace(/^<\w+/, (tag) => (html.startsWith('<ul class=') ? tag : `${tag}${attributes}`));
}
