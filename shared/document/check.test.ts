import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { checkDocument, checkTransaction } from './check.ts';
import type { Violation } from './check.ts';
import { DRAFT_FIELD, isSafeHref, MAX_DEPTH, MAX_LIST_START, MAX_TABLE_COLUMNS, MAX_TABLE_ROWS } from './schema.ts';

/** A draft as the server holds it, with one paragraph, and the answer of both checks to one more edit. */
function afterEdit(edit: (draft: Y.XmlFragment, doc: Y.Doc) => void): { transaction: Violation | null; document: Violation | null } {
  const server = new Y.Doc();
  server.getXmlFragment(DRAFT_FIELD).insert(0, [paragraph('第一條')]);
  const writer = new Y.Doc();
  Y.applyUpdate(writer, Y.encodeStateAsUpdate(server));
  edit(writer.getXmlFragment(DRAFT_FIELD), writer);
  const update = Y.encodeStateAsUpdate(writer, Y.encodeStateVector(server));
  let inside: Violation | null = null;
  let handled: Violation | null = null;
  server.on('afterTransactionCleanup', (transaction: Y.Transaction) => {
    handled = checkTransaction(server, transaction);
  });
  server.transact((transaction) => {
    Y.applyUpdate(server, update);
    inside = checkTransaction(server, transaction);
  });
  expect(handled).toEqual(inside);
  return { transaction: inside, document: checkDocument(server) };
}

function refusal(edit: (draft: Y.XmlFragment, doc: Y.Doc) => void): string | undefined {
  const { transaction, document } = afterEdit(edit);
  expect(document?.code).toBe(transaction?.code);
  return transaction?.code;
}

function paragraph(...texts: string[]): Y.XmlElement {
  return element('paragraph', ...texts.map((text) => new Y.XmlText(text)));
}

function element(name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const made = new Y.XmlElement(name);
  made.insert(0, children);
  return made;
}

function withAttribute(name: string, attribute: string, value: unknown): Y.XmlElement {
  const made = new Y.XmlElement(name);
  made.setAttribute(attribute, value as string);
  return made;
}

function marked(attributes: Record<string, unknown>): (draft: Y.XmlFragment) => void {
  return (draft) => {
    const text = new Y.XmlText();
    text.applyDelta([{ insert: 'words', attributes }]);
    draft.insert(0, [element('paragraph', text)]);
  };
}

function inRow(cell: Y.XmlElement): Y.XmlElement {
  return element('table', element('tableRow', cell));
}

/** A table with so many rows of so many cells. */
function table(rows: number, columns: number, name = 'tableCell'): Y.XmlElement {
  const row = () => element('tableRow', ...Array.from({ length: columns }, () => element(name, paragraph('x'))));
  return element('table', ...Array.from({ length: rows }, row));
}

const link = { href: 'https://example.org/法', target: '_blank', rel: 'noopener noreferrer nofollow', class: null, title: null };

