import * as Y from 'yjs';

/** Writes words at the end of the last paragraph of a draft, as one change; makes a paragraph where there is none. */
export function writeAtEnd(fragment: Y.XmlFragment, words: string): void {
  const last: unknown = fragment.length === 0 ? null : fragment.get(fragment.length - 1);
  fragment.doc?.transact(() => {
    const paragraph = last instanceof Y.XmlElement && last.nodeName === 'paragraph' ? last : newParagraph(fragment);
    const tail: unknown = paragraph.length === 0 ? null : paragraph.get(paragraph.length - 1);
    if (tail instanceof Y.XmlText) tail.insert(tail.length, words);
    else paragraph.push([new Y.XmlText(words)]);
  });
}

function newParagraph(fragment: Y.XmlFragment): Y.XmlElement {
  const paragraph = new Y.XmlElement('paragraph');
  fragment.push([paragraph]);
  return paragraph;
}
