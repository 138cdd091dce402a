import { encode, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { expect, onTestFinished, test } from 'vitest';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import { join, logOf, openTestStore, roomId, startDrafts, until } from './harness.ts';
import type { Person } from './harness.ts';

function here(person: Person, clock: number, cursor: unknown, user: unknown = { name: 'somebody else', id: 'ben' }): void {
  person.sendPresence({ clientId: person.doc.clientID, clock, state: { user, cursor } });
}

test('[DR12] presence shows who the connection is, whatever the state says, and goes with the socket', async () => {
  const { drafts } = startDrafts(await openTestStore());
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  here(ana, 1, 5);
  await until('ben sees ana', () => ben.presence.has(ana.doc.clientID));
  const shown = { user: { id: 'ana', name: 'Name of ana', role: 'member' }, cursor: 5 };
  expect(ben.presence.get(ana.doc.clientID)?.state).toEqual(shown);
  const carl = await join(drafts, 'carl');
  expect(carl.presence.get(ana.doc.clientID)?.state).toEqual(shown);
  expect(ana.presence.size).toBe(0);
  ana.drop();
  await until('she is gone', () => ben.presence.size === 0 && carl.presence.size === 0);
  // She comes back with the copy and the clock she has, and is seen at once.
  const again = await join(drafts, 'ana', { doc: ana.doc });
  here(again, 1, 6);
  await until('she is seen again', () => ben.presence.get(ana.doc.clientID)?.state.cursor === 6);
});

test('[DR12] what stock clients echo is dropped in silence, by the hundred', async () => {
  const { drafts } = startDrafts(await openTestStore());
  const people = await Promise.all(['ana', 'ben', 'carl'].map((name) => join(drafts, name)));
  let echoes = 0;
  const stock = people.map((person) => {
    const client = new Awareness(person.doc);
    // As y-websocket does it: whatever changes is sent, also what just came in.
    client.on('update', ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }, origin: unknown) => {
      const changed = [...added, ...updated, ...removed];
      if (origin === 'server') echoes += changed.length;
      person.send(
        encode((encoder) => {
          writeVarUint(encoder, 1);
          writeVarUint8Array(encoder, encodeAwarenessUpdate(client, changed));
        }),
      );
    });
    person.onPresence = (update) => applyAwarenessUpdate(client, update, 'server');
    onTestFinished(() => client.destroy());
    return client;
  });
  for (let round = 1; round <= 60; round += 1) {
    for (const client of stock) client.setLocalState({ cursor: round });
    // Somebody not heard of for a while is taken for gone by the others, and they say so.
    if (round % 10 === 0)
      for (const client of stock)
        removeAwarenessStates(
          client,
          [...client.getStates().keys()].filter((id) => id !== client.clientID),
          'timeout',
        );
    await until('all see it', () =>
      people.every((person) => [...person.presence.values()].filter(({ state }) => state.cursor === round).length === 2),
    );
  }
  expect(echoes).toBeGreaterThan(300);
  expect(people.map(({ closed }) => closed)).toEqual([null, null, null]);
  expect(stock.map((client) => [...client.getStates().values()].filter(({ cursor }) => cursor === 60).length)).toEqual([3, 3, 3]);
});

