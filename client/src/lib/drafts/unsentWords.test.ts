import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { unsentWords } from './unsentWords.ts';

/** A draft with these lines as the server knows it, and what is typed on top of it in one's own copy. */
function draftWith(...lines: readonly string[]): { doc: Y.Doc; line: (index: number) => Y.XmlText; updates: Uint8Array[] } {
  const server = new Y.Doc();
  server.clientID = 1;
  const fragment = server.getXmlFragment(DRAFT_FIELD);
  fragment.insert(
    0,
    lines.map((line) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(line)]);
      return paragraph;
    }),
  );
  const doc = new Y.Doc();
  doc.clientID = 2;
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const line = (index: number): Y.XmlText => (doc.getXmlFragment(DRAFT_FIELD).get(index) as Y.XmlElement).get(0) as Y.XmlText;
  return { doc, line, updates };
}

/** Types one character after the other, as a person does. */
function type(text: Y.XmlText, at: number, words: string): void {
  [...words].forEach((word, n) => text.insert(at + n, word));
}

describe('[ED7] words that could not be written', () => {
  test('are one’s own only, joined to what was typed in one go', () => {
    const { doc, line, updates } = draftWith('公园的出入口');
    type(line(0), 3, '东侧');
    expect(updates).toHaveLength(2);
    expect(unsentWords(updates, doc)).toBe('东侧');
    expect(unsentWords(updates)).toBe('东侧');
  });

  test('stand in the order of the draft, whatever was typed first, with a gap where others’ words stand between them', () => {
    const { doc, line, updates } = draftWith('第一行的话', '第二行的话');
    type(line(1), 5, '乙');
    type(line(0), 5, '丁');
    type(line(0), 2, '甲');
    expect(unsentWords(updates, doc)).toBe('甲 … 丁\n乙');
  });

  test('leave out what one took away again', () => {
    const { doc, line, updates } = draftWith('原文');
    type(line(0), 2, '不要这些要这个');
    line(0).delete(2, 4);
    expect(unsentWords(updates, doc)).toBe('要这个');
    expect(unsentWords(updates)).toBe('要这个');
  });

  test('without the copy a word typed into another one stands inside it', () => {
    const { line, updates } = draftWith('原文');
    type(line(0), 2, '出口');
    line(0).insert(3, '入');
    line(0).insert(2, '新');
    expect(unsentWords(updates)).toBe('新出入口');
  });

  test('without the copy what was typed at different places stands on lines of its own', () => {
    const { line, updates } = draftWith('一', '二');
    type(line(1), 1, 'second');
    type(line(0), 1, 'first');
    expect(unsentWords(updates)).toBe('second\nfirst');
  });

  test('survive the paragraph they were typed in', () => {
    const { doc, line, updates } = draftWith('一', '二');
    type(line(0), 1, '留下的话');
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    other.getXmlFragment(DRAFT_FIELD).delete(0, 1);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(unsentWords(updates.slice(0, 4), doc)).toBe('留下的话');
  });

  test('new paragraphs are new lines, and pairs of code units stay together', () => {
    const { doc, updates } = draftWith('一');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText('🙂𠀀字')]);
    doc.getXmlFragment(DRAFT_FIELD).insert(1, [paragraph]);
    type((doc.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement).get(0) as Y.XmlText, 1, '上');
    expect(unsentWords(updates, doc)).toBe('上\n🙂𠀀字');
  });

  test('are none where something was only taken away or formatted', () => {
    const { doc, line, updates } = draftWith('要删掉的字');
    line(0).delete(0, 2);
    line(0).format(0, 2, { bold: {} });
    expect(unsentWords(updates, doc)).toBe('');
    expect(unsentWords([], doc)).toBe('');
  });

  test('the same update twice gives the words once', () => {
    const { doc, line, updates } = draftWith('原');
    type(line(0), 1, '字');
    expect(unsentWords([...updates, ...updates], doc)).toBe('字');
    expect(unsentWords([...updates, ...updates])).toBe('字');
  });
});
