import { getSchema } from '@tiptap/core';
import {
  CommentRangeEnd,
  CommentRangeStart,
  CommentReference,
  DeletedTextRun,
  Document,
  FootnoteReferenceRun,
  Header,
  ImageRun,
  InsertedTextRun,
  LevelFormat,
  Packer,
  Paragraph,
  TextRun,
  UnderlineType,
} from 'docx';
import { describe, expect, test } from 'vitest';
import { draftExtensions } from '#client/lib/drafts/extensions.ts';
import { decodedText, isMarkdown, paragraphsOf, withChineseLines } from '#client/lib/drafts/reading/plainText.ts';
import { readText } from '#client/lib/drafts/reading/readText.ts';
import type { Source } from '#client/lib/drafts/reading/readText.ts';
import { inertDocument } from '../support/inertDocument.ts';

const schema = getSchema(draftExtensions());
const read = async (source: Source) => {
  const answer = await readText(source, { schema, parse: inertDocument });
  return typeof answer === 'string' ? answer : { words: answer.document.children.map(String), lost: answer.lost };
};
const file = (name: string, bytes: Uint8Array | string): Source => ({
  kind: 'file',
  name,
  bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
});
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const at = { author: 'Ana', date: '2026-01-01T00:00:00Z' };

describe('[IMP4] what could not be taken is counted', () => {
  test('in a Word file: pictures, notes, comments, tracked changes, margins, numbering, looks', async () => {
    const word = new Document({
      footnotes: { 1: { children: [new Paragraph('a note')] } },
      comments: { children: [{ id: 0, author: 'Ben', date: new Date(0), children: [new Paragraph('a remark')] }] },
      numbering: { config: [{ reference: 'law', levels: [{ level: 0, format: LevelFormat.CHINESE_COUNTING, text: '第%1条' }] }] },
      sections: [
        {
          headers: { default: new Header({ children: [new Paragraph('letterhead')] }) },
          children: [
            new Paragraph({
              children: [
                new TextRun('kept'),
                new FootnoteReferenceRun(1),
                new CommentRangeStart(0),
                new TextRun({ text: ' word', underline: { type: UnderlineType.SINGLE } }),
                new CommentRangeEnd(0),
                new TextRun({ children: [new CommentReference(0)] }),
                new InsertedTextRun({ id: 1, text: ' new', ...at }),
                new DeletedTextRun({ id: 2, text: ' old', ...at }),
                new ImageRun({ type: 'png', data: pixel, transformation: { width: 1, height: 1 } }),
              ],
            }),
            new Paragraph({ text: 'clause', numbering: { reference: 'law', level: 0 } }),
          ],
        },
      ],
    });
    expect(await read(file('x.docx', await Packer.toBuffer(word)))).toEqual({
      words: ['paragraph("kept word new")', 'orderedList(listItem(paragraph("clause")))'],
      lost: { images: 1, footnotes: 1, comments: 1, tracked: 2, headers: 1, numbering: 1, styles: 1 },
    });
  });

  test('in Markdown: pictures, code, the head for machines, frames', async () => {
    const text = '---\ntitle: x\n---\n# A\n\n![alt](x.png) text [bad](javascript:x)\n\n```\ncode\n```\n\n<iframe src="x"></iframe>\n';
    expect(await read(file('x.md', text))).toEqual({
      words: ['heading("A")', 'paragraph("text bad")', 'paragraph("code")'],
      lost: { frontMatter: 1, images: 1, links: 1, code: 1, embedded: 1 },
    });
  });

  test.each([
    ['a PDF', file('x.pdf', '%PDF-1.7 …'), 'pdf'],
    ['a Word file of the old kind', file('x.doc', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1)), 'oldWord'],
    ['a package that is none', file('x.docx', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0)), 'broken'],
    ['a picture', file('x.png', pixel), 'unknown'],
    ['nothing', { kind: 'text', text: ' \n ' }, 'empty'],
    ['more than one change can take', { kind: 'text', text: `${'word '.repeat(200_000)}` }, 'tooLong'],
    ['lists deeper than a draft', { kind: 'html', html: `${'<ul><li>x'.repeat(13)}` }, 'tooLong'],
  ] as readonly (readonly [string, Source, string])[])('%s is refused by name', async (_title, source, why) => {
    expect(await read(source)).toBe(why);
  });
});

describe('[IMP5] plain text and Markdown, in Chinese too', () => {
  test('encodings: UTF-8 with and without mark, UTF-16, GB 18030; what is no text is none', () => {
    expect(decodedText(new TextEncoder().encode('商量\r\n'))).toBe('商量\n');
    expect(decodedText(Uint8Array.of(0xff, 0xfe, 0x46, 0x55))).toBe('商');
    expect(decodedText(Uint8Array.of(0xc9, 0xcc, 0xc1, 0xbf))).toBe('商量');
    expect(decodedText(Uint8Array.of(1, 2, 0, 255))).toBeNull();
  });

  test('each line is a paragraph, but for Latin text that was wrapped by hand', () => {
    expect(paragraphsOf('　　第一条　甲。\n第二条\n\n乙')).toEqual(['第一条　甲。', '第二条', '乙']);
    const wrapped =
      'The council met on the first of the month and it\nheard the members speak for as long as they wished.\n\nIt then decided what was to be decided by it that\nday.';
    expect(paragraphsOf(wrapped)).toEqual([
      'The council met on the first of the month and it heard the members speak for as long as they wished.',
      'It then decided what was to be decided by it that day.',
    ]);
  });

  test('a line end after a Chinese sentence begins a paragraph, inside one it is none; lists and code stay', () => {
    expect(withChineseLines('甲。\n乙\n丙。\n- 丁\n- 戊')).toBe('甲。\n\n乙丙。\n- 丁\n- 戊');
    expect(withChineseLines('```\n甲。\n乙\n```')).toBe('```\n甲。\n乙\n```');
    expect(withChineseLines('a\nb')).toBe('a\nb');
  });

  test('what is Markdown and what is not', () => {
    for (const text of ['# a', '- a\n- b', '1. a', '> a', 'a **b** c', '| a |\n| - |', '[a](b)']) expect(isMarkdown(text), text).toBe(true);
    for (const text of ['第一条 甲', '1.5 metres', '#hashtag', 'a - b', '2 * 3 * 4']) expect(isMarkdown(text), text).toBe(false);
  });
});
