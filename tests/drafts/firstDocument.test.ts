import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { writeFirstDocument } from '#server/drafts/firstDocument.ts';
import { checkDocument } from '#shared/document/check.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { canonicalDocument, contentHash } from '#shared/document/text.ts';
import type { Json } from '#shared/lib/canonical.ts';
import type { JournalWrite } from '#server/store/ports.ts';

const text = (words: string, ...marks: Json[]): Json => ({ type: 'text', text: words, ...(marks.length === 0 ? {} : { marks }) });
const node = (type: string, content: Json[], attrs?: Json): Json => ({ type, content, ...(attrs === undefined ? {} : { attrs }) });
const paragraph = (...content: Json[]): Json => node('paragraph', content);

/** What lies in the log, read back as a client would. */
async function written(document: Json): Promise<{ readonly doc: Y.Doc; readonly bytes: Uint8Array } | null> {
  const writes: JournalWrite[] = [];
  const commits = {
    write: (write: JournalWrite) => {
      writes.push(write);
      return Promise.resolve({ outcome: 'appended' } as const);
    },
  };
  await writeFirstDocument({ commits, now: () => 1, newSalt: () => 'aa' }, 'draft', document);
  const [write] = writes;
  if (write?.kind !== 'draft') return null;
  const bytes = write.entries[0]?.bytes ?? new Uint8Array();
  const doc = new Y.Doc();
  Y.applyUpdate(doc, bytes);
  return { doc, bytes };
}

test('[TPL2] a text that is copied is the same text, to the hash, and one the server takes', async () => {
  const draft = node('doc', [
    node('heading', [text('第一章')], { level: 2 }),
    paragraph(
      text('plain '),
      text('bold', { type: 'bold' }),
      text(' then plain '),
      text('both', { type: 'bold' }, { type: 'italic' }),
      text('link', { type: 'link', attrs: { href: 'https://example.org/', rel: 'noopener noreferrer nofollow', target: '_blank' } }),
      { type: 'hardBreak' },
      text('after'),
    ),
    node('orderedList', [node('listItem', [paragraph(text('x'))])], { start: 4 }),
    node('taskList', [node('taskItem', [paragraph(text('y'))], { checked: true })]),
    node('table', [node('tableRow', [node('tableCell', [paragraph(text('z'))], { colspan: 2, rowspan: 1 })])]),
    { type: 'horizontalRule' },
    { type: 'paragraph' },
  ]);
  const first = await written(draft);
  const fragment = first?.doc.getXmlFragment(DRAFT_FIELD) ?? new Y.Doc().getXmlFragment(DRAFT_FIELD);
  expect(canonicalDocument(fragment)).toEqual(draft);
  expect(checkDocument(first?.doc ?? new Y.Doc())).toBeNull();
  const again = await written(canonicalDocument(fragment));
  expect(again?.bytes).toEqual(first?.bytes);
  expect(contentHash(again?.doc.getXmlFragment(DRAFT_FIELD) ?? fragment)).toBe(contentHash(fragment));
});

test('[TPL2] an empty text writes nothing', async () => {
  expect(await written({ type: 'doc' })).toBeNull();
});
