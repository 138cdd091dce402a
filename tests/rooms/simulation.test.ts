import { afterEach, expect, test } from 'vitest';
import type { LiveRoom } from '#server/rooms/liveRoom.ts';
import { Simulation } from '#server/rooms/simulation.ts';
import { simulations } from '#server/rooms/simulationSteps.ts';
import { until } from '../support/people.ts';
import { Installation, roomWithBen } from '../support/liveRooms.ts';

let installation: Installation;
afterEach(() => installation.dispose());

/** A room with two simulated people in it; whether anybody watches is for the test to say. */
async function simulated() {
  installation = new Installation();
  const process = await installation.process();
  const room = await roomWithBen(process);
  const typed: string[] = [];
  const here = new Set<string>();
  const failures: unknown[] = [];
  const audience = { watched: false, asked: 0 };
  let commands = 0;
  const simulation = new Simulation({
    ...simulations.en,
    watched: () => {
      audience.asked += 1;
      return audience.watched;
    },
    withRoom: <T>(use: (room: LiveRoom) => Promise<T>) => process.rooms.with('r1', use),
    attend: (id) => {
      here.add(id);
      return { typing: () => undefined, leave: () => here.delete(id) };
    },
    write: () => ({
      ended: false,
      // As the door of the drafts answers it: by the room's own rules.
      mayWrite: true,
      type: (_block, words) => room.state.paused === null && typed.push(words) > 0,
      leave: () => undefined,
    }),
    people: { first: 'ben', second: 'ana' },
    newId: () => `simulated-${(commands += 1)}`,
    onFailed: (error) => failures.push(error),
    pace: 0,
  });
  return { room, simulation, audience, here, typed, failures };
}

test('[SAM4] without an audience nobody is here and nothing is written; with one they come, act to the end, and go with it', async () => {
  const { room, simulation, audience, here, typed, failures } = await simulated();
  const { seq } = room.head;
  await until(() => audience.asked >= 3, 'several looks for somebody who watches');
  expect([room.head.seq, typed.length, here.size]).toEqual([seq, 0, 0]);
  audience.watched = true;
  const comments = simulations.en.steps.filter(({ does }) => does === 'comment').length;
  await until(() => room.state.comments.length === comments, 'all comments of the script');
  await until(() => typed.join('').includes('fifty metres'), 'the last words of the script');
  expect([...here].sort()).toEqual(['ana', 'ben']);
  audience.watched = false;
  await until(() => here.size === 0, 'the end of their presence');
  simulation.stop();
  expect(failures).toEqual([]);
}, 60_000);

test('[SAM3] a pause stops them like anybody', async () => {
  const { room, simulation, audience, typed, failures } = await simulated();
  await room.submit({ kind: 'participant', id: 'ana' }, 'pause-for-all', { type: 'pauseRoom' });
  const { seq } = room.head;
  audience.watched = true;
  await until(() => simulation.done, 'the end of the script');
  simulation.stop();
  expect([room.head.seq, typed, failures]).toEqual([seq, [], []]);
}, 60_000);
