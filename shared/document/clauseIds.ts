import * as Y from 'yjs';
import type { ClauseId } from '../domain/drafts/events.ts';
import { firstVisible, typeOf } from './text-index.ts';

/**
 * Which clause each block at the top of a draft is, by its Yjs identity, or null where it is none: a clause is a paragraph with
 * something in it. In the order of `canonicalDocument(fragment).content`; of the first `most` blocks, where that is given.
 */
export function clauseIds(fragment: Y.XmlFragment, most = Infinity): readonly (ClauseId | null)[] {
  const ids: (ClauseId | null)[] = [];
  for (let item = firstVisible(fragment); item !== null && ids.length < most; item = item.next) {
    const type = typeOf(item);
    if (!(type instanceof Y.XmlElement)) continue;
    ids.push(type.nodeName === 'paragraph' && hasContent(type) ? [item.id.client, item.id.clock] : null);
  }
  return ids;
}

/** Who each block at the top of a draft is, clause or not, in order. */
export function blockIds(fragment: Y.XmlFragment): readonly ClauseId[] {
  const ids: ClauseId[] = [];
  for (let item = firstVisible(fragment); item !== null; item = item.next) {
    if (typeOf(item) instanceof Y.XmlElement) ids.push([item.id.client, item.id.clock]);
  }
  return ids;
}

function hasContent(paragraph: Y.XmlElement): boolean {
  for (let item = firstVisible(paragraph); item !== null; item = item.next) {
    const type = typeOf(item);
    if (!(type instanceof Y.XmlText) || type.length > 0) return true;
  }
  return false;
}
