import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Slip } from '#shared/protocol/messages.ts';
import { withPresence } from '#shared/protocol/presence.ts';
import { enter } from '../support/hall.ts';
import { administrator, until } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';

const PEOPLE = 85;

let server: ServerProcess;
beforeAll(async () => {
  // The limits are the defaults on purpose: an ordinary installation has to bear a hall behind one address.
  server = await ServerProcess.start();
});
afterAll(() => server.dispose());

test('[LAN4] 85 people behind one address sign in by their slips, join the room and have the draft, at the default limits', async () => {
  // The stock provider passes over the frames it does not know, and says so each time.
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const ana = await administrator(server.url, server.setupSecret);
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'The hall', visibility: 'private' });
  const people = Array.from({ length: PEOPLE }, (_, index) => ({ displayName: `委员${index + 1}`, sector: '教育界', role: 'member' }));
  await ana.ok('POST', `/api/rooms/${roomId}/roster`, { people });
  const { slips } = await ana.ok<{ slips: readonly Slip[] }>('POST', `/api/rooms/${roomId}/slips`, { participantIds: 'all' });
  const secrets = slips.map(({ path }) => path?.split('#')[1] ?? '');
  expect(new Set(secrets).size).toBe(PEOPLE);
  const chair = await ana.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  let present = chair.joined?.presence ?? { here: [], watching: 0 };
  chair.socket.on('room:presence', (change) => (present = withPresence(present, change)));

  const began = performance.now();
  const outcomes = await Promise.allSettled(secrets.map((secret) => enter(server.url, secret, roomId, draftId)));
  const entered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
  try {
    expect(refused).toEqual([]);
    expect(entered.length).toBe(PEOPLE);
    await until(() => entered.every(({ provider }) => provider.synced), 'the draft on every phone', 120_000);
    const tookMs = performance.now() - began;
    // A time depends on the machine, so it is told and not asked for.
    console.log(`${PEOPLE} people were in, with the draft, after ${(tookMs / 1000).toFixed(1)} s`);

    const participants = entered.map(({ client }) => client.joined?.you.participantId);
    expect(new Set(participants).size).toBe(PEOPLE);
    expect(new Set(entered.map(({ cookie }) => cookie)).size).toBe(PEOPLE);
    expect(entered.every(({ client }) => client.joined?.you.role === 'member')).toBe(true);
    await until(() => present.here.length === PEOPLE + 1, 'everybody present', 60_000);

    // They are not only counted: what one of them says reaches all the others.
    const first = entered[0];
    if (first === undefined) throw new Error('nobody');
    const seq = await first.client.act({ type: 'postComment', body: '各位好', parent: null, stance: null, anchor: null });
    await Promise.all(entered.map(({ client }) => client.reached(seq)));
  } finally {
    for (const { client, provider } of entered) {
      provider.destroy();
      client.close();
    }
    chair.close();
    expect(new Set(said.mock.calls.flat())).toEqual(new Set(['Unable to compute message']));
    said.mockRestore();
  }
}, 300_000);
