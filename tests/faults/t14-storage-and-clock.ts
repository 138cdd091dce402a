import { MongoClient } from 'mongodb';
import { startInProcess } from '../integration/inProcess.ts';
import { canFailDisk, failDisk } from '../support/fullDisk.ts';
import { startMongoProxy } from '../support/mongoProxy.ts';
import { administrator, invited, until } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { brokenRow } from './modules.ts';
import type { Row, Scale } from './row.ts';
import { skippedRow } from './row.ts';
import { inspect } from './support/inspect.ts';
import { readLedger } from './support/ledger.ts';
import type { Ledger } from './support/ledger.ts';
import { readMongoLedger } from './support/mongoLedger.ts';
import { bookkeeping, holdAgainst } from './support/held.ts';
import { Writer } from './support/writer.ts';
import { randomOf } from '../support/random.ts';

const sizes = { slice: { rounds: 1, jumps: 40 }, ci: { rounds: 5, jumps: 400 }, nightly: { rounds: 50, jumps: 4_000 } } as const;
const DAY_MS = 24 * 60 * 60 * 1000;
const limits = { ...quickPace, framesPerSecond: 100_000, frameBurst: 100_000, socketsPerPerson: 50 };

/** T14. A disk that takes no more, a database that goes and comes back, and a clock that jumps by a day. */
export async function run(scale: Scale, seed: number): Promise<readonly Row[]> {
  return [
    canFailDisk ? await row('T14 disk', seed, onDisk(scale, seed)) : skippedRow('T14 disk', seed, 'prlimit is not on this machine'),
    await databaseRow(scale, seed, process.env.SHANGLIANG_TEST_MONGO_URL ?? ''),
    ...(await replicaRows(scale, seed, process.env.SHANGLIANG_TEST_MONGO_URL ?? '')),
    await row('T14 clock', seed, onClock(scale, seed)),
  ];
}

/** The part of T14 that needs a MongoDB. */
export async function databaseRow(scale: Scale, seed: number, url: string): Promise<Row> {
  return url === '' ? skippedRow('T14 database', seed, 'needs a MongoDB') : row('T14 database', seed, onMongo(scale, seed, url));
}

/** What a replica set does by itself, where the server is one and takes commands for tests: it steps down, and its majority is late. */
export async function replicaRows(scale: Scale, seed: number, url: string): Promise<readonly Row[]> {
  const tests = ['T14 step-down', 'T14 late majority'] as const;
  const admin = url === '' ? null : await adminOf(url);
  if (admin === null) return tests.map((test) => skippedRow(test, seed, 'needs a replica set with commands for tests'));
  const faults: Record<(typeof tests)[number], () => Promise<unknown>> = {
    'T14 step-down': () => admin.db('admin').command({ replSetStepDown: 1, force: true }),
    'T14 late majority': () =>
      admin.db('admin').command({
        configureFailPoint: 'failCommand',
        mode: { times: 2 },
        data: { failCommands: ['insert', 'update'], writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } },
      }),
  };
  try {
    const rows: Row[] = [];
    for (const test of tests) rows.push(await row(test, seed, onReplica(test, scale, seed, url, faults[test])));
    return rows;
  } finally {
    await admin.close();
  }
}

/** A connection to a replica set that takes commands for tests, or null. */
async function adminOf(url: string): Promise<MongoClient | null> {
  const client = new MongoClient(url);
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    await client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
    if (typeof hello.setName === 'string') return client;
  } catch {
    // A server that knows no fail points says so.
  }
  await client.close();
  return null;
}

async function onReplica(test: string, scale: Scale, seed: number, url: string, fault: () => Promise<unknown>): Promise<Row> {
  const dbName = `fault_${test.replace(/\W/g, '')}_${seed}_${process.pid}`;
  const direct = new URL(url);
  direct.pathname = `/${dbName}`;
  const server = await ServerProcess.start({ mongoUrl: direct.href, env: { LIMITS: JSON.stringify(limits), LOG_LEVEL: 'silent' } });
  const ledger = await readMongoLedger(url, dbName);
  try {
    return await throughFailures(test, server, scale, seed, {
      everyMs: 200,
      passes: true,
      fail: () => {
        // The connection that steps down is closed with the others.
        void fault().catch(() => undefined);
        return () => undefined;
      },
      ledger: ledger.read,
    });
  } finally {
    await server.dispose();
    await ledger.remove();
  }
}

/** What one part throws is that row's alone. */
function row(test: string, seed: number, work: Promise<Row>): Promise<Row> {
  return work.catch((error: unknown) => brokenRow(test, seed, error instanceof Error ? error.message : String(error)));
}

