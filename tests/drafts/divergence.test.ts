import { expect, test } from 'vitest';
import { contentHash } from '#shared/document/text.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { documentOf, join, openTestStore, roomId, draftId, startDrafts, until } from './harness.ts';
import type { Person } from './harness.ts';

const hashOf = (person: Person): string => contentHash(person.doc.getXmlFragment(DRAFT_FIELD));
const wrong = 'ab'.repeat(32);

test('[DR23] after so many edits everybody who has the draft is told what it should hold, and holds it', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { limits: { framesPerSecond: 100_000, frameBurst: 100_000 } });
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  const nemo = await join(drafts, 'nemo', { anonymous: true });
  for (let n = 0; n < 199; n += 1) (n % 2 === 0 ? ana : ben).type(`${n} `);
  await until('all is saved', () => ana.allSaved && ben.allSaved && nemo.text === ana.text && ana.text === ben.text);
  expect([ana.checks, ben.checks, nemo.checks]).toEqual([[], [], []]);
  ana.type('the two hundredth');
  await until('everybody was told', () => [ana, ben, nemo].every(({ checks }) => checks.length === 1));
  const hash = contentHash((await documentOf(store)).getXmlFragment(DRAFT_FIELD));
  for (const { checks } of [ana, ben, nemo]) expect(checks[0]).toMatchObject({ ordinal: 200, hash });
  expect([nemo.checks[0]?.own, ben.checks[0]?.own]).toEqual([hash, hash]);
  expect(drafts.counts().diverged).toBe(0);
});

test('[DR23] fewer edits are checked after a while, and a draft that nobody changes, or nobody looks at, never', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { parts: { checkPace: { everyMs: 20, everyEntries: 1_000 }, idleMs: 0 } });
  const ana = await join(drafts, 'ana');
  ana.type('a few words');
  await until('it was told', () => ana.checks.length === 1);
  expect(ana.checks[0]).toEqual({ ordinal: 1, hash: hashOf(ana), own: hashOf(ana) });
  const ben = await join(drafts, 'ben');
  // One check for each change, however long each of them takes to come, and none between.
  for (let round = 1; round <= 4; round += 1) {
    ana.type(`${round} `);
    await until('both were told', () => ana.checks.length > round && ben.checks.length >= round);
    expect([ana.checks.length, ben.checks.length]).toEqual([round + 1, round]);
  }
  ana.type('last words');
  await until('they are saved', () => ana.allSaved);
  ana.drop();
  ben.drop();
  await until('the draft has left memory', () => drafts.counts().openDrafts === 0);
});

test('[DR23] what another process wrote counts and is checked here too', async () => {
  const store = await openTestStore();
  const pace = { parts: { checkPace: { everyMs: 60_000, everyEntries: 10 } } };
  const [north, south] = [startDrafts(store, pace), startDrafts(store, pace)];
  const ana = await join(north.drafts, 'ana');
  const ben = await join(south.drafts, 'ben');
  for (let n = 0; n < 12; n += 1) ana.type(`${n} `);
  await until('saved', () => ana.allSaved);
  await south.drafts.catchUp(roomId);
  await until('ben was told', () => ben.checks.length === 1);
  expect(ben.checks[0]?.own).toBe(ben.checks[0]?.hash);
});

test('[DR24] who holds something else says so, is noted and sent away to join anew; what was sent before is stored', async () => {
  const store = await openTestStore();
  const noted: object[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (facts: object) => noted.push(facts) };
  const { drafts } = startDrafts(store, { parts: { checkPace: { everyMs: 60_000, everyEntries: 2 }, log } });
  const ana = await join(drafts, 'ana');
  ana.type('one');
  ana.type('two');
  await until('it was told', () => ana.checks.length === 1);
  const [told] = ana.checks;
  ana.type('three');
  ana.sendDiverged(told?.ordinal ?? 0, wrong);
  ana.type('behind it');
  await until('ana is sent away', () => ana.closed !== null);
  expect(ana.closed).toEqual({ code: 4410, reason: 'reloadNeeded' });
  expect(ana.standing).toMatchObject({ write: false, acceptedFrames: 4 });
  expect(noted).toEqual([{ roomId, draftId, ordinal: told?.ordinal, who: 'ana', theirs: wrong, ours: told?.hash }]);
  expect(drafts.counts().diverged).toBe(1);
  const again = await join(drafts, 'ana');
  expect(again.text).toBe('onetwothree');
});

test('[DR24] a report on what nobody was told, or of the very same content, is no report', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store, { parts: { checkPace: { everyMs: 60_000, everyEntries: 1 } } });
  for (const report of ['never told', 'the same', 'too short'] as const) {
    const ana = await join(drafts, 'ana');
    ana.type('words');
    await until('it was told', () => ana.checks.length > 0);
    const { ordinal, hash } = ana.checks.at(-1) ?? { ordinal: 0, hash: '' };
    if (report === 'never told') ana.sendDiverged(ordinal + 1, wrong);
    else ana.sendDiverged(ordinal, report === 'the same' ? hash : wrong.slice(2));
    await until('ana is sent away', () => ana.closed !== null);
    expect([report, ana.closed?.code, drafts.counts().diverged]).toEqual([report, 4400, 0]);
  }
});
