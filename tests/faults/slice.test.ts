import { expect, test } from 'vitest';
import { faultFiles, rowsOf } from './modules.ts';
import { verdictOf } from './row.ts';

const seed = Number(process.env.FAULT_SEED ?? 20_260_105);

/* The fault tests, small. `npm run faults` runs them at their full size; FAULT_SEED replays another seed. */
test.for(faultFiles().map((fault) => [fault.test, fault] as const))(
  '%s: nothing lost, nothing doubled',
  { timeout: 180_000 },
  async ([, fault], context) => {
    const rows = await rowsOf(fault, 'slice', seed);
    for (const { test: name, done, stallMs, memoryMb, notes } of rows)
      console.log(`${name} seed ${seed}: ${done}; stall ${String(stallMs)} ms, memory ${String(memoryMb)} MB. ${notes}`);
    expect(rows.filter((row) => verdictOf(row) === 'FAILED')).toEqual([]);
    const reasons = rows.flatMap(({ skipped }) => skipped ?? []);
    if (reasons.length === rows.length) context.skip(reasons.join('; '));
  },
);