describe('[DOC1] content that a draft may hold passes', () => {
  it.each<[string, (draft: Y.XmlFragment) => void]>([
    [
      'headings of three levels',
      (draft) =>
        draft.insert(
          0,
          [1, 2, 3].map((level) => withAttribute('heading', 'level', level)),
        ),
    ],
    [
      'a list in a list',
      (draft) =>
        draft.insert(0, [
          element('bulletList', element('listItem', paragraph('a'), element('orderedList', element('listItem', paragraph('b'))))),
        ]),
    ],
    ['a list that begins with 7', (draft) => draft.insert(0, [withAttribute('orderedList', 'start', 7)])],
    [
      'a quote with a rule and a break',
      (draft) =>
        draft.insert(0, [
          element(
            'blockquote',
            element('paragraph', new Y.XmlText('a'), element('hardBreak'), new Y.XmlText('b')),
            element('horizontalRule'),
          ),
        ]),
    ],
    [
      'tasks, done and open, one in another',
      (draft) => {
        const done = withAttribute('taskItem', 'checked', true);
        done.insert(0, [paragraph('a'), element('taskList', withAttribute('taskItem', 'checked', false))]);
        draft.insert(0, [element('taskList', done)]);
      },
    ],
    ['a table with a row of headings', (draft) => draft.insert(0, [table(1, 3, 'tableHeader'), table(2, 3)])],
    ['a table that lost all its rows, and a row without cells', (draft) => draft.insert(0, [element('table'), table(1, 0)])],
    ['a cell over three columns', (draft) => draft.insert(0, [inRow(withAttribute('tableCell', 'colspan', 3))])],
    [
      'a list in a cell',
      (draft) => draft.insert(0, [inRow(element('tableCell', element('bulletList', element('listItem', paragraph('a')))))]),
    ],
    ['the widest table that two people make at once', (draft) => draft.insert(0, [table(1, 2 * MAX_TABLE_COLUMNS)])],
    ['all marks, and their ends', marked({ bold: {}, italic: {}, strike: {}, link })],
    ['a link with an address alone', marked({ link: { href: 'mailto:office@example.org' } })],
    ['nothing at all', (draft) => draft.delete(0, draft.length)],
    ['an empty list', (draft) => draft.insert(0, [element('bulletList')])],
    [
      'a list item that begins with a quote',
      (draft) => draft.insert(0, [element('bulletList', element('listItem', element('blockquote')))]),
    ],
  ])('%s', (_title, edit) => {
    expect(refusal(edit)).toBeUndefined();
  });

  it('two deletions of the last items of one list meet and leave an empty list', () => {
    const server = new Y.Doc();
    const draft = server.getXmlFragment(DRAFT_FIELD);
    draft.insert(0, [element('bulletList', element('listItem', paragraph('a')), element('listItem', paragraph('b')))]);
    const [ana, ben] = [new Y.Doc(), new Y.Doc()].map((doc) => {
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
      return doc;
    });
    (ana?.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement).delete(0, 1);
    (ben?.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement).delete(1, 1);
    for (const doc of [ana, ben]) Y.applyUpdate(server, Y.encodeStateAsUpdate(doc ?? server));
    expect((draft.get(0) as Y.XmlElement).length).toBe(0);
    expect(checkDocument(server)).toBeNull();
  });

  it('a list nested as deep as allowed, and no deeper', () => {
    const nested = (levels: number): Y.XmlElement =>
      levels === 0 ? paragraph('deep') : element('bulletList', element('listItem', nested(levels - 1)));
    const deepest = (MAX_DEPTH - 2) / 2;
    expect(refusal((draft) => draft.insert(0, [nested(deepest)]))).toBeUndefined();
    expect(refusal((draft) => draft.insert(0, [nested(deepest + 1)]))).toBe('depth');
  });
});

