import { expect, test } from 'vitest';
import { newSalt } from '#server/access/secrets.ts';
import type { DraftText } from '#server/drafts/draftText.ts';
import { emptyText } from '#server/drafts/snapshot.ts';
import { createDrafts } from '#server/drafts/drafts.ts';
import { Rooms } from '#server/rooms/rooms.ts';
import type { RoomsParts } from '#server/rooms/rooms.ts';
import type { Journal } from '#server/store/ports.ts';
import { defaultLimits } from '#shared/domain/limits.ts';

/** A log that answers when it is let go, and knows how many asked at once. */
function slowLog() {
  let asking = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  const ask = async (): Promise<readonly never[]> => {
    asking += 1;
    most = Math.max(most, asking);
    await new Promise<void>((resolve) => waiting.push(resolve));
    asking -= 1;
    return [];
  };
  const journal = { readCommits: ask, readDraft: ask } as unknown as Journal;
  const letGo = async (): Promise<void> => {
    while (waiting.length > 0) {
      for (const resolve of waiting.splice(0)) resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { journal, letGo, most: () => most };
}

const noSnapshots = { put: () => Promise.resolve(), latest: () => Promise.resolve([]) };

test('[OP5] of a thousand rooms that are asked for at once at most 64 are read side by side, and each once', async () => {
  const log = slowLog();
  const rooms = new Rooms({ journal: log.journal, snapshots: noSnapshots, now: Date.now, idleMs: 1_000 } as unknown as RoomsParts);
  const held = Array.from({ length: 2_000 }, (_, n) => rooms.hold(`r${n % 1_000}`));
  await new Promise((resolve) => setImmediate(resolve));
  expect(log.most()).toBe(64);
  await log.letGo();
  expect(new Set((await Promise.all(held)).map(({ room }) => room)).size).toBe(1_000);
  expect(log.most()).toBe(64);
});

test('[OP5] of two hundred drafts that are asked for at once at most 64 are read side by side', async () => {
  const log = slowLog();
  const access = { mayRead: () => null, mayWrite: () => null, lineageOf: () => 'L' };
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const commits = { write: () => Promise.resolve({ outcome: 'appended' } as const) };
  const drafts = createDrafts({
    ...{
      journal: log.journal,
      snapshots: noSnapshots,
      commits,
      access,
      limits: defaultLimits,
      now: Date.now,
      newSalt,
      log: quiet,
      idleMs: 0,
    },
  });
  const reads = Promise.all(Array.from({ length: 200 }, (_, n) => drafts.read('r', `d${n}`)));
  while (log.most() < 64) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(log.most()).toBe(64);
  const done = reads.then(() => true);
  while (!(await Promise.race([done, log.letGo().then(() => false)])));
  expect(log.most()).toBe(64);
  await drafts.closeAll();
});

test('[OP6] a draft is encoded once per entry for all who have nothing of it', () => {
  const text: DraftText = emptyText('d1');
  text.doc.getXmlFragment('draft');
  const nothing = Uint8Array.of(0);
  const whole = text.answer(nothing);
  for (let joiner = 0; joiner < 100; joiner += 1) expect(text.answer(nothing)).toBe(whole);
  text.append({ kind: 'barrier', actorId: 'system', bytes: new Uint8Array() }, 1);
  expect(text.answer(nothing)).not.toBe(whole);
});
