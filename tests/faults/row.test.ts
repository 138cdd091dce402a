import { expect, test } from 'vitest';
import { rowsOf } from './modules.ts';
import { skippedRow, verdictOf } from './row.ts';
import type { Row } from './row.ts';
import { randomOf } from '../support/random.ts';

const fine: Row = { test: 'T0', seed: 1, done: '1 thing', lost: 0, doubled: 0, stallMs: 90, memoryMb: 5, passed: true, notes: '' };

test('anything lost or doubled fails a row, whatever it says of itself', () => {
  expect(verdictOf(fine)).toBe('ok');
  for (const bad of [{ lost: 1 }, { doubled: 1 }, { passed: false }, { lost: -1 }]) expect(verdictOf({ ...fine, ...bad })).toBe('FAILED');
});

test('a stall or growth fails only beyond ten times what is aimed at', () => {
  expect(verdictOf({ ...fine, stallMs: 2_000, stallTargetMs: 200 })).toBe('ok');
  expect(verdictOf({ ...fine, stallMs: 2_001, stallTargetMs: 200 })).toBe('FAILED');
  expect(verdictOf({ ...fine, memoryMb: 201, memoryTargetMb: 20 })).toBe('FAILED');
});

test('what could not be run is skipped, and counts as neither', () => {
  expect(verdictOf(skippedRow('T2', 1, 'there is no strace here'))).toBe('skipped');
});

test('what a test leaves behind is looked at, whatever it says of itself', async () => {
  const verdicts = async (seed: number): Promise<readonly string[]> =>
    (await rowsOf({ test: 'T0', file: 'support/leaving.ts' }, 'slice', seed)).map((row) => `${verdictOf(row)} ${row.notes}`.trim());
  expect(await verdicts(0)).toEqual(['ok', 'FAILED left nothing that could be looked at']);
  expect(await verdicts(1)).toEqual(['ok']);
  expect(await verdicts(2)).toEqual(['ok', expect.stringMatching(/^FAILED left behind: .*commits_by_command/)]);
});

test('chance comes from the seed alone', () => {
  const draw = (seed: number): number[] => Array.from({ length: 20 }, randomOf(seed).bind(null, 1_000));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});