async function onDisk(scale: Scale, seed: number): Promise<Row> {
  const server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(limits), LOG_LEVEL: 'silent' } });
  try {
    const found = await throughFailures('T14 disk', server, scale, seed, {
      everyMs: 30,
      fail: () => failDisk(server),
      ledger: (roomId, draftId) => Promise.resolve(readLedger(server.dataDir, roomId, draftId)),
    });
    await server.stop();
    const wrong = await inspect(server.dataDir);
    return wrong.length === 0 ? found : { ...found, passed: false, notes: `${found.notes} ${wrong.join('; ')}` };
  } finally {
    await server.dispose();
  }
}

async function onMongo(scale: Scale, seed: number, url: string): Promise<Row> {
  const dbName = `fault_${seed}_${process.pid}`;
  const proxy = await startMongoProxy(url);
  const through = new URL(proxy.url);
  through.pathname = `/${dbName}`;
  const server = await ServerProcess.start({ mongoUrl: through.href, env: { LIMITS: JSON.stringify(limits), LOG_LEVEL: 'silent' } });
  const direct = await readMongoLedger(url, dbName);
  try {
    return await throughFailures('T14 database', server, scale, seed, {
      // FerretDB looks at every commit to find one, so each thing written makes all that follow slower.
      everyMs: 200,
      fail: () => {
        proxy.setReachable(false);
        return () => proxy.setReachable(true);
      },
      ledger: direct.read,
    });
  } finally {
    await server.dispose();
    await direct.remove();
    await proxy.stop();
  }
}

interface Failing {
  /** How often each person writes. */
  readonly everyMs: number;
  /** The failure passes by itself, perhaps before anybody is told of it. */
  readonly passes?: true;
  /** Makes the store fail; gives the undo. */
  readonly fail: () => () => void;
  readonly ledger: (roomId: string, draftId: string) => Promise<Ledger>;
}

/** Four people write; the store fails and comes back, again and again. */
async function throughFailures(
  test: string,
  server: ServerProcess,
  scale: Scale,
  seed: number,
  { everyMs, fail, ledger, passes }: Failing,
): Promise<Row> {
  const { rounds } = sizes[scale];
  const chance = randomOf(seed);
  const found = bookkeeping();
  const slowest = { told: 0, back: 0, through: 0 };
  const ana = await administrator(server.url, server.setupSecret);
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Failing', visibility: 'public' });
  const visitors = [ana, ...(await Promise.all(['ben', 'cai', 'dan'].map((handle) => invited(ana, id, 'member', handle))))];
  const watcher = await ana.join(id);
  const draftId = watcher.joined?.snapshot?.drafts[0]?.id ?? '';
  await watcher.act({ type: 'postComment', body: 'the first comment' });
  let storing = true;
  watcher.socket.on('room:storing', (told) => (storing = told.storing));
  const writers = visitors.map((visitor) => new Writer(visitor, id, draftId, chance));
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(writers.map((writer) => writer.arrive()));
    const before = writers.flatMap(({ commands }) => commands).length;
    const timers = writers.map((writer) =>
      setInterval(() => {
        if (chance(3) > 0) writer.insert();
        else writer.say({ type: 'postComment', body: 'x'.repeat(1 + chance(2_000)) });
      }, everyMs),
    );
    const acked = (): number => writers.flatMap(({ commands }) => commands.slice(0)).filter(({ state }) => state === 'acked').length;
    const then = acked();
    await until(() => acked() > then + 5, 'some comments to be stored');
    const failedAt = performance.now();
    const undo = fail();
    if (passes === true) {
      const atFault = acked();
      await until(() => storing && acked() > atFault + 5, 'more to be stored after the fault', 60_000);
      for (const timer of timers) clearInterval(timer);
    } else {
      await until(() => !storing, 'everybody to be told', 60_000);
      slowest.told = Math.max(slowest.told, performance.now() - failedAt);
      for (const timer of timers) clearInterval(timer);
      // Told means that nothing is acknowledged any more, until it is told otherwise.
      const heldAt = acked();
      const ready = await fetch(`${server.url}/readyz`);
      if (ready.status !== 503) found.wrong.push(`round ${round}: /readyz answered ${ready.status}`);
      const alive = await fetch(`${server.url}/healthz`);
      if (!alive.ok) found.wrong.push(`round ${round}: /healthz answered ${alive.status}`);
      if (acked() !== heldAt) found.wrong.push(`round ${round}: something was acknowledged while nothing could be stored`);
    }
    undo();
    const undoneAt = performance.now();
    await until(() => storing, 'the store to be used again', 60_000);
    slowest.back = Math.max(slowest.back, performance.now() - undoneAt);
    await throughAgain(writers, () => storing);
    slowest.through = Math.max(slowest.through, performance.now() - undoneAt);
    if (writers.flatMap(({ commands }) => commands).length === before) found.wrong.push(`round ${round}: nothing was said`);
    holdAgainst(await ledger(id, draftId), writers, found, `round ${round}`);
    const unsure = writers.flatMap(({ commands, edits }) => [...commands, ...edits]).filter(({ state }) => state !== 'acked');
    if (unsure.length > 0) {
      const states = [...new Set(unsure.map(({ state }) => state))].join(', ');
      found.wrong.push(`round ${round}: ${unsure.length} things did not get through afterwards (${states})`);
    }
    for (const writer of writers) writer.vanish();
  }
  watcher.close();
  const all = writers.flatMap(({ commands, edits }) => [...commands, ...edits]).length;
  return {
    test,
    seed,
    done: `${rounds} failures while 4 people did ${all} things; told after ${ms(slowest.told)}, used again ${ms(slowest.back)} and everything through ${ms(slowest.through)} after its return`,
    lost: found.lost,
    doubled: found.doubled,
    stallMs: slowest.back,
    stallTargetMs: 5_000,
    memoryMb: null,
    passed: found.wrong.length === 0,
    notes: `The stall is how long it took until the store was used again. ${found.wrong.slice(0, 6).join('; ')}`,
  };
}