describe('[DOC2] anything else is refused', () => {
  it.each<[string, string, (draft: Y.XmlFragment, doc: Y.Doc) => void]>([
    ['a table in a list', 'place', (draft) => draft.insert(0, [element('bulletList', element('listItem', element('table')))])],
    ['a table in a table', 'place', (draft) => draft.insert(0, [inRow(element('tableCell', element('table')))])],
    ['a cell outside of a row', 'place', (draft) => draft.insert(0, [element('tableCell')])],
    ['a text in a cell', 'place', (draft) => draft.insert(0, [inRow(element('tableCell', new Y.XmlText('x') as unknown as Y.XmlElement))])],
    ['a task in a plain list', 'place', (draft) => draft.insert(0, [element('bulletList', element('taskItem'))])],
    ['a task that is "true"', 'attribute', (draft) => draft.insert(0, [element('taskList', withAttribute('taskItem', 'checked', 'true'))])],
    ['a cell over no column', 'attribute', (draft) => draft.insert(0, [inRow(withAttribute('tableCell', 'colspan', 0))])],
    [
      'a cell over too many columns',
      'attribute',
      (draft) => draft.insert(0, [inRow(withAttribute('tableCell', 'colspan', MAX_TABLE_COLUMNS + 1))]),
    ],
    [
      'a cell over too many rows',
      'attribute',
      (draft) => draft.insert(0, [inRow(withAttribute('tableHeader', 'rowspan', MAX_TABLE_ROWS + 1))]),
    ],
    ['a column of a width', 'attribute', (draft) => draft.insert(0, [inRow(withAttribute('tableCell', 'colwidth', [100]))])],
    ['a row of too many cells', 'size', (draft) => draft.insert(0, [table(1, 2 * MAX_TABLE_COLUMNS + 1)])],
    ['a table of too many rows', 'size', (draft) => draft.insert(0, [table(2 * MAX_TABLE_ROWS + 1, 1)])],
    ['a script node', 'node', (draft) => draft.insert(0, [element('script', new Y.XmlText('alert(1)'))])],
    ['a script inside a paragraph', 'node', (draft) => (draft.get(0) as Y.XmlElement).insert(0, [element('script')])],
    ['an image', 'node', (draft) => draft.insert(0, [withAttribute('image', 'src', 'https://example.org/x.png')])],
    ['a code block', 'node', (draft) => draft.insert(0, [element('codeBlock')])],
    ['a node named __proto__', 'node', (draft) => draft.insert(0, [element('__proto__')])],
    ['a node named constructor', 'node', (draft) => draft.insert(0, [element('constructor')])],
    ['a node named text', 'node', (draft) => (draft.get(0) as Y.XmlElement).insert(0, [element('text')])],
    ['a text at the top', 'place', (draft) => draft.insert(0, [new Y.XmlText('loose')])],
    ['a text in a list', 'place', (draft) => draft.insert(0, [element('bulletList', new Y.XmlText('loose') as unknown as Y.XmlElement)])],
    ['a paragraph in a paragraph', 'place', (draft) => (draft.get(0) as Y.XmlElement).insert(0, [paragraph('in')])],
    ['a list item at the top', 'place', (draft) => draft.insert(0, [element('listItem')])],
    ['something in a hard break', 'place', (draft) => (draft.get(0) as Y.XmlElement).insert(0, [element('hardBreak', new Y.XmlText('x'))])],
    ['an attribute on a paragraph', 'attribute', (draft) => (draft.get(0) as Y.XmlElement).setAttribute('onclick', 'alert(1)')],
    ['a heading of level 99', 'attribute', (draft) => draft.insert(0, [withAttribute('heading', 'level', 99)])],
    ['a heading of level "1"', 'attribute', (draft) => draft.insert(0, [withAttribute('heading', 'level', '1')])],
    ['a list that begins with 0', 'attribute', (draft) => draft.insert(0, [withAttribute('orderedList', 'start', 0)])],
    [
      'a list that begins beyond the last number',
      'attribute',
      (draft) => draft.insert(0, [withAttribute('orderedList', 'start', MAX_LIST_START + 1)]),
    ],
    ['a list of type a', 'attribute', (draft) => draft.insert(0, [withAttribute('orderedList', 'type', 'a')])],
    ['an attribute that is an object', 'attribute', (draft) => draft.insert(0, [withAttribute('heading', 'level', { valueOf: 1 })])],
    ['an attribute that is a type', 'attribute', (draft) => draft.insert(0, [withAttribute('heading', 'level', new Y.Map())])],
    ['an attribute that is a text', 'attribute', (draft) => draft.insert(0, [withAttribute('heading', 'level', new Y.Text('1'))])],
    ['an attribute that is bytes', 'attribute', (draft) => draft.insert(0, [withAttribute('heading', 'level', new Uint8Array(3))])],
    ['an attribute that is a document', 'attribute', (draft) => draft.insert(0, [withAttribute('heading', 'level', new Y.Doc())])],
    ['an attribute on a text', 'attribute', (draft) => ((draft.get(0) as Y.XmlElement).get(0) as Y.XmlText).setAttribute('class', 'x')],
    ['code as a mark', 'mark', marked({ code: {} })],
    ['underline as a mark', 'mark', marked({ underline: {} })],
    ['a mark named __proto__', 'mark', marked(JSON.parse('{"__proto__": {}}') as Record<string, unknown>)],
    ['bold with a hash in its name', 'mark', marked({ 'bold--AAAAAAAA': {} })],
    ['bold that is true', 'mark', marked({ bold: true })],
    ['bold with an attribute', 'mark', marked({ bold: { style: 'x' } })],
    ['bold that is a list', 'mark', marked({ bold: [] })],
    ['a link without an address', 'mark', marked({ link: { target: '_blank' } })],
    ['a link to javascript:', 'mark', marked({ link: { ...link, href: 'javascript:alert(1)' } })],
    ['a link with a class', 'mark', marked({ link: { ...link, class: 'admin' } })],
    ['a link with another target', 'mark', marked({ link: { ...link, target: '_top' } })],
    ['a link with a handler', 'mark', marked({ link: { ...link, onclick: 'alert(1)' } })],
    [
      'something embedded in a text',
      'content',
      (draft) => ((draft.get(0) as Y.XmlElement).get(0) as Y.XmlText).insertEmbed(0, { image: 'x' }),
    ],
    ['a type embedded in a text', 'content', (draft) => ((draft.get(0) as Y.XmlElement).get(0) as Y.XmlText).insertEmbed(0, new Y.Map())],
    ['another root', 'root', (_draft, doc) => doc.getText('hidden').insert(0, 'x')],
    ['another root that is a map', 'root', (_draft, doc) => doc.getMap('hidden').set('a', 1)],
    [
      'another root that was emptied again',
      'root',
      (_draft, doc) => {
        doc.getText('hidden').insert(0, 'x');
        doc.getText('hidden').delete(0, 1);
      },
    ],
    ['a root named __proto__', 'root', (_draft, doc) => doc.getMap('__proto__').set('a', 1)],
    ['a map among the blocks', 'content', (draft) => draft.insert(0, [new Y.Map() as unknown as Y.XmlElement])],
    ['an array in a paragraph', 'content', (draft) => (draft.get(0) as Y.XmlElement).insert(0, [new Y.Array() as unknown as Y.XmlElement])],
    ['a plain text among the blocks', 'content', (draft) => draft.insert(0, [new Y.Text('x') as unknown as Y.XmlText])],
    ['a fragment among the blocks', 'content', (draft) => draft.insert(0, [new Y.XmlFragment() as unknown as Y.XmlElement])],
    ['a hook among the blocks', 'content', (draft) => draft.insert(0, [new Y.XmlHook('x') as unknown as Y.XmlElement])],
  ])('%s', (_title, code, edit) => {
    expect(refusal(edit)).toBe(code);
  });

  it('entries in the map of the draft itself', () => {
    expect(
      refusal((_draft, doc) => {
        // The root is named before anything says what kind it is, so a map of that name writes into it.
        const forged = new Y.Doc();
        forged.getMap(DRAFT_FIELD).set('a', 1);
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(forged));
      }),
    ).toBe('root');
  });

  it('plain values among the blocks', () => {
    expect(
      refusal((_draft, doc) => {
        const forged = new Y.Doc();
        forged.getArray(DRAFT_FIELD).insert(0, ['a', 1, { b: 2 }]);
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(forged));
      }),
    ).toBe('content');
  });

  it('characters among the blocks', () => {
    expect(
      refusal((_draft, doc) => {
        const forged = new Y.Doc();
        forged.getText(DRAFT_FIELD).insert(0, 'loose', { bold: {} });
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(forged));
      }),
    ).toBe('content');
  });

  it('ten thousand quotes inside each other, without exhausting the stack', () => {
    const forged = new Y.Doc();
    forged.transact(() => {
      let at: Y.XmlFragment = forged.getXmlFragment(DRAFT_FIELD);
      for (let level = 0; level < 10_000; level += 1) {
        const inner = new Y.XmlElement('blockquote');
        at.insert(0, [inner]);
        at = inner;
      }
    });
    expect(checkDocument(forged)?.code).toBe('depth');
    expect(refusal((_draft, doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(forged)))).toBe('depth');
  });

  it('a hundred thousand maps inside each other', () => {
    const forged = new Y.Doc();
    forged.transact(() => {
      let at = new Y.Map<unknown>();
      forged.getArray(DRAFT_FIELD).insert(0, [at]);
      for (let level = 0; level < 100_000; level += 1) {
        const inner = new Y.Map<unknown>();
        at.set('a', inner);
        at = inner;
      }
    });
    expect(refusal((_draft, doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(forged)))).toBe('content');
  });
});

