import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';

/**
 * A place between two characters. Within a surrogate pair Yjs would part it for good, in this one copy alone if the edit then
 * comes to nothing; no editor puts its caret there.
 */
function between(text: Y.XmlText, index: number): number {
  return /[\uDC00-\uDFFF]/.test(plain(text)[index] ?? '') ? index + 1 : index;
}

function plain(text: Y.XmlText): string {
  return text
    .toDelta()
    .map(({ insert }: { insert: string }) => insert)
    .join('');
}

/** An edit an editor could make: words, deletions, marks, new and removed blocks. */
export function edit(doc: Y.Doc, random: (below: number) => number): void {
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  const blocks = fragment.toArray().filter((block) => block instanceof Y.XmlElement);
  doc.transact(() => {
    const block = blocks[random(Math.max(blocks.length, 1))];
    const text = block?.get(0);
    const kind = random(10);
    if (block === undefined || kind === 0) {
      const made = new Y.XmlElement(random(3) === 0 ? 'heading' : 'paragraph');
      if (made.nodeName === 'heading') made.setAttribute('level', (1 + random(3)) as never);
      made.insert(0, [new Y.XmlText(`${random(1_000)} 商量`)]);
      fragment.insert(random(fragment.length + 1), [made]);
    } else if (kind === 1 && blocks.length > 3) {
      fragment.delete(random(fragment.length), 1);
    } else if (!(text instanceof Y.XmlText)) {
      block.insert(0, [new Y.XmlText('new')]);
    } else if (kind <= 3 && text.length > 4) {
      const from = between(text, random(text.length - 3));
      text.delete(from, between(text, from + 1 + random(3)) - from);
    } else if (kind === 4 && text.length > 2) {
      const from = between(text, random(text.length - 1));
      text.format(from, between(text, from + 1) - from, random(2) === 0 ? { bold: {} } : { bold: null });
    } else {
      text.insert(between(text, random(text.length + 1)), ['a', 'bc ', '的', '💬', 'word '][random(5)] ?? '');
    }
  });
}