test('[DR12] forgeries are shown to nobody, remove nobody, and close the socket after the third', async () => {
  const store = await openTestStore();
  const { drafts } = startDrafts(store);
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  here(ana, 1, 'a');
  await until('ben sees ana', () => ben.presence.has(ana.doc.clientID));
  const known = ben.presence.get(ana.doc.clientID);
  const id = ana.doc.clientID;
  ana.type('so her client id is bound');
  await until('saved', () => ana.allSaved);
  const forgeries: readonly (readonly [string, (eve: Person) => void])[] = [
    ['another state', (eve) => eve.sendPresence({ clientId: id, clock: known?.clock ?? 0, state: { cursor: 'forged' } })],
    ['a later state', (eve) => eve.sendPresence({ clientId: id, clock: 1_000, state: { cursor: 'forged' } })],
    ['a later end', (eve) => eve.sendPresence({ clientId: id, clock: 1_000, state: null })],
    ['a huge clock', (eve) => eve.sendPresence({ clientId: eve.doc.clientID, clock: 2 ** 40, state: { cursor: 'forged' } })],
    ['too large a state', (eve) => eve.sendPresence({ clientId: eve.doc.clientID, clock: 1, state: { cursor: 'x'.repeat(3_000) } })],
    ['no object', (eve) => eve.sendPresence({ clientId: eve.doc.clientID, clock: 1, state: ['forged'] })],
    ['a prototype', (eve) => eve.sendPresence({ clientId: eve.doc.clientID, clock: 1, state: JSON.parse('{"__proto__":{"forged":1}}') })],
  ];
  for (const [index, [what, forge]] of forgeries.entries()) {
    const eve = await join(drafts, `eve-${index}`);
    for (let time = 1; time <= 3; time += 1) {
      expect([what, time, eve.closed]).toEqual([what, time, null]);
      forge(eve);
    }
    expect([what, eve.closed]).toEqual([what, { code: 4429, reason: 'presence' }]);
  }
  const greedy = await join(drafts, 'greedy');
  for (let n = 0; n < 7; n += 1) greedy.sendPresence({ clientId: 500 + n, clock: 1, state: { cursor: n } });
  expect(greedy.closed?.code).toBe(4429);
  // An id that ana wrote under is nobody else's, though she shows nothing now.
  ana.drop();
  await until('ana is gone', () => !ben.presence.has(id));
  const squatter = await join(drafts, 'squatter');
  for (let n = 1; n <= 3; n += 1) squatter.sendPresence({ clientId: id, clock: 2_000 + n, state: {} });
  expect(squatter.closed?.code).toBe(4429);
  const elsewhere = await join(startDrafts(store).drafts, 'squatter');
  for (let n = 1; n <= 3; n += 1) elsewhere.sendPresence({ clientId: id, clock: n, state: {} });
  expect(elsewhere.closed?.code).toBe(4429);
  here(ben, 1, 'b');
  const carl = await join(drafts, 'carl');
  await until('carl sees ben', () => carl.presence.has(ben.doc.clientID));
  expect([...ben.presence.values(), ...carl.presence.values()].filter(({ state }) => JSON.stringify(state).includes('forged'))).toEqual([]);
  expect(await logOf(store)).toHaveLength(1);
});

test('[DR12] many states within a moment go out as one', async () => {
  const { drafts } = startDrafts(await openTestStore());
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  const before = ben.frames.length;
  for (let clock = 1; clock <= 20; clock += 1) here(ana, clock, clock);
  await until('ben sees the last', () => ben.presence.get(ana.doc.clientID)?.state.cursor === 20);
  expect(ben.frames.slice(before).filter((frame) => frame[0] === 1).length).toBeLessThan(5);
});

test('[DR12] [DR4] who loses the right to write is no longer shown, but stays while the draft is locked for all', async () => {
  const { drafts, access } = startDrafts(await openTestStore());
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  here(ana, 1, 1);
  await until('ben sees ana', () => ben.presence.size === 1);
  access.locked = true;
  drafts.rightsChanged(roomId);
  here(ana, 2, 2);
  await until('ben sees ana read on', () => ben.presence.get(ana.doc.clientID)?.state.cursor === 2);
  access.mayNotWrite.set('ana', { code: 'muted' });
  drafts.rightsChanged(roomId);
  await until('ana is shown no more', () => ben.presence.size === 0);
  here(ana, 3, 3);
  here(ben, 1, 1);
  await until('ana sees ben', () => ana.presence.size === 1);
  expect(ben.presence.size).toBe(0);
});

test('[DR12] a page that stands still while its line answers is not shown any more; with its next word it is there again', async () => {
  const { drafts } = startDrafts(await openTestStore(), { parts: { presenceTurnMs: 10 } });
  const ana = await join(drafts, 'ana');
  const ben = await join(drafts, 'ben');
  const carl = await join(drafts, 'carl');
  let clock = 1;
  const renewing = setInterval(() => here(carl, (clock += 1), 7), 20);
  onTestFinished(() => clearInterval(renewing));
  here(ana, 1, 5);
  await until('ben sees both', () => ben.presence.has(ana.doc.clientID) && ben.presence.has(carl.doc.clientID));
  await until('ana is not seen any more', () => !ben.presence.has(ana.doc.clientID));
  expect(ana.closed).toBeNull();
  // Nor by who comes now; and who says that he is there stays.
  const dora = await join(drafts, 'dora');
  await until('dora sees who runs', () => dora.presence.has(carl.doc.clientID));
  expect(dora.presence.has(ana.doc.clientID)).toBe(false);
  expect(ben.presence.has(carl.doc.clientID)).toBe(true);
  here(ana, 2, 6);
  await until('ana is seen again', () => ben.presence.get(ana.doc.clientID)?.state.cursor === 6);
});
