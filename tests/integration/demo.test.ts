import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RoomCard } from '#shared/protocol/messages.ts';
import type { OutcomeAnswer } from '#shared/protocol/outcomeView.ts';
import { fillRoom } from '../../scripts/demo/fillRoom.ts';
import { Person } from '../../scripts/demo/person.ts';
import { plansEn } from '../../scripts/demo/plansEn.ts';
import { plansZh } from '../../scripts/demo/plansZh.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
});
afterAll(() => server.dispose());

test('[OUT10] the demonstration fills an installation with rooms in all states, through the doors, with people who say they are simulated', async () => {
  const host = new Person(server.url);
  await host.ask('POST', '/api/setup', {
    token: server.setupSecret,
    handle: 'demo',
    displayName: 'Moderator',
    password: 'correct horse battery',
  });
  const plans = [...plansZh, ...plansEn];
  expect(new Set(plans.map(({ ending }) => ending))).toEqual(new Set(['scheduled', 'open', 'paused', 'locked', 'closed', 'archived']));
  for (const { people } of plans) for (const { name } of Object.values(people)) expect(name).toMatch(/模拟|simulated/);
  const made = new Map<string, string>();
  for (const plan of plans) made.set(plan.title, (await fillRoom(host, plan, Date.now())).id);
  const { rooms } = await host.ask<{ rooms: readonly RoomCard[] }>('GET', '/api/rooms');
  for (const { title, ending, comments } of plans) {
    const card = rooms.find(({ id }) => id === made.get(title));
    // Archived rooms are not in the list.
    if (ending === 'archived') continue;
    expect(card, title).toMatchObject({ title, comments: comments.length, status: ending === 'closed' ? 'closed' : 'open' });
  }
  for (const { title, ending, clauses, suggestions = [] } of plans.filter(({ ending }) => ending === 'closed' || ending === 'archived')) {
    const { outcome } = await host.ask<OutcomeAnswer>('GET', `/api/rooms/${made.get(title) ?? ''}/outcome`);
    expect(outcome.suggestions, `${ending}: ${title}`).toHaveLength(suggestions.length);
    expect(outcome.texts[0]?.labels, title).toEqual(clauses.map((_, index) => String(index + 1)));
    expect(outcome.counts.agreement.length, title).toBeGreaterThan(0);
  }
});
