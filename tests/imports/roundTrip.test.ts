import { getSchema } from '@tiptap/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftExtensions } from '#client/lib/drafts/extensions.ts';
import { readText } from '#client/lib/drafts/reading/readText.ts';
import type { Source } from '#client/lib/drafts/reading/readText.ts';
import { docxDocument } from '#server/exports/docx.ts';
import { htmlDocument } from '#shared/document/export/html.ts';
import { markdownOf } from '#shared/document/export/markdown.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { inertDocument } from '../support/inertDocument.ts';

const schema = getSchema(draftExtensions());

type Node = { readonly type: string; readonly [key: string]: Json };

const text = (words: string, ...marks: string[]): Node => ({ type: 'text', text: words, marks: marks.map((type) => ({ type })) });
const linked = (words: string, href: string): Node => ({ type: 'text', text: words, marks: [{ type: 'link', attrs: { href } }] });
const node = (type: string, content: readonly Json[], attrs: Json = {}): Node => ({ type, content, attrs });
const paragraph = (...content: readonly Json[]): Node => node('paragraph', content);

/** What the editor makes of JSON: the form in which two drafts are compared. */
const settled = (json: Json): unknown => schema.nodeFromJSON(json).toJSON();

async function read(source: Source): Promise<unknown> {
  const answer = await readText(source, { schema, parse: inertDocument });
  if (typeof answer === 'string') throw new Error(answer);
  return answer.document.toJSON();
}
const file = (name: string, content: string | Uint8Array): Source => ({
  kind: 'file',
  name,
  bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
});

const draft = node('doc', [
  node('heading', [text('第一章 总则')], { level: 1 }),
  paragraph(
    text('为了'),
    text('“商量”', 'bold'),
    text('，'),
    text('制定', 'italic'),
    text('本', 'strike'),
    linked('办法', 'https://example.org/a_(b)?c=1&d=2'),
  ),
  node('heading', [text('Second level')], { level: 2 }),
  node('orderedList', [
    node('listItem', [paragraph(text('one')), node('bulletList', [node('listItem', [paragraph(text('under'))])])]),
    node('listItem', [paragraph(text('two'))]),
  ]),
  node('taskList', [
    node('taskItem', [paragraph(text('done'))], { checked: true }),
    node('taskItem', [paragraph(text('open'))], { checked: false }),
  ]),
  node('blockquote', [paragraph(text('quoted'))]),
  node('table', [
    node('tableRow', [node('tableHeader', [paragraph(text('区'))]), node('tableHeader', [paragraph(text('数|量'))])]),
    node('tableRow', [node('tableCell', [paragraph(text('a'))]), node('tableCell', [paragraph(text('b')), paragraph(text('c'))])]),
  ]),
  paragraph(text('first line'), { type: 'hardBreak' }, text('second line')),
]);

describe('[EXP3] what was taken out is read back the same', () => {
  test('as HTML', async () => {
    const page = htmlDocument(draft, '');
    expect(await read(file('draft.html', page))).toEqual(settled(draft));
  });

  test('as Markdown', async () => {
    expect(await read(file('draft.md', markdownOf(draft)))).toEqual(settled(withLines(draft)));
  });

  test('as a Word file, boxes of tasks as signs', async () => {
    const got = JSON.stringify(await read(file('draft.docx', await docxDocument(draft, ''))));
    const written = JSON.stringify(settled(asWord(draft)));
    expect(JSON.parse(got)).toEqual(JSON.parse(written));
  });

  test('as Markdown, whatever words and marks', async () => {
    const words = fc.string({
      unit: fc.constantFrom(...'ab中文。“”*_`~[]()#>-+.!\\&<| 1', '&amp;', '**', '1. '),
      minLength: 1,
      maxLength: 8,
    });
    const marks = fc.uniqueArray(fc.constantFrom('bold', 'italic', 'strike'), { maxLength: 3 });
    const inline = fc.array(fc.tuple(words, marks), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(inline, { minLength: 1, maxLength: 3 }), async (paragraphs) => {
        const json = node(
          'doc',
          paragraphs.map((pieces) => paragraph(...pieces.map(([piece, names]) => text(piece, ...names)))),
        );
        const markdown = markdownOf(json);
        if (markdown.trim() === '') return;
        expect(meaning(await read(file('draft.md', markdown))), markdown).toEqual(meaning(settled(json)));
      }),
      { numRuns: 400, verbose: 1 },
    );
  });
});

/** Markdown has no paragraphs inside a cell: they are lines. */
function withLines(json: Json): Json {
  return mapNodes(json, (one) =>
    one.type === 'tableCell' || one.type === 'tableHeader'
      ? {
          ...one,
          content: [
            paragraph(
              ...((one.content as Node[] | undefined) ?? []).flatMap((block, index) => [
                ...(index > 0 ? [{ type: 'hardBreak' }] : []),
                ...(block.content as Json[]),
              ]),
            ),
          ],
        }
      : one,
  );
}

/** Word has no boxes: signs stand in. The words of a table's head are bold there. */
function asWord(json: Json): Json {
  return mapNodes(json, (one) => {
    if (one.type === 'doc') {
      const flat = ((one.content as Node[] | undefined) ?? []).flatMap((block): Node[] =>
        block.type === 'taskList'
          ? (block.content as unknown as Node[]).map((item) => {
              const box = (item.attrs as { checked?: boolean }).checked === true ? '☑ ' : '☐ ';
              const [first] = item.content as unknown as [Node];
              const [words] = first.content as unknown as [{ text: string }];
              return paragraph(text(`${box}${words.text}`));
            })
          : [block],
      );
      return { ...one, content: flat };
    }
    if (one.type !== 'tableHeader') return one;
    const bold = (block: Node): Node => ({
      ...block,
      content: (block.content as unknown as Node[]).map(({ text: words }) => text(String(words), 'bold')),
    });
    return { ...one, content: (one.content as unknown as Node[]).map(bold) };
  });
}

function mapNodes(json: Json, change: (one: Node) => Node): Json {
  const one = json as Node;
  const content = one.content as unknown as Json[] | undefined;
  return change(content === undefined ? one : { ...one, content: content.map((child) => mapNodes(child, change)) });
}

/** Each character with its marks, white space made one; marks on white space are nobody's to see. Empty paragraphs are none. */
function meaning(json: unknown): readonly string[] {
  const { content = [] } = json as { content?: { content?: { text?: string; marks?: { type: string }[] }[] }[] };
  return content
    .map(({ content: pieces = [] }) =>
      pieces
        .map(({ text: words = '', marks = [] }) => {
          const names = marks
            .map(({ type }) => type[0])
            .sort()
            .join('');
          return [...words].map((character) => (/\s/.test(character) ? ' ' : `${character}${names}|`)).join('');
        })
        .join('')
        .replace(/ +/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
}
