import path from 'node:path';
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as Y from 'yjs';
import { Connection } from '#server/drafts/connection.ts';
import { DraftText } from '#server/drafts/draftText.ts';
import { LiveDraft } from '#server/drafts/liveDraft.ts';
import { LiveRoom } from '#server/rooms/liveRoom.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { Vector } from '#shared/lib/vector.ts';
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
/** What must not outlive the room, draft or visit it belongs to. A room's folded state holds vectors. */
const mortals = { LiveRoom, Vector, LiveDraft, DraftText, Connection, 'Y.Doc': Y.Doc };
/** What the heap may grow by in ten minutes, in MB; ten times as much fails. */
const slopeTarget = 1;

export const timeoutMs = 45 * 60_000;

interface Visit {
  readonly person: Person;
  readonly release: () => void;
}

/**
 * T13. People come into rooms and drafts, show themselves, write, comment, and go, all the time, so that rooms and drafts are loaded
 * and leave memory without a pause, while every twentieth call to the store fails. When all have gone nothing may be left behind:
 * no room, no draft, no timer, no handle, no object of theirs, and no heap that grows.
 */
export async function run(scale: Scale, seed: number): Promise<Row> {
  const size = scales[scale];
  const random = randomOf(seed);
  const { folder, remove } = await quickFolder('soak');
  const store = await openSqlite({ file: path.join(folder, 'shangliang.db') });
  const house = await House.start(store, folder, Date.now);
  const objectsBefore = objects();
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
    const stall = stalls.stop();
    house.mishap = () => false;
    await settled(house);
    const left = { rooms: house.app.rooms.size, drafts: house.app.drafts.counts(), handles: handles() - before.handles };
    const grown = heapMb() - before.heapMb;
    const slope = slopeOf(heaps.slice(Math.floor(heaps.length / 3)));
    const outlived = Object.entries(objects()).filter(([name, count]) => count > (objectsBefore[name] ?? 0));
    const wrong: string[] = [];
    if (left.rooms > 0) wrong.push(`${left.rooms} rooms are left`);
    if (left.drafts.openDrafts > 0 || left.drafts.connections > 0) wrong.push(`left: ${JSON.stringify(left.drafts)}`);
    if (Math.abs(left.handles) > 5) wrong.push(`${left.handles} handles are left: ${process.getActiveResourcesInfo().sort().join(' ')}`);
    if (outlived.length > 0) wrong.push(`still in memory: ${outlived.map(([name, count]) => `${count} ${name}`).join(', ')}`);
    if (slope !== null && slope.mbIn10Min > 10 * slopeTarget) wrong.push('the heap grows');
    if (Math.min(tally.edits, tally.commands, tally.failures, tally.visits) === 0) wrong.push('too little happened');
    const { visits, refusedVisits, edits, commands, unanswered, failures, rounds } = tally;
    return {
      test: 'T13',
      seed,
      done: `${Math.round(size.ms / 1000)} s, ${rounds} rounds: ${visits} visits (${refusedVisits} met a failing load) in ${size.rooms} rooms, ${edits} edits, ${commands} commands (${unanswered} not answered), ${failures} calls to the store failed`,
      lost: 0,
      doubled: 0,
      stallMs: stall.wallMs,
      memoryMb: Math.round(grown * 10) / 10,
      passed: wrong.length === 0,
      notes: [
        `left: ${left.rooms} rooms, ${outlived.length} kinds of objects; handles ${left.handles >= 0 ? '+' : ''}${left.handles}`,
        slope === null
          ? 'not watched for long enough to see the heap grow'
          : `heap with nobody there ${slope.mbIn10Min.toFixed(2)} MB in 10 min (target ${slopeTarget}), now ${slope.lastMb.toFixed(1)} MB`,
        `the longest turn of the event loop, of server and visitors together, used ${stall.ranMs} ms of processor`,
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

/** How many of each kind of mortal objects there are, after all that nothing holds was collected. */
function objects(): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(mortals).map(([name, kind]) => [name, Number(queryObjects(kind))]));
}

setFlagsFromString('--expose-gc');
// Code that was not run for a while is thrown away otherwise, some MB at once, in the middle of what is measured.
setFlagsFromString('--no-flush-bytecode');
const collect = runInNewContext('gc') as () => void;

/** What is held by something, in MB. */
function heapMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** How a series grows: the straight line that fits it best; null where it is too short to tell. */
function slopeOf(series: readonly { readonly atMs: number; readonly mb: number }[]): { mbIn10Min: number; lastMb: number } | null {
  const [first, last] = [series[0], series.at(-1)];
  if (first === undefined || last === undefined || last.atMs - first.atMs < 60_000) return null;
  const mean = (pick: (each: { readonly atMs: number; readonly mb: number }) => number): number =>
    series.reduce((sum, each) => sum + pick(each), 0) / series.length;
  const [atMs, mb] = [mean((each) => each.atMs), mean((each) => each.mb)];
  const perMs =
    series.reduce((sum, each) => sum + (each.atMs - atMs) * (each.mb - mb), 0) /
    series.reduce((sum, each) => sum + (each.atMs - atMs) ** 2, 0);
  return { mbIn10Min: perMs * 600_000, lastMb: last.mb };
}
