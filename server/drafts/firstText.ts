import * as Y from 'yjs';
import { makeAnchor } from '#shared/document/anchors.ts';
import type { Anchor } from '#shared/document/anchors.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { GroupCommit } from '../store/groupCommit.ts';
import { entryDigest } from './entries.ts';

/** Under which client id the first text is written. The clients' own are random, and this one belongs to the system. */
const firstClientId = 1;

/**
 * Writes the first text of a draft, one paragraph each, as the first entry of its log, and gives an anchor for each quote, null
 * where it is not in the text. The same paragraphs make the same bytes, so where the log has begun already nothing is written
 * and the anchors are right all the same. Rejects with StoreUnavailable.
 */
export async function writeFirstText(
  parts: { readonly commits: Pick<GroupCommit, 'write'>; readonly now: () => number },
  draftId: string,
  paragraphs: readonly string[],
  quotes: readonly string[],
): Promise<readonly (Anchor | null)[]> {
  const doc = new Y.Doc();
  doc.clientID = firstClientId;
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  doc.transact(() => {
    for (const words of paragraphs) {
      const paragraph = new Y.XmlElement('paragraph');
      fragment.push([paragraph]);
      paragraph.push([new Y.XmlText(words)]);
    }
  });
  const entry = {
    draftId,
    ordinal: 1,
    kind: 'update' as const,
    actorId: 'system',
    at: parts.now(),
    bytes: Y.encodeStateAsUpdate(doc),
  };
  await parts.commits.write({ kind: 'draft', draftId, entries: [{ ...entry, digest: entryDigest('', entry) }] });
  const index = buildTextIndex(fragment);
  return quotes.map((quote) => {
    const from = quote === '' ? -1 : index.text.indexOf(quote);
    const anchor = from < 0 ? 'empty' : makeAnchor(index, { from, to: from + quote.length });
    return typeof anchor === 'string' ? null : anchor;
  });
}