/**
 * Everybody comes in anew and sends again what he does not know the end of, like a browser does: what was on its way when the store
 * went may fail only now, and then whoever came in that moment is sent away once more.
 */
async function throughAgain(writers: readonly Writer[], storing: () => boolean): Promise<void> {
  const deadline = performance.now() + 120_000;
  const unsure = (): boolean => writers.some(({ commands, edits }) => [...commands, ...edits].some(({ state }) => state === 'sent'));
  let sentAway = false;
  do {
    await until(storing, 'the store to be used again', 60_000);
    sentAway = false;
    for (const writer of writers) writer.vanish();
    await Promise.all(
      writers.map(async (writer) => {
        try {
          await writer.arrive();
        } catch (error) {
          sentAway = /storeUnavailable|socket has been disconnected/.test(String(error));
          if (!sentAway) throw error;
          return;
        }
        await writer.sendAgain();
      }),
    );
  } while ((sentAway || unsure()) && performance.now() < deadline);
  if (sentAway) throw new Error('somebody was sent away again and again');
}

function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}

async function onClock(scale: Scale, seed: number): Promise<Row> {
  const { jumps } = sizes[scale];
  const chance = randomOf(seed);
  const wrong: string[] = [];
  const start = Date.UTC(2026, 0, 5, 9);
  let now = start;
  let acked = 0;
  const server = await startInProcess({ now: () => now });
  const kept: { ledger: Ledger | null } = { ledger: null };
  try {
    const ana = await administrator(server.base, server.app.setupSecret ?? '');
    const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Jumping', visibility: 'public' });
    const room = await ana.join(id);
    const bodies: string[] = [];
    for (let jump = 0; jump < jumps; jump += 1) {
      now = start + [0, DAY_MS, -DAY_MS][chance(3)]! + chance(1_000);
      bodies.push(`comment ${jump}`);
      const answer = await room.send({ type: 'postComment', body: `comment ${jump}` });
      if (answer.ok) acked += 1;
      else wrong.push(`refused: ${answer.rejection.code}`);
    }
    await until(() => room.commits.length >= acked, 'all commits');
    const times = room.commits.map(({ at }) => at);
    if (times.some((at, index) => index > 0 && at <= (times[index - 1] ?? 0))) wrong.push('the time of the log runs backwards');
    const said = room.commits
      .flatMap(({ events }) => events)
      .flatMap(({ event }) => (event?.type === 'comment.posted' ? [event.body.text] : []));
    if (said.join() !== bodies.join()) wrong.push('the order is another than that of the sending');
    kept.ledger = readLedger(server.folder, id, '');
    room.close();
  } finally {
    await server.dispose();
  }
  const posted = kept.ledger?.commits.filter(({ events }) => events.includes('comment.posted')).length ?? 0;
  return {
    test: 'T14 clock',
    seed,
    done: `${jumps} comments, the clock jumping a day ahead or back before each`,
    lost: Math.max(0, acked - posted),
    doubled: Math.max(0, posted - acked),
    stallMs: null,
    memoryMb: null,
    passed: wrong.length === 0,
    notes: wrong.slice(0, 5).join('; '),
  };
}
