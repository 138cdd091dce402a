import { expect, test } from 'vitest';
import { initialOf, personColor, seatPeople } from './personColor.ts';

test('[UI5] a person has the same colour everywhere, one of eight, and the eight are used about equally', () => {
  const used = new Map<number, number>();
  for (let i = 0; i < 4_000; i += 1) {
    const color = personColor(`participant-${i}`);
    expect(personColor(`participant-${i}`)).toBe(color);
    used.set(color, (used.get(color) ?? 0) + 1);
  }
  expect([...used.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const count of used.values()) expect(count).toBeGreaterThan(400);
});

test('[UI5] no two of the first eight people of a room share a colour, and who has no seat in it has one all the same', () => {
  const people = Array.from({ length: 10 }, (_, index) => `p${index}`);
  seatPeople(people);
  expect(people.map(personColor)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 1, 2]);
  expect(personColor('somebody else')).toBeGreaterThan(0);
  seatPeople([]);
});

test.each([
  ['委员戊', '戊'],
  ['社会福利界 · 丙', '丙'],
  ['委员甲（模拟）', '甲'],
  ['Member A (simulated)', 'A'],
  ['Department · Parks', 'P'],
  ['li ming', 'L'],
  ['Émile', 'É'],
  ['🙂 ana', '🙂'],
  ['  ', '·'],
])('the initial of %s is %s', (name, initial) => {
  expect(initialOf(name)).toBe(initial);
});
