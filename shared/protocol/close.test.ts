import { expect, test } from 'vitest';
import { restartReason, spreadIn, spreadOf } from './close.ts';

test('[OP7] the spread grows with the connections, within bounds, and is read back from the reason', () => {
  expect([0, 1, 250, 1_000, 5_000, 1_000_000].map(spreadOf)).toEqual([500, 500, 500, 2_000, 10_000, 30_000]);
  for (const connections of [1, 1_000, 1_000_000]) expect(spreadIn(restartReason(spreadOf(connections)))).toBe(spreadOf(connections));
  expect(restartReason(30_000).length).toBeLessThan(124);
});

test('[OP7] a reason that names no spread is no hint, and none is believed beyond its bound', () => {
  expect(['', 'restart', 'slow', 'restart; spread=', 'restart; spread=-1', 'restart; spread=1e9'].map(spreadIn)).toEqual(
    Array(6).fill(null),
  );
  expect(spreadIn('restart; spread=999999999')).toBe(30_000);
});
