import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { getSchema } from '@tiptap/core';
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { draftExtensions } from '#client/lib/drafts/extensions.ts';
import { readText } from '#client/lib/drafts/reading/readText.ts';
import type { ReadText } from '#client/lib/drafts/reading/readText.ts';
import { inertDocument } from '../support/inertDocument.ts';
import { converted, hasSoffice } from '../support/soffice.ts';

const laws = '../shared/data/drafts-zh-laws/university-act.jsonl.gz';
const schema = getSchema(draftExtensions());
const parts = { schema, parse: inertDocument };

function law(): { readonly title: string; readonly text: string } {
  const lines = gunzipSync(readFileSync(laws)).toString('utf8').trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '') as { title: string; text: string };
}

/** The lines of a text without its marks, as they should stand in a draft: one for each paragraph and heading. */
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/^#+ /, '').replace(/ +/g, ' ').trim())
    .filter((line) => line !== '');

const read = async (source: Parameters<typeof readText>[0]): Promise<ReadText> => {
  const answer = await readText(source, parts);
  if (typeof answer === 'string') throw new Error(answer);
  return answer;
};

const blocksOf = ({ document }: ReadText): readonly (readonly [string, string])[] =>
  document.children.map((node) => [node.type.name === 'heading' ? `h${String(node.attrs.level)}` : node.type.name, node.textContent]);

describe.skipIf(!existsSync(laws))('[IMP1] a law becomes a draft', () => {
  test('from Markdown: a heading for each article, a paragraph for each line', async () => {
    const { text } = law();
    const got = await read({ kind: 'file', name: 'law.md', bytes: new TextEncoder().encode(text) });
    expect(got.lost).toEqual({});
    expect(blocksOf(got).map(([, words]) => words)).toEqual(linesOf(text));
    expect(blocksOf(got).filter(([kind]) => kind === 'h2').length).toBe(text.match(/^## /gm)?.length);
  });

  // Without LibreOffice on the machine this shows as skipped.
  test.skipIf(!hasSoffice)('[IMP2] from a Word file that another program wrote', async () => {
    const { text, title } = law();
    const table =
      '<table border="1"><thead><tr><th>版本</th><th>日期</th></tr></thead><tbody><tr><td>十五</td><td>民國108年</td></tr></tbody></table>';
    const list = '<ul><li>校長</li><li>教授<ol><li>專任</li><li>兼任</li></ol></li></ul>';
    const body = `${await marked.parse(text.replace(/\n(?=[^\n#])/g, '\n\n'))}${table}${list}<p>甲<b>乙</b><i>丙</i><u>丁</u></p>`;
    const html = `<html><head><meta charset="utf-8"><title>${title}</title></head><body>${body}</body></html>`;
    const bytes = await converted('law.html', html, 'docx:MS Word 2007 XML');
    const got = await read({ kind: 'file', name: 'law.docx', bytes });
    const blocks = blocksOf(got);
    const written = linesOf(text);
    expect(blocks.slice(0, written.length).map(([, words]) => words)).toEqual(written);
    expect(blocks.filter(([kind]) => kind === 'h2').length).toBe(text.match(/^## /gm)?.length);
    const rest = got.document.children.slice(written.length).map((node) => node.toString());
    expect(rest).toEqual([
      'table(tableRow(tableHeader(paragraph("版本")), tableHeader(paragraph("日期"))), tableRow(tableCell(paragraph("十五")), tableCell(paragraph("民國108年"))))',
      'bulletList(listItem(paragraph("校長")), listItem(paragraph("教授"), orderedList(listItem(paragraph("專任")), listItem(paragraph("兼任")))))',
      'paragraph("甲", bold("乙"), italic("丙"), "丁")',
    ]);
    expect(got.lost).toEqual({ styles: 1 });
  });
});
