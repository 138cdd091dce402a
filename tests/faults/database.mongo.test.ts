import { expect, test } from 'vitest';
import { onMongo } from '../support/onMongo.ts';
import { verdictOf } from './row.ts';
import { databaseRow, replicaRows } from './t14-storage-and-clock.ts';

const seed = Number(process.env.FAULT_SEED ?? 20_260_105);

/* The part of T14 that slice.test.ts has to leave out, at the same length. */
onMongo('T14 database', (url) => {
  test(
    '[ST14] [ST20] [ROOM17] away and back while four people write: nothing lost, used again by itself',
    { timeout: 180_000 },
    async () => {
      const row = await databaseRow('slice', seed, url);
      console.log(`seed ${seed}: ${row.done}; stall ${String(row.stallMs)} ms. ${row.notes}`);
      expect(verdictOf(row), row.notes).toBe('ok');
    },
  );

  test(
    '[ST14] [ST20] a step-down and a late majority while four people write: nothing lost, nothing doubled',
    { timeout: 240_000 },
    async (context) => {
      const rows = await replicaRows('slice', seed, url);
      for (const row of rows) console.log(`${row.test}, seed ${seed}: ${row.done}. ${row.notes}`);
      const verdicts = rows.map(verdictOf);
      if (verdicts.every((verdict) => verdict === 'skipped')) context.skip('needs a replica set with commands for tests');
      expect(verdicts, rows.map(({ notes }) => notes).join(' ')).toEqual(['ok', 'ok']);
    },
  );
});
