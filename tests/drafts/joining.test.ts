import { expect, test } from 'vitest';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import { newSalt } from '#server/access/secrets.ts';
import { writeFirstText } from '#server/drafts/firstText.ts';
import { createGroupCommit } from '#server/store/groupCommit.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import { documentOf, draftId, join, lineage, logOf, openTestStore, Person, roomId, startDrafts, textOf, until } from './harness.ts';

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
  expect((await logOf(store)).map(({ ordinal, actorId, kind }) => [ordinal, kind, actorId])).toEqual([
    [1, 'update', 'ana'],
    [2, 'update', 'ben'],
  ]);
  expect(ana.standing?.authors).toEqual({ [ben.doc.clientID]: 'ben' });
  expect(ben.standings[0]).toEqual({ lineage, write: true, why: null, authors: { [ana.doc.clientID]: 'ana' } });
  expect(drafts.counts()).toMatchObject({ openDrafts: 1, connections: 2 });
});

test('[DR11] what is read, sealed and resolved is the durable text', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const anchors = await writeFirstText(
    { commits: createGroupCommit(store.journal, { turnMs: 1 }), now: Date.now, newSalt },
    draftId,
    ['公园拆除围墙。', '出入口对正人行横道。'],
    ['出入口', 'nowhere'],
  );
  expect(anchors[1]).toBeNull();
  const reading = await drafts.read(roomId, draftId);
  expect(reading).toMatchObject({ text: '公园拆除围墙。\n出入口对正人行横道。', ordinal: 1, lineage });
  const [place] = await drafts.resolve(roomId, draftId, anchors[0] === null || anchors[0] === undefined ? [] : [anchors[0]]);
  expect(place).toMatchObject({ place: 'exact', from: 8, to: 11 });

  await drafts.barrier(roomId, [draftId]);
  const sealed = await drafts.seal(roomId, draftId);
  const log = await logOf(store);
  const clauses = [
    [1, 0],
    [1, 9],
  ];
  expect(sealed).toEqual({ lineage, ordinal: 2, logDigest: log[1]?.digest, contentHash: reading.contentHash, clauses });
  expect(log[1]).toMatchObject({ kind: 'barrier', actorId: 'system' });

  // A start that was cut short does the same again, and nothing follows from it.
  const commits = createGroupCommit(store.journal, { turnMs: 1 });
  expect(
    await writeFirstText({ commits, now: Date.now, newSalt }, draftId, ['公园拆除围墙。', '出入口对正人行横道。'], ['出入口']),
  ).toEqual([anchors[0]]);
  expect(await logOf(store)).toHaveLength(2);
});

test('[DR20] who may not join is told what to do', async () => {
  const store = await openTestStore();
  const { drafts, access } = startDrafts(store);
  const codeOf = (options: ConstructorParameters<typeof Person>[2], name = 'ana'): number | undefined =>
    new Person(drafts, name, options).closed?.code;
  expect(codeOf({ editorVersion: 0 })).toBe(4406);
  expect(codeOf({ editorVersion: Number.NaN })).toBe(4406);
  expect(codeOf({ lineage: 'another' })).toBe(4409);
  expect(codeOf({ lineage })).toBeUndefined();
  access.mayNotRead.set('eve', { code: 'notAllowed' }).set('dan', { code: 'removed' });
  expect(codeOf({}, 'eve')).toBe(4403);
  expect(codeOf({}, 'dan')).toBe(4440);
  access.lineage = null;
  expect(codeOf({})).toBe(4404);
  expect(await logOf(store)).toEqual([]);
});

test('[DR14] a draft that cannot be read is an error to who joins, never an empty text', async () => {
  const store = await openTestStore();
  let broken = true;
  const { drafts } = startDrafts(store, {
    journal: (journal) => ({
      ...journal,
      readDraft: (...request) => (broken ? Promise.reject(new StoreUnavailable('no')) : journal.readDraft(...request)),
    }),
  });
  const ana = await join(drafts, 'ana');
  expect(ana.closed).toEqual({ code: 1013, reason: 'storeUnavailable' });
  expect(ana.synced).toBe(false);
  await expect(drafts.read(roomId, draftId)).rejects.toThrow(StoreUnavailable);
  broken = false;
  const again = await join(drafts, 'ana', { doc: ana.doc });
  again.type('still here');
  await until('it is saved', () => again.allSaved);
  expect((await drafts.read(roomId, draftId)).text).toBe('still here');
});

test('[DR3] a log with a changed entry is not loaded', async () => {
  const store = await openTestStore();
  const first = startDrafts(store);
  const ana = await join(first.drafts, 'ana');
  for (const words of ['one ', 'two ', 'three']) ana.type(words);
  await until('it is saved', () => ana.allSaved);
  for (const change of ['actorId', 'missing'] as const) {
    const { drafts } = startDrafts(store, {
      journal: (journal) => ({
        ...journal,
        readDraft: async (...request) => {
          const entries = await journal.readDraft(...request);
          if (change === 'missing') return entries.filter(({ ordinal }) => ordinal !== 2);
          return entries.map((entry) => (entry.ordinal === 2 ? { ...entry, actorId: 'eve' } : entry));
        },
      }),
    });
    const ben = await join(drafts, 'ben');
    expect(ben.closed?.code).toBe(4424);
    await expect(drafts.read(roomId, draftId)).rejects.toThrow('entry 2');
  }
});

test('[DR3] the times of entries never go back, whatever the clock does', async () => {
  const store = await openTestStore();
  let now = 1_000_000;
  const { drafts } = startDrafts(store, { parts: { now: () => (now -= 100) } });
  const ana = await join(drafts, 'ana');
  for (const words of ['one ', 'two ', 'three']) {
    ana.type(words);
    await until('saved', () => ana.allSaved);
  }
  const times = (await logOf(store)).map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('[DR2] a socket that has not asked for the draft gets no updates that mean nothing to it', async () => {
  const { drafts } = startDrafts(await openTestStore());
  const types: number[][] = [];
  drafts.connect(
    { send: (bytes) => types.push([...bytes.slice(0, 2)]), close: () => undefined, bufferedBytes: 0 },
    { roomId, draftId, actor: { kind: 'participant', id: 'quiet' }, presence: null, editorVersion: EDITOR_VERSION, lineage: null },
  );
  const ana = await join(drafts, 'ana');
  ana.type('words');
  await until('saved', () => ana.allSaved);
  expect(types.filter(([type, step]) => type === 0 && step !== 0)).toEqual([]);
  expect(types.filter(([type, step]) => type === 0 && step === 0)).toHaveLength(1);
});

test('[DR22] a server that goes down acknowledges what came in, then sends everybody away', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  for (let n = 0; n < 60; n += 1) ana.type(`${n} `);
  await drafts.closeAll();
  expect(ana.closed).toEqual({ code: 1012, reason: 'restart' });
  expect(ana.allSaved).toBe(true);
  expect(await store.snapshots.latest('draft', draftId)).toHaveLength(1);
  expect(textOf(await documentOf(store))).toBe(ana.text);
  expect(new Person(drafts, 'ben').closed?.code).toBe(1012);
  expect(drafts.counts()).toMatchObject({ openDrafts: 0, connections: 0 });
});
