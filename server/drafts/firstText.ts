import * as Y from 'yjs';
import { makeAnchor } from '#shared/document/anchors.ts';
import type { Anchor } from '#shared/document/anchors.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import { writeFirstEntry } from './firstEntry.ts';
import type { FirstParts } from './firstEntry.ts';

/**
 * Writes the first text of a draft, one paragraph each, as the first entry of its log, and gives an anchor for each quote, null
 * where it is not in the text. The same paragraphs make the same bytes, so where the log has begun already nothing is written
 * and the anchors are right all the same. Rejects with StoreUnavailable.
 */
export async function writeFirstText(
  parts: FirstParts,
  draftId: string,
  paragraphs: readonly string[],
  quotes: readonly string[],
): Promise<readonly (Anchor | null)[]> {
  const fragment = await writeFirstEntry(parts, draftId, (text) => {
    for (const words of paragraphs) {
      const paragraph = new Y.XmlElement('paragraph');
      text.push([paragraph]);
      paragraph.push([new Y.XmlText(words)]);
    }
  });
  const index = buildTextIndex(fragment);
  return quotes.map((quote) => {
    const from = quote === '' ? -1 : index.text.indexOf(quote);
    const anchor = from < 0 ? 'empty' : makeAnchor(index, { from, to: from + quote.length });
    return typeof anchor === 'string' ? null : anchor;
  });
}