describe('[DOC3] the check looks at what changed only', () => {
  it('old trouble is not found again by a later, harmless edit, but by the check of the whole', () => {
    const doc = new Y.Doc();
    const draft = doc.getXmlFragment(DRAFT_FIELD);
    draft.insert(0, [element('script')]);
    let seen: Violation | null | undefined;
    doc.transact((transaction) => {
      draft.insert(1, [paragraph('fine')]);
      seen = checkTransaction(doc, transaction);
    });
    expect(seen).toBeNull();
    expect(checkDocument(doc)?.code).toBe('node');
  });

  it('content that was added and deleted in one transaction, and deletions, are of no concern', () => {
    expect(
      refusal((draft) => {
        draft.insert(0, [element('script')]);
        draft.delete(0, 1);
      }),
    ).toBeUndefined();
  });
});

describe('[DOC4] addresses of links', () => {
  it.each([
    'https://example.org',
    'HTTP://example.org:8080/a?b=c#d',
    'https://zh.example.org/公民投票法',
    'https://example.org/@ana',
    'mailto:office@example.org',
    'mailto:office@example.org?subject=hello',
  ])('%s may stand', (href) => {
    expect(isSafeHref(href)).toBe(true);
  });

  it.each([
    '',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    '\u0000javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'javascript&colon;alert(1)',
    'javascript:https://example.org',
    'vbscript:x',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://example.org/1',
    'file:///etc/passwd',
    'ftp://example.org',
    '//example.org',
    '/path',
    '#here',
    'example.org',
    'https:example.org',
    'https:/example.org',
    'https:///example.org',
    'https:\\\\example.org',
    'https://bank.example@evil.example/',
    'https://exa mple.org',
    ' https://example.org',
    'https://example.org\n',
    'https://example.org/\u202egro.elpmaxe',
    'https://example.org/\u200b',
    'https://example.org/"onmouseover="x',
    'mailto:',
    'mailto:a@b@c',
    'mailto:javascript:alert(1)',
    `https://example.org/${'a'.repeat(2_000)}`,
    null,
    undefined,
    1,
    {},
    ['https://example.org'],
  ])('%j may not', (href) => {
    expect(isSafeHref(href)).toBe(false);
  });
});
