import { expect, test } from 'vitest';
import { defaultLimits } from '#shared/domain/limits.ts';
import { CommandPace } from './commandPace.ts';

const limits = { ...defaultLimits, commandBurst: 3, requestBurst: 2, commandBurstPerAddress: 8, commandsPerSecondPerAddress: 1 };

test('[DOOR18] who floods uses up his own pace and nothing of what his neighbours behind the same address have', () => {
  const pace = new CommandPace(limits, () => 0);
  const flood = Array.from({ length: 100 }, () => pace.message('hall', 'ana'));
  expect(flood.filter((wait) => wait === 0)).toHaveLength(3);
  expect([pace.message('hall', 'ben'), pace.message('hall', 'cem'), pace.message('hall', 'dan')]).toEqual([0, 0, 0]);
});

test('[DOOR18] everybody behind one address together has a pace, over both wires; another address is not concerned', () => {
  let time = 0;
  const pace = new CommandPace(limits, () => time);
  const hall = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? pace.message('hall', `p${n}`) : pace.request('hall', null)));
  expect(hall).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1_000, 1_000]);
  expect(pace.message('elsewhere', 'zoe')).toBe(0);
  time = 1_000;
  expect(pace.message('hall', 'late')).toBe(0);
});

test('[DOOR18] at the given limits a hall of 500 people who all act at once, six times each, is not held up', () => {
  const pace = new CommandPace(defaultLimits, () => 0);
  const waits = Array.from({ length: 3_000 }, (_, n) => pace.message('hall', `p${n % 500}`));
  expect(waits.filter((wait) => wait > 0)).toEqual([]);
});
