import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { plainDocument, textAt } from '#shared/document/history/textAt.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { canonicalDocument } from '#shared/document/text.ts';
import type { DraftEntry } from '../store/ports.ts';
import { entryDigest } from './entries.ts';
import { Histories } from './histories.ts';
import { DraftDamaged } from './load.ts';

/** A log of somebody who types letter by letter and takes every third letter back. */
function typedLog(letters: number): { entries: DraftEntry[]; doc: Y.Doc } {
  const doc = new Y.Doc();
  doc.clientID = 7;
  const entries: DraftEntry[] = [];
  doc.on('update', (bytes: Uint8Array) => {
    const entry = { draftId: 'd', ordinal: entries.length + 1, kind: 'update' as const, actorId: 'ana', at: 1_000 * entries.length, bytes };
    entries.push({ ...entry, digest: entryDigest(entries.at(-1)?.digest ?? '', entry) });
  });
  const text = new Y.XmlText();
  doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    doc.getXmlFragment(DRAFT_FIELD).push([paragraph]);
    paragraph.push([text]);
  });
  for (let n = 0; n < letters; n += 1) {
    text.insert(text.length, String.fromCharCode(97 + (n % 26)));
    if (n % 3 === 2) text.delete(text.length - 2, 1);
  }
  return { entries, doc };
}

const told = { id: 'd', lineage: 'l', erased: [] };
const wanted = { most: 600, cuts: [], times: [] };

function journalOf(entries: readonly DraftEntry[]) {
  return {
    reads: 0,
    readDraft(_draftId: string, after: number, limit: number): Promise<readonly DraftEntry[]> {
      this.reads += 1;
      return Promise.resolve(entries.slice(after, after + limit));
    },
  };
}

test('[HI5] a history is the log as it is now, read on from where it was read to', async () => {
  const { entries, doc } = typedLog(700);
  const journal = journalOf(entries);
  const histories = new Histories(journal);
  const first = await histories.draft(told, wanted);
  expect(first.ordinal).toBe(entries.length);
  const { reads } = journal;
  doc.getXmlFragment(DRAFT_FIELD).push([new Y.XmlElement('horizontalRule')]);
  const again = await histories.draft(told, wanted);
  // The tail, and the look whether anything is behind it.
  expect(journal.reads - reads).toBe(2);
  expect(plainDocument(textAt(again, again.moments.length - 1))).toEqual(canonicalDocument(doc.getXmlFragment(DRAFT_FIELD)));
  expect(plainDocument(textAt(await histories.at(told, entries.length - 1), 0))).toEqual(
    plainDocument(textAt(first, first.moments.length - 1)),
  );
  histories.close();
});

test('[HI5] a log that does not hold together is an error each time, and another draft is not touched by it', async () => {
  const { entries } = typedLog(20);
  const changed = entries.with(9, { ...(entries[9] as DraftEntry), actorId: 'ben' });
  const missing = entries.toSpliced(9, 1);
  const histories = new Histories({
    readDraft: (draftId, after, limit) =>
      Promise.resolve(({ changed, missing, good: entries }[draftId] ?? []).filter(({ ordinal }) => ordinal > after).slice(0, limit)),
  });
  for (const draftId of ['changed', 'missing', 'changed']) {
    await expect(histories.draft({ ...told, id: draftId }, wanted)).rejects.toThrow(DraftDamaged);
  }
  expect((await histories.draft({ ...told, id: 'good' }, wanted)).ordinal).toBe(entries.length);
  expect((await histories.draft({ ...told, id: 'none' }, wanted)).moments).toEqual([]);
  histories.close();
});

test('[HI6] the answer follows from the text, not from how many entries it took', async () => {
  const { entries } = typedLog(5_000);
  const histories = new Histories(journalOf(entries));
  const begun = performance.now();
  const draft = await histories.draft(told, wanted);
  const ms = Math.round(performance.now() - begun);
  const text = textAt(draft, draft.moments.length - 1)
    .flatMap(({ content = [] }) => content)
    .reduce((sum, node) => sum + ('text' in node ? node.text.length : 0), 0);
  const size = JSON.stringify(draft).length;
  console.log(`${entries.length} entries, a text of ${text} characters, an answer of ${size} characters in ${ms} ms`);
  expect(text).toBeGreaterThan(3_000);
  // Every third letter was taken back, so a stretch is two letters long: as cut up as a text can be.
  expect(size).toBeLessThan(40 * text);
  histories.close();
});
