import { expect, test } from 'vitest';
import { aShelf } from './builders.ts';
import { keepChoice, keepSort, readChoice, readSort } from './keptChoice.ts';
import { everything } from './order.ts';

test('[DIS4] what one chose is kept on the device, per room; nonsense counts as everything', () => {
  const shelf = aShelf();
  const choice = { filter: 'open', stance: 'against', person: 'p1' } as const;
  keepChoice(shelf, 'r1', choice);
  expect(readChoice(shelf, 'r1')).toEqual(choice);
  expect(readChoice(shelf, 'r2')).toEqual(everything);
  keepChoice(shelf, 'r1', everything);
  expect(shelf.held.size).toBe(0);
  shelf.setItem('shangliang/choice/r1', '{"filter":"worst","stance":7}');
  expect(readChoice(shelf, 'r1')).toEqual(everything);
  shelf.setItem('shangliang/choice/r1', '{');
  expect(readChoice(shelf, 'r1')).toEqual(everything);
  keepSort(shelf, 'place');
  expect(readSort(shelf)).toBe('place');
  expect(() => keepChoice(aShelf(true), 'r1', choice)).not.toThrow();
});
