import path from 'node:path';
import * as fc from 'fast-check';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { House } from './model/house.ts';
import { pinned } from './model/pinned.ts';
import { quickFolder } from './model/places.ts';
import type { Step } from './model/steps.ts';
import { stepLists } from './model/steps.ts';
import type { Verdict } from './model/verdict.ts';
import { judge } from './model/verdict.ts';
import { World } from './model/world.ts';
import type { Row, Scale } from './row.ts';

const scales = { slice: { runs: 20, steps: 40 }, ci: { runs: 300, steps: 60 }, nightly: { runs: 5_000, steps: 100 } } as const;
/** When a counterexample was found, so long is spent on shortening it. */
const shortenMs = 60_000;

export const timeoutMs = 45 * 60_000;

/**
 * T3: random lists of what people, processes, the network and the clock do, carried out on two whole applications that share a
 * store, with a clock that is set; then every acknowledged thing is looked for in the logs. Doors are left out: what is sent is
 * handed to rooms and drafts as the doors would.
 */
export async function run(scale: Scale, seed: number): Promise<Row> {
  const { runs, steps } = scales[scale];
  const { folder, remove } = await quickFolder('model');
  const store = await openSqlite({ file: path.join(folder, 'shangliang.db') });
  const clock = { now: Date.UTC(2026, 0, 5, 9) };
  const houses = [await House.start(store, folder, () => clock.now), await House.start(store, folder, () => clock.now)];
  const tally = { runs: 0, steps: 0, commands: 0, edits: 0, acked: 0, refused: 0, unanswered: 0 };
  try {
    for (const { what, steps: list } of pinned) {
      const { lost, doubled, wrong } = await carryOut(houses, store, clock, list, tally);
      if (lost.length + doubled.length + wrong.length > 0) return row(seed, tally, { lost, doubled, wrong }, `pinned: ${what}`);
    }
    let found: Verdict = { lost: [], doubled: [], wrong: [] };
    const property = fc.asyncProperty(stepLists(steps), async (list) => {
      const verdict = await carryOut(houses, store, clock, list, tally);
      if (verdict.lost.length + verdict.doubled.length + verdict.wrong.length === 0) return;
      found = verdict;
      throw new Error([...verdict.lost, ...verdict.doubled, ...verdict.wrong].join('; '));
    });
    const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: false, interruptAfterTimeLimit: timeoutMs - shortenMs });
    if (!result.failed) return row(seed, tally, found, '');
    const { counterexample } = result;
    return row(seed, tally, found, `shortened to ${JSON.stringify(counterexample?.[0])}: ${String(result.errorInstance)}`);
  } finally {
    for (const house of houses) await house.close();
    await store.close();
    await remove();
  }
}

type Tally = Record<'runs' | 'steps' | 'commands' | 'edits' | 'acked' | 'refused' | 'unanswered', number>;

async function carryOut(
  houses: readonly House[],
  store: Store<RecordKinds>,
  clock: { now: number },
  list: readonly Step[],
  tally: Tally,
): Promise<Verdict> {
  for (const house of houses) house.line = 'up';
  const world = new World(houses, store, clock);
  try {
    await world.begin();
    for (const step of list) await world.perform(step);
    await world.end();
    return await judge(world);
  } catch (error) {
    return { lost: [], doubled: [], wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  } finally {
    world.leave();
    tally.runs += 1;
    tally.steps += list.length;
    tally.commands += world.commands.length;
    tally.edits += world.ops.length;
    tally.acked += world.ops.filter(({ acked }) => acked).length;
    tally.refused += world.commands.filter(({ outcome }) => outcome !== 'unknown' && 'refused' in outcome).length;
    tally.unanswered += world.unanswered;
  }
}

function row(seed: number, tally: Tally, { lost, doubled, wrong }: Verdict, notes: string): Row {
  const { runs, steps, commands, edits, acked, refused, unanswered } = tally;
  // Something must have happened, of each kind.
  const empty = Math.min(commands, edits, acked, refused, unanswered) === 0;
  return {
    test: 'T3',
    seed,
    done: `${runs} histories, ${steps} steps: ${commands} commands (${refused} refused, ${unanswered} without an answer at first), ${edits} edits (${acked} acknowledged)`,
    lost: lost.length,
    doubled: doubled.length,
    stallMs: null,
    memoryMb: null,
    passed: wrong.length === 0 && notes === '' && !empty,
    notes: [notes, ...wrong].filter((note) => note !== '').join('; ') || (empty ? 'too little happened' : ''),
  };
}
