import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../lib/canonical.ts';
import { countWords } from './count.ts';
import { DRAFT_FIELD } from './schema.ts';
import { canonicalDocument, contentHash, documentText } from './text.ts';

function draftOf(...blocks: Y.XmlElement[]): Y.XmlFragment {
  const draft = new Y.Doc().getXmlFragment(DRAFT_FIELD);
  draft.insert(0, blocks);
  return draft;
}

function element(name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const made = new Y.XmlElement(name);
  made.insert(0, children);
  return made;
}

const paragraph = (...texts: string[]): Y.XmlElement => element('paragraph', ...texts.map((text) => new Y.XmlText(text)));

function heading(level: number, text: string): Y.XmlElement {
  const made = element('heading', new Y.XmlText(text));
  made.setAttribute('level', level as unknown as string);
  return made;
}

describe('[DOC5] the text of a draft', () => {
  it('is one line for each paragraph, heading and list paragraph, in reading order', () => {
    const draft = draftOf(
      heading(1, '公民投票法'),
      paragraph('第一條 ', '立法目的'),
      element('bulletList', element('listItem', paragraph('a'), element('orderedList', element('listItem', paragraph('b'))))),
      element('horizontalRule'),
      element('blockquote', element('paragraph', new Y.XmlText('c'), element('hardBreak'), new Y.XmlText('d'))),
      paragraph(),
    );
    expect(documentText(draft)).toBe('公民投票法\n第一條 立法目的\na\nb\nc\nd\n');
  });

  it('has the paragraphs of cells and tasks as lines, row by row', () => {
    const row = (...words: string[]) => element('tableRow', ...words.map((each) => element('tableCell', paragraph(each))));
    const draft = draftOf(
      element('taskList', element('taskItem', paragraph('done')), element('taskItem', paragraph('to do'))),
      element('table', row('a', 'b'), row('c', ''), element('tableRow', element('tableCell', paragraph('d'), paragraph('e')))),
      paragraph('end'),
    );
    expect(documentText(draft)).toBe('done\nto do\na\nb\nc\n\nd\ne\nend');
  });

  it('is empty for an empty draft and for one empty paragraph, and has no line ends but borders', () => {
    expect(documentText(draftOf())).toBe('');
    expect(documentText(draftOf(paragraph()))).toBe('');
    expect(documentText(draftOf(paragraph('one\ntwo\r\nthree')))).toBe('one two  three');
  });
});

describe('[DOC6] the hash of a draft', () => {
  it('depends on what is visible, not on how it was typed or cut', () => {
    const typed = draftOf(paragraph());
    const words = new Y.XmlText();
    (typed.get(0) as Y.XmlElement).insert(0, [words]);
    for (const [index, letter] of [...'first draft'].entries()) words.insert(index, letter);
    words.insert(5, ' wrong');
    words.delete(5, 6);
    words.format(0, 5, { bold: {} });
    words.format(0, 11, { italic: {} });
    words.format(0, 11, { italic: null });
    const cut = new Y.XmlText();
    cut.applyDelta([{ insert: 'fi', attributes: { bold: {} } }]);
    const rest = new Y.XmlText();
    rest.applyDelta([{ insert: 'rst', attributes: { bold: {} } }, { insert: ' draft' }]);
    const made = draftOf(element('paragraph', cut, new Y.XmlText(), rest));
    expect(canonicalDocument(typed)).toEqual(canonicalDocument(made));
    expect(contentHash(typed)).toBe(contentHash(made));
    expect(contentHash(typed)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same after a reload and spells marks in one order', () => {
    const draft = draftOf(heading(2, '總則'));
    const words = new Y.XmlText();
    words.applyDelta([{ insert: 'both', attributes: { strike: {}, bold: {}, link: { href: 'https://example.org', class: null } } }]);
    draft.insert(1, [element('paragraph', words)]);
    const reloaded = new Y.Doc();
    Y.applyUpdate(reloaded, Y.encodeStateAsUpdate(draft.doc ?? new Y.Doc()));
    expect(contentHash(reloaded.getXmlFragment(DRAFT_FIELD))).toBe(contentHash(draft));
    expect(canonicalJson(canonicalDocument(draft))).toBe(
      '{"content":[{"attrs":{"level":2},"content":[{"text":"總則","type":"text"}],"type":"heading"},' +
        '{"content":[{"marks":[{"type":"bold"},{"attrs":{"href":"https://example.org"},"type":"link"},{"type":"strike"}],"text":"both","type":"text"}],' +
        '"type":"paragraph"}],"type":"doc"}',
    );
  });

  it.each([
    ['a letter', (draft: Y.XmlFragment) => ((draft.get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(0, 'x')],
    ['a mark', (draft: Y.XmlFragment) => ((draft.get(0) as Y.XmlElement).get(0) as Y.XmlText).format(0, 1, { bold: {} })],
    ['a level', (draft: Y.XmlFragment) => (draft.get(0) as Y.XmlElement).setAttribute('level', 3 as unknown as string)],
    ['an empty paragraph', (draft: Y.XmlFragment) => draft.insert(1, [paragraph()])],
  ])('changes with %s', (_title, edit) => {
    const draft = draftOf(heading(1, 'Title'));
    const before = contentHash(draft);
    edit(draft);
    expect(contentHash(draft)).not.toBe(before);
  });
});

describe('[DOC7] counting characters and words', () => {
  it.each([
    ['', 0, 0],
    [' \n　', 0, 0],
    ['公民投票法', 5, 5],
    ['第一條，本法所稱公民投票。', 13, 11],
    ['Nothing about us without us.', 24, 5],
    ["It's a co-edited draft: 10,000 words, 3.5 pages", 40, 8],
    ['使用 Yjs 13.6 協作', 11, 6],
    ['かな混じりの文', 7, 7],
    ['안녕하세요 여러분', 8, 2],
    ['naïve cafe\u0301 Łódź', 14, 3],
    ['👨‍👩‍👧 ok', 7, 1],
    ['𠮷野家', 3, 3],
    ['--- … !', 5, 0],
  ])('%j has %i characters and %i words', (text, characters, words) => {
    expect(countWords(text)).toEqual({ characters, words });
  });
});
