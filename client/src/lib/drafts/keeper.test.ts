import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { Keeper } from './keeper.ts';
import { memoryOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';
import type { PendingUpdate } from './pendingUpdates.ts';

const scope = { draftId: 'd1', participantId: 'ana' };
const now = (): number => 5_000;
const keeperOn = (outbox: Outbox): Keeper => new Keeper(scope.draftId, scope.participantId, outbox, now);

function typed(clientId: number, words: string): PendingUpdate[] {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const made: PendingUpdate[] = [];
  doc.on('update', (update: Uint8Array) => made.push({ clientId, n: made.length + 1, update, madeAt: made.length + 1 }));
  const paragraph = new Y.XmlElement('paragraph');
  doc.getXmlFragment(DRAFT_FIELD).insert(0, [paragraph]);
  paragraph.insert(0, [new Y.XmlText(words)]);
  return made;
}

/** What has been written once everything begun before is done. */
async function rowsIn(outbox: Outbox, keeper: Keeper): Promise<[number, number][]> {
  await keeper.setAside([], null, null);
  return (await outbox.rows(scope)).map(({ clientId, n }) => [clientId, n]);
}

describe('[ED4] what a device keeps until it is durable', () => {
  test('is there for the next life of the page, and gone when acknowledged', async () => {
    const outbox = memoryOutbox();
    const keeper = keeperOn(outbox);
    const [first, second] = typed(1, '字') as [PendingUpdate, PendingUpdate];
    keeper.keep('L1', first);
    keeper.keep('L1', second);
    expect(await rowsIn(outbox, keeper)).toEqual([
      [1, 1],
      [1, 2],
    ]);
    keeper.forget('L1', [first]);
    expect(await rowsIn(outbox, keeper)).toEqual([[1, 2]]);
    const kept = await keeperOn(outbox).read();
    expect([kept.lineage, kept.rows.map(({ n }) => n), kept.ofOtherLineages]).toEqual(['L1', [2], []]);
  });

  test('tabs of one person do not touch each other’s changes', async () => {
    const outbox = memoryOutbox();
    const [one, other] = [keeperOn(outbox), keeperOn(outbox)];
    const [first] = typed(1, '甲') as [PendingUpdate];
    const [second] = typed(2, '乙') as [PendingUpdate];
    one.keep('L1', first);
    other.keep('L1', second);
    other.forget('L1', [second]);
    await rowsIn(outbox, other);
    expect(await rowsIn(outbox, one)).toEqual([[1, 1]]);
  });

  test('is another person’s and another draft’s business no more than a watcher’s', async () => {
    const outbox = memoryOutbox();
    const keeper = keeperOn(outbox);
    keeper.keep('L1', (typed(1, '字') as [PendingUpdate])[0]);
    await rowsIn(outbox, keeper);
    for (const each of [new Keeper('d1', 'ben', outbox, now), new Keeper('d2', 'ana', outbox, now), new Keeper('d1', null, outbox, now)]) {
      expect((await each.read()).rows).toEqual([]);
    }
  });

  test('changes of two histories are told apart; the newest is the one to go on with', async () => {
    const outbox = memoryOutbox();
    const keeper = keeperOn(outbox);
    const [old] = typed(1, '旧') as [PendingUpdate];
    const [fresh] = typed(2, '新') as [PendingUpdate];
    keeper.keep('L1', { ...old, madeAt: 10 });
    keeper.keep('L2', { ...fresh, madeAt: 20 });
    await rowsIn(outbox, keeper);
    const kept = await keeper.read();
    expect(kept.lineage).toBe('L2');
    expect(kept.rows.map(({ clientId }) => clientId)).toEqual([2]);
    expect(kept.ofOtherLineages.map((rows) => rows.map(({ clientId }) => clientId))).toEqual([[1]]);
  });
});

describe('[ED7] setting words aside', () => {
  test('takes them out of the outbox and keeps them until dismissed', async () => {
    const outbox = memoryOutbox();
    const keeper = keeperOn(outbox);
    const made = typed(1, '不能丢的话');
    for (const each of made) keeper.keep('L1', each);
    const record = await keeper.setAside(keeper.rowsOf('L1', made), null, 4403);
    expect(record).toMatchObject({ words: '不能丢的话', changes: 2, code: 4403, at: 5_000 });
    expect(await rowsIn(outbox, keeper)).toEqual([]);
    const later = keeperOn(outbox);
    expect((await later.read()).records.map(({ words }) => words)).toEqual(['不能丢的话']);
    later.dismiss(record?.id ?? '');
    await rowsIn(outbox, later);
    expect((await later.read()).records).toEqual([]);
  });

  test('happens once, whichever tab comes first', async () => {
    const outbox = memoryOutbox();
    const [one, other] = [keeperOn(outbox), keeperOn(outbox)];
    const made = typed(1, '只一份');
    for (const each of made) one.keep('L1', each);
    await rowsIn(outbox, one);
    const taken = await Promise.all([one, other].map((keeper) => keeper.setAside(keeper.rowsOf('L1', made), null, 4403)));
    expect(taken.filter((record) => record !== null)).toHaveLength(1);
  });

  test('works on a device that keeps nothing', async () => {
    const full = (): Promise<never> => Promise.reject(new Error('QuotaExceededError'));
    const broken: Outbox = { rows: full, put: full, remove: full, setAside: full, records: full, dismiss: full };
    const keeper = keeperOn(broken);
    const made = typed(1, '还在');
    for (const each of made) keeper.keep('L1', each);
    expect((await keeper.read()).rows).toEqual([]);
    expect(await keeper.setAside(keeper.rowsOf('L1', made), null, 4403)).toMatchObject({ words: '还在' });
  });

  test('waits for no device that does not answer', async () => {
    vi.useFakeTimers();
    try {
      const never = (): Promise<never> => new Promise(() => undefined);
      const keeper = keeperOn({ rows: never, put: never, remove: never, setAside: never, records: never, dismiss: never });
      const reading = keeper.read();
      await vi.advanceTimersByTimeAsync(3_000);
      expect((await reading).rows).toEqual([]);
      const setting = keeper.setAside(keeper.rowsOf('L1', typed(1, '等不到')), null, 4403);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(await setting).toMatchObject({ words: '等不到' });
    } finally {
      vi.useRealTimers();
    }
  });

  test('does not leave out what did not get onto the device', async () => {
    const inner = memoryOutbox();
    const keeper = keeperOn({ ...inner, put: () => Promise.reject(new Error('QuotaExceededError')) });
    const made = typed(1, '写不进去的');
    for (const each of made) keeper.keep('L1', each);
    expect(await keeper.setAside(keeper.rowsOf('L1', made), null, 4403)).toMatchObject({ words: '写不进去的' });
  });
});
