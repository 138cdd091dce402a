import * as Y from 'yjs';
import type { Anchor } from '#shared/document/anchors.ts';
import { makeAnchor } from '#shared/document/anchors.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { GroupCommit } from '../store/groupCommit.ts';
import type { DraftEntry } from '../store/ports.ts';
import { entryDigest } from './entries.ts';

/** The Yjs client id under which the server itself writes: the first text of a draft, and nothing else. */
const SERVER_CLIENT = 1;

/**
 * The first text of a draft as one update, made by the server once and stored like any other: never built per client, or two
 * people would bring it twice. `quotes` are words in it; for each the anchor of its first place, or null where it is not there.
 */
export function firstText(paragraphs: readonly string[], quotes: readonly string[]): { update: Uint8Array; anchors: readonly (Anchor | null)[] } {
  const doc = new Y.Doc();
  doc.clientID = SERVER_CLIENT;
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  doc.transact(() => {
    for (const paragraph of paragraphs) {
      const element = new Y.XmlElement('paragraph');
      const text = new Y.XmlText();
      text.insert(0, paragraph);
      element.insert(0, [text]);
      fragment.push([element]);
    }
  });
  const index = buildTextIndex(fragment);
  const anchors = quotes.map((quote) => {
    const from = quote === '' ? -1 : index.text.indexOf(quote);
    const anchor = from < 0 ? 'empty' : makeAnchor(index, { from, to: from + quote.length });
    return anchor === 'empty' || anchor === 'tooLong' ? null : anchor;
  });
  return { update: Y.encodeStateAsUpdate(doc), anchors };
}

/**
 * Writes the first text of a draft that has none, before anybody opens it, and gives the anchors of the quotes. A draft whose
 * log has begun keeps it; the anchors are the same then, since the text is always built the same way.
 */
export async function writeFirstText(
  parts: { readonly commits: GroupCommit; readonly now: () => number },
  draftId: string,
  paragraphs: readonly string[],
  quotes: readonly string[],
): Promise<readonly (Anchor | null)[]> {
  const { update, anchors } = firstText(paragraphs, quotes);
  const entry: Omit<DraftEntry, 'digest'> = { draftId, ordinal: 1, kind: 'update', actorId: 'system', at: parts.now(), bytes: update };
  await parts.commits.write({ kind: 'draft', draftId, entries: [{ ...entry, digest: entryDigest('', entry) }] });
  return anchors;
}
