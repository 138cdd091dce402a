import { expect, test } from 'vitest';
import { documentOf, draftId, join, logOf, openTestStore, roomId, startDrafts, textOf, until } from './harness.ts';

test('two people who type see the same text, and the log alone yields it', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  ana.type('The square ');
  await until('ana is saved', () => ana.allSaved);
  const ben = await join(drafts, 'ben');
  expect(ben.text).toBe('The square ');
  ben.type('belongs to all.');
  await until('both see all', () => ben.allSaved && ana.text === 'The square belongs to all.');
  expect(ana.text).toBe(ben.text);
  expect(textOf(await documentOf(store))).toBe(ana.text);
  expect((await logOf(store)).map(({ actorId, kind }) => [kind, actorId])).toEqual([
    ['update', 'ana'],
    ['update', 'ben'],
  ]);
  expect(ana.standing?.authors).toEqual({ [ben.doc.clientID]: 'ben' });
  expect(ben.standings[0]).toEqual({ lineage: 'lineage-1', write: true, why: null, authors: { [ana.doc.clientID]: 'ana' } });
  const reading = await drafts.read(roomId, draftId);
  expect(reading).toMatchObject({ text: ana.text, ordinal: 2, lineage: 'lineage-1' });
  await drafts.closeAll();
  expect(ana.closed).toEqual({ code: 1012, reason: 'restart' });
});
