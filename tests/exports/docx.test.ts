import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/lib/canonical.ts';
import { converted, hasSoffice } from '../support/soffice.ts';
import { docxDocument } from '#server/exports/docx.ts';

const text = (words: string, ...marks: Json[]): Json => ({ type: 'text', text: words, marks });
const paragraph = (...content: Json[]): Json => ({ type: 'paragraph', content });
const node = (type: string, content: Json[], attrs: Json = {}): Json => ({ type, content, attrs });
const item = (words: string, ...more: Json[]): Json => node('listItem', [paragraph(text(words)), ...more]);

const draft = node('doc', [
  node('heading', [text('第一章 总则')], { level: 1 }),
  paragraph(
    text('普通', { type: 'bold' }),
    text(' & <xml> '),
    text('链接', { type: 'link', attrs: { href: 'https://example.org/?a=1&b=2' } }),
  ),
  paragraph(text('control \u0001\u0008 and half \ud800 a pair'), { type: 'hardBreak' }, text('second line')),
  node('orderedList', [item('third', node('bulletList', [item('under it')])), item('fourth')], { start: 3 }),
  node('orderedList', [item('again from one')]),
  node('taskList', [node('taskItem', [paragraph(text('done'))], { checked: true }), node('taskItem', [paragraph(text('to do'))])]),
  node('blockquote', [paragraph(text('quoted'))]),
  { type: 'horizontalRule' },
  node('table', [
    node('tableRow', [node('tableHeader', [paragraph(text('区'))]), node('tableHeader', [paragraph(text('数'))])]),
    node('tableRow', [node('tableCell', [paragraph(text('both columns'))], { colspan: 2 })]),
  ]),
  node('callout', [text('unknown kind')]),
]);

describe('[EXP2] a draft as a Word file', () => {
  test('is a whole package, its XML well-formed and free of what XML cannot hold', async () => {
    const parts = unzipSync(await docxDocument(draft, '办法 <1>'));
    expect(Object.keys(parts)).toEqual(expect.arrayContaining(['[Content_Types].xml', 'word/document.xml', 'word/numbering.xml']));
    const xml = strFromU8(parts['word/document.xml'] ?? new Uint8Array());
    expect(xml).toContain('办法 &lt;1&gt;');
    expect(xml).toContain('control  and half � a pair');
    // eslint-disable-next-line no-control-regex
    expect(xml).not.toMatch(/[\u0000-\u0008\ud800-\udfff]/);
    expect(strFromU8(parts['word/_rels/document.xml.rels'] ?? new Uint8Array())).toContain('https://example.org/?a=1&amp;b=2');
  });

  test('an empty draft is a file too', async () => {
    expect(unzipSync(await docxDocument({ type: 'doc' }, ''))['word/document.xml']?.length).toBeGreaterThan(0);
  });

  // Without LibreOffice on the machine this shows as skipped.
  test.skipIf(!hasSoffice)('another program reads all of it: words, numbers of lists, boxes, cells', async () => {
    const words = (await converted('draft.docx', await docxDocument(draft, '办法'), 'txt:Text (encoded):UTF8')).toString('utf8');
    const lines = words
      .replace(/^\ufeff/, '')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    expect(lines).toEqual([
      '办法',
      '第一章 总则',
      '普通 & <xml> 链接',
      'control  and half � a pair',
      'second line',
      '3. third',
      expect.stringMatching(/under it$/),
      '4. fourth',
      '1. again from one',
      '☑ done',
      '☐ to do',
      'quoted',
      '区',
      '数',
      'both columns',
      'unknown kind',
    ]);
  });
});
