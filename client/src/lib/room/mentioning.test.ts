import { expect, test } from 'vitest';
import { Mentioning } from './mentioning.svelte.ts';

const people = ['委员甲', '委员乙', 'Ben'].map((name, index) => ({ id: `p${index}`, name, here: false, spokeAt: 9 - index }));

test('[DIS1] arrow keys go round the list, Enter takes, Escape closes, other keys are the text’s', () => {
  const mentioning = new Mentioning(() => people);
  expect(mentioning.key('Enter')).toBeNull();
  mentioning.look('请@委', 3);
  expect(mentioning.list.map(({ name }) => name)).toEqual(['委员甲', '委员乙']);
  expect(mentioning.key('ArrowUp')).toBe('done');
  expect(mentioning.at).toBe(1);
  mentioning.key('ArrowDown');
  expect(mentioning.key('Enter')).toBe(people[0]);
  expect(mentioning.key('x')).toBeNull();
  expect(mentioning.take('请@委', people[0] as (typeof people)[0])).toEqual({ text: '请@委员甲 ', caret: 6 });
  expect(mentioning.list).toEqual([]);
  mentioning.look('请@', 2);
  expect(mentioning.list).toHaveLength(3);
  expect(mentioning.key('Escape')).toBe('done');
  mentioning.look('请@B', 3);
  expect(mentioning.list).toEqual([]);
  mentioning.look('请B', 2);
  mentioning.look('请@', 2);
  expect(mentioning.list).toHaveLength(3);
});
