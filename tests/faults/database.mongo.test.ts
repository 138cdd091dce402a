import { expect, test } from 'vitest';
import { onMongo } from '../support/onMongo.ts';
import { verdictOf } from './row.ts';
import { databaseRow } from './t14-storage-and-clock.ts';

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
});
