import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as Y from 'yjs';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { Person, until } from '../drafts/person.ts';
import { House } from './model/house.ts';
import { quickFolder, watchStalls } from './model/places.ts';
import type { Row, Scale } from './row.ts';
import { randomOf } from '../support/random.ts';

const scales = {
  slice: { ms: 4_000, rooms: 8, people: 20 },
  ci: { ms: 180_000, rooms: 40, people: 200 },
  nightly: { ms: 30 * 60_000, rooms: 40, people: 200 },
} as const;
/** One call to the store in so many fails: loads, writes, snapshots. */
const oneFailsOf = 20;
const actors = ['ana', 'ben', 'carl', 'dora'] as const;

export const timeoutMs = 45 * 60_000;

interface Visit {
  readonly person: Person;
  readonly release: () => void;
}

/**
 * T13. People come into rooms and drafts, show themselves, write, comment, and go, all the time, so that rooms and drafts are loaded
 * and leave memory without a pause, while every twentieth call to the store fails. When all have gone nothing may be left behind:
 * no room, no draft, no timer, no handle, and no heap that grows.
 */
export async function run(scale: Scale, seed: number): Promise<Row> {
  const size = scales[scale];
  const random = randomOf(seed);
  const { folder, remove } = await quickFolder('soak');
  const store = await openSqlite({ file: path.join(folder, 'shangliang.db') });
  const house = await House.start(store, folder, Date.now);
  const roomIds = Array.from({ length: size.rooms }, (_, n) => `soak-${seed}-${n}`);
  const tally = { visits: 0, refusedVisits: 0, edits: 0, commands: 0, unanswered: 0, failures: 0, rounds: 0 };
  try {
    for (const id of roomIds) await makeRoom(house, id);
    await house.app.rooms.close();
    await settled(house);
    const before = { handles: handles(), heapMb: heapMb() };
    const stalls = watchStalls();
    const heaps: { readonly atMs: number; readonly mb: number }[] = [];
    const begun = performance.now();
    house.mishap = () => {
      const fails = random(oneFailsOf) === 0;
      tally.failures += fails ? 1 : 0;
      return fails;
    };
    while (performance.now() - begun < size.ms) {
      await round(house, roomIds, size.people, random, tally);
      // Measured with nobody there: what the rooms hold while they are open grows with what was said in them.
      if (tally.rounds % 4 > 0) continue;
      await settled(house);
      heaps.push({ atMs: performance.now() - begun, mb: heapMb() });
    }
    const stallMs = stalls.stop();
    house.mishap = () => false;
    await settled(house);
    const left = { rooms: house.app.rooms.size, drafts: house.app.drafts.counts(), handles: handles() - before.handles };
    const grown = heapMb() - before.heapMb;
    const slope = slopeOf(heaps.slice(Math.floor(heaps.length / 4)));
    const wrong: string[] = [];
    if (left.rooms > 0) wrong.push(`${left.rooms} rooms are left`);
    if (left.drafts.openDrafts > 0 || left.drafts.connections > 0) wrong.push(`left: ${JSON.stringify(left.drafts)}`);
    if (Math.abs(left.handles) > 5) wrong.push(`${left.handles} handles are left: ${process.getActiveResourcesInfo().sort().join(' ')}`);
    if (Math.min(tally.edits, tally.commands, tally.failures, tally.visits) === 0) wrong.push('too little happened');
    const { visits, refusedVisits, edits, commands, unanswered, failures, rounds } = tally;
    return {
      test: 'T13',
      seed,
      done: `${Math.round(size.ms / 1000)} s, ${rounds} rounds: ${visits} visits (${refusedVisits} met a failing load) in ${size.rooms} rooms, ${edits} edits, ${commands} commands (${unanswered} not answered), ${failures} calls to the store failed`,
      lost: 0,
      doubled: 0,
      stallMs,
      memoryMb: Math.round(grown * 10) / 10,
      passed: wrong.length === 0,
      notes: [
        `left: 0 rooms wanted, ${left.rooms} found; handles ${left.handles >= 0 ? '+' : ''}${left.handles}; heap ${slope}`,
        ...wrong,
      ].join('; '),
    };
  } finally {
    house.mishap = () => false;
    await house.close();
    await store.close();
    await remove();
  }
}

