import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from '../../scripts/demo/person.ts';
import { actsOf, publishedCase } from '../../scripts/fixture/case.ts';
import { rebuild } from '../../scripts/fixture/rebuild.ts';
import { countedByHand, foldedCounts, rowsOf } from '../../scripts/fixture/recount.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
});
afterAll(() => server.dispose());

test('[CNT1] [CNT2] [CNT3] [CNT4] a small sitting is rebuilt by the doors, and its numbers are counted twice from the rows', async () => {
  const host = new Person(server.url);
  const password = randomBytes(9).toString('base64url');
  await host.ask('POST', '/api/setup', { token: server.setupSecret, handle: 'ana', displayName: 'Ana', password });
  const size = { people: 8, participations: 9, suggestions: 15 };
  const { roomId } = await rebuild(host, size, () => undefined);
  const rows = await rowsOf(host, roomId);
  const expected = { people: 8, participations: 9, comments: 9, suggestions: 15 };
  expect(foldedCounts(rows)).toEqual(expected);
  expect(countedByHand(rows)).toEqual(expected);

  // A stranger counts the same from what a public room shows him.
  const stranger = new Person(server.url);
  const seen = await rowsOf(stranger, roomId);
  expect(foldedCounts(seen)).toEqual(expected);
  // Everything a board can do was done on the way.
  const types = new Set(rows.flatMap(({ events }) => events.map(({ event }) => event?.type)));
  for (const act of ['gathered', 'confirmed', 'merged', 'mergeUndone', 'dropped', 'relisted', 'reworded', 'supported']) {
    expect(types).toContain(`suggestion.${act}`);
  }
  // Rows that are missing are noticed, not counted around.
  const commented = rows.findIndex(({ events }) => events.some(({ event }) => event?.type === 'comment.posted'));
  const fewer = rows.toSpliced(commented, 1);
  expect(foldedCounts(fewer)).not.toEqual(expected);
  expect(countedByHand(fewer)).not.toEqual(expected);
  host.leave();
});

test('[CNT4] the published case is 85 people, 87 acts and 159 suggestions, and an impossible one is refused', () => {
  const acts = actsOf(publishedCase);
  expect(acts).toHaveLength(87);
  expect(new Set(acts.map(({ by }) => by)).size).toBe(85);
  expect(acts.reduce((sum, { asks }) => sum + asks.length, 0)).toBe(160);
  expect(acts.every(({ body, asks }) => body.startsWith('【模拟】') && asks.every(({ quote }) => body.includes(quote)))).toBe(true);
  expect(() => actsOf({ people: 9, participations: 8, suggestions: 10 })).toThrow();
  expect(() => actsOf({ people: 8, participations: 8, suggestions: 40 })).toThrow();
});
