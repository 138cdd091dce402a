import { describe, expect, test } from 'vitest';
import type { Json } from '../../lib/canonical.ts';
import { htmlDocument, htmlOf } from './html.ts';
import { markdownDocument, markdownOf } from './markdown.ts';

const text = (words: string, ...marks: Json[]): Json => ({ type: 'text', text: words, ...(marks.length === 0 ? {} : { marks }) });
const bold: Json = { type: 'bold' };
const italic: Json = { type: 'italic' };
const strike: Json = { type: 'strike' };
const link = (href: string): Json => ({ type: 'link', attrs: { href } });
const paragraph = (...content: Json[]): Json => ({ type: 'paragraph', content });
const heading = (level: number, words: string): Json => ({ type: 'heading', attrs: { level }, content: [text(words)] });
const node = (type: string, content: Json[], attrs?: Json): Json => ({ type, content, ...(attrs === undefined ? {} : { attrs }) });
const doc = (...content: Json[]): Json => ({ type: 'doc', content });
const item = (...content: Json[]): Json => node('listItem', content);
const cell = (words: string, attrs?: Json): Json => node('tableCell', [paragraph(text(words))], attrs);
const head = (words: string): Json => node('tableHeader', [paragraph(text(words))]);
const row = (...cells: Json[]): Json => node('tableRow', cells);

describe('[EXP1] a draft as Markdown', () => {
  test('headings, paragraphs, rules, quotations, lists in lists', () => {
    const draft = doc(
      heading(1, '总则'),
      paragraph(text('第一条。')),
      { type: 'horizontalRule' },
      node('blockquote', [paragraph(text('quoted')), paragraph(text('twice'))]),
      node(
        'orderedList',
        [
          item(paragraph(text('three')), node('bulletList', [item(paragraph(text('a'))), item(paragraph(text('b')))])),
          item(paragraph(text('four'))),
        ],
        {
          start: 3,
        },
      ),
      node('taskList', [
        node('taskItem', [paragraph(text('done'))], { checked: true }),
        node('taskItem', [paragraph(text('open'))], { checked: false }),
      ]),
    );
    const lines = [
      '# 办法 #1',
      '',
      '# 总则',
      '',
      '第一条。',
      '',
      '---',
      '',
      '> quoted',
      '>',
      '> twice',
      '',
      '3. three',
      '   - a',
      '   - b',
      '4. four',
      '',
      '<!-- -->',
      '',
      '- [x] done',
      '- [ ] open',
      '',
    ];
    expect(markdownDocument(draft, '办法 #1').split('\n')).toEqual(lines);
  });

  test('what would be markup is escaped, at the beginning of a line and inside', () => {
    const lines = [
      '# no heading',
      '1. no list',
      '- none',
      '> none',
      '---',
      '===',
      '*a* _b_ `c` [d](e) <i> ~~f~~ \\ &amp; snake_case',
      '| a | b |',
    ];
    const draft = doc(...lines.map((line) => paragraph(text(line))));
    expect(markdownOf(draft).split('\n\n')).toEqual([
      '\\# no heading',
      '1\\. no list',
      '\\- none',
      '\\> none',
      '\\---',
      '\\===',
      '\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<i> \\~\\~f\\~\\~ \\\\ &amp;amp; snake_case',
      '| a | b |\n',
    ]);
  });

  test.each([
    [
      'a mark between letters and punctuation would not count',
      [text('称'), text('“商量”', bold), text('者')],
      '称<strong>“商量”</strong>者',
    ],
    ['between letters it counts', [text('称'), text('商量', bold), text('者')], '称**商量**者'],
    ['marks nest', [text('a '), text('b', bold), text('c', bold, italic), text(' d')], 'a <strong>b*c*</strong> d'],
    ['marks side by side do not run into each other', [text('a', bold), text('b', italic)], '<strong>a</strong>*b*'],
    ['white space stays outside', [text('a'), text(' b ', strike), text('c')], 'a ~~b~~ c'],
    [
      'a link holds marked words',
      [text('see '), text('the ', link('https://a.example/x_(y)')), text('law', link('https://a.example/x_(y)'), bold)],
      'see [the **law**](<https://a.example/x_(y)>)',
    ],
    ['an address that no draft may hold is none', [text('x', link('javascript:alert(1)'))], 'x'],
    ['a hard break', [text('a'), { type: 'hardBreak' }, text('- b')], 'a\\\n\\- b'],
  ] as const)('%s', (_title, content, written) => {
    expect(markdownOf(doc(paragraph(...content)))).toBe(`${written}\n`);
  });

  test('a table, and one that Markdown cannot say', () => {
    const plain = node('table', [
      row(head('a'), head('b|c')),
      row(cell('1'), node('tableCell', [paragraph(text('2')), paragraph(text('3'))])),
    ]);
    expect(markdownOf(doc(plain))).toBe('| a | b\\|c |\n| --- | --- |\n| 1 | 2<br>3 |\n');
    const spanning = node('table', [row(cell('<wide>', { colspan: 2 }))]);
    expect(markdownOf(doc(spanning))).toBe('<table><tr><td colspan="2"><p>&lt;wide&gt;</p></td></tr></table>\n');
  });

  test('an unknown node keeps its words', () => {
    expect(markdownOf(doc(node('callout', [paragraph(text('a')), node('aside', [text('b', bold)])])))).toBe('a\n\n**b**\n');
  });
});

describe('[EXP1] a draft as HTML', () => {
  test('is escaped to the letter and runs nothing', () => {
    const page = htmlDocument(
      doc(paragraph(text('<script>alert(1)</script> & "', bold), text('x', link('https://a.example/?a=1&b="2')))),
      '</title><script>x</script>',
    );
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;');
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('<html lang="en">');
    expect(htmlDocument(doc(paragraph(text('商量'))), 'x')).toContain('<html lang="zh">');
  });

  test('tasks, tables, lists and unknown nodes', () => {
    const draft = doc(
      node('taskList', [node('taskItem', [paragraph(text('x'))], { checked: true })]),
      node('orderedList', [item(paragraph(text('y')))], { start: 4 }),
      node('table', [row(head('h')), row(cell('c', { rowspan: 2 }))]),
      node('strange', [text('words')]),
    );
    expect(htmlOf(draft).replace(/\n/g, '')).toBe(
      '<ul class="tasks" data-type="taskList"><li data-type="taskItem" data-checked="true"><input type="checkbox" disabled checked><div><p>x</p></div></li></ul>' +
        '<ol start="4"><li><p>y</p></li></ol>' +
        '<table><tr><th><p>h</p></th></tr><tr><td rowspan="2"><p>c</p></td></tr></table>' +
        '<p>words</p>',
    );
  });

  test('whatever is no document is an empty one', () => {
    for (const json of [null, 'x', [], { type: 7 }, { type: 'doc', content: [null, 'x', { type: 'text' }, { content: [] }] }] as Json[]) {
      expect(htmlOf(json).replace(/\n/g, '')).toBe(json !== null && typeof json === 'object' && 'content' in json ? '<p></p>' : '');
      expect(markdownOf(json)).toBe('');
    }
  });
});