async function makeRoom(house: House, id: string): Promise<void> {
  const settings = { visibility: 'public', whoComments: 'members', guests: true } as const;
  await house.app.rooms.with(id, async (room) => {
    const creator = { kind: 'participant', id: 'ana' } as const;
    await room.submit(creator, `${id}-make`, { type: 'createRoom', creatorId: 'ana', title: 'T', question: '', background: '', settings });
    for (const participantId of actors.slice(1)) {
      const command = { type: 'admitParticipant', participantId, role: 'member', via: 'invitation' } as const;
      await room.submit({ kind: 'system' }, `${id}-${participantId}`, command);
    }
  });
}

/** Some come, do something, and go; at the end of the round everybody has gone. */
async function round(
  house: House,
  roomIds: readonly string[],
  people: number,
  random: (below: number) => number,
  tally: Record<'visits' | 'refusedVisits' | 'edits' | 'commands' | 'unanswered' | 'rounds', number>,
): Promise<void> {
  tally.rounds += 1;
  const visits: Visit[] = [];
  await Promise.all(
    Array.from({ length: people }, async () => {
      const roomId = roomIds[random(roomIds.length)] ?? '';
      const name = actors[random(actors.length)] ?? 'ana';
      tally.visits += 1;
      try {
        const { room, release } = await house.app.rooms.hold(roomId);
        const draftId = [...room.state.drafts.keys()][0] ?? '';
        const person = new Person(house.app.drafts, name, { doc: new Y.Doc(), roomId, draftId });
        visits.push({ person, release });
        await until('somebody is in or away', () => person.synced || person.closed !== null, 60_000);
        person.sendPresence({ clientId: person.doc.clientID, clock: 1, state: { cursor: { anchor: random(100) } } });
        for (let n = random(4); n > 0 && person.connected && person.standing?.write === true; n -= 1) {
          person.type(`${n} `);
          tally.edits += 1;
        }
        if (random(3) > 0) return;
        tally.commands += 1;
        const id = `${roomId}-${tally.visits}-${random(1_000_000_000)}`;
        const answer = await room.submit({ kind: 'participant', id: name }, id, { type: 'postComment', body: 'Something said.' });
        tally.unanswered += answer.ok ? 0 : 1;
      } catch {
        tally.refusedVisits += 1;
      }
    }),
  );
  for (const { person } of visits) if (random(2) === 0) person.drop();
  await until(
    'what was written is settled',
    () => visits.every(({ person }) => !person.connected || person.allSaved || person.closed !== null),
    60_000,
  );
  for (const { person, release } of visits) {
    person.drop();
    release();
  }
}

/** Nobody is there any more, and everything has had its time to go. */
async function settled(house: House): Promise<void> {
  const gone = (): boolean => house.app.rooms.size === 0 && house.app.drafts.counts().openDrafts === 0;
  // Where something stays for ever, the row says so.
  await until('everything has left memory', gone, 60_000).catch(() => undefined);
}

/** Timers, sockets and other things that this process keeps alive, or that keep it alive. */
function handles(): number {
  return process.getActiveResourcesInfo().length;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

/** How a series grows, in words. */
function slopeOf(series: readonly { readonly atMs: number; readonly mb: number }[]): string {
  const [first, last] = [series[0], series.at(-1)];
  if (first === undefined || last === undefined || last.atMs - first.atMs < 20_000) return 'not watched for long enough to have a slope';
  const mean = (pick: (each: { readonly atMs: number; readonly mb: number }) => number): number =>
    series.reduce((sum, each) => sum + pick(each), 0) / series.length;
  const [atMs, mb] = [mean((each) => each.atMs), mean((each) => each.mb)];
  const perMs =
    series.reduce((sum, each) => sum + (each.atMs - atMs) * (each.mb - mb), 0) /
    series.reduce((sum, each) => sum + (each.atMs - atMs) ** 2, 0);
  return `slope ${(perMs * 600_000).toFixed(2)} MB in 10 min, now ${last.mb.toFixed(1)} MB`;
}
