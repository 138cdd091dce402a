import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import * as Y from 'yjs';
import { administrator, invited, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import type { Row, Scale } from './row.ts';
import type { Found } from './support/held.ts';
import { bookkeeping, holdAgainst } from './support/held.ts';
import { readLedger } from './support/ledger.ts';
import { watch } from './support/watch.ts';
import { Writer } from './support/writer.ts';
import { randomOf } from '../support/random.ts';

const sizes = { slice: { cycles: 2, people: 6 }, ci: { cycles: 20, people: 20 }, nightly: { cycles: 200, people: 20 } } as const;
const opsPerSecond = 20;
/** A new room after so many kills, so that the last one has no more to read than the first. */
const cyclesPerRoom = 10;
const restartTargetMs = 2_000;

interface Room {
  readonly id: string;
  readonly draftId: string;
  readonly writers: Writer[];
}

/**
 * T1. Twenty people write in one room, twenty things a second each: marks put into and taken out of the draft, comments, support,
 * changes of role. The server is killed with -9 at a random moment. In half of the cycles the people lose all they have at the same
 * moment, so that nobody can bring back what the server forgot. What was acknowledged is looked for in the file, past the server.
 */
export async function run(scale: Scale, seed: number): Promise<Row> {
  const { cycles, people } = sizes[scale];
  const chance = randomOf(seed);
  const found = bookkeeping();
  const sums = { acked: 0, done: 0, restartMs: 0, parts: '', diedToo: 0, peakMb: 0 };
  const limits = { ...quickPace, framesPerSecond: 100_000, frameBurst: 100_000, socketsPerPerson: 50 };
  const server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(limits), LOG_LEVEL: 'info' } });
  try {
    const ana = await administrator(server.url, server.setupSecret);
    const first = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Killed', visibility: 'public' });
    const visitors = await Promise.all(Array.from({ length: people }, (_, n) => invited(ana, first.id, 'member', `writer${n}`)));
    let room: Room | null = null;
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      if (room === null || cycle % cyclesPerRoom === 0) {
        for (const writer of room?.writers ?? []) writer.vanish();
        room = await newRoom(ana, visitors, chance);
      }
      const dieToo = cycle % 2 === 1;
      sums.diedToo += dieToo ? 1 : 0;
      const watching = watch(server);
      await writeUntilKilled(server, room, chance, cycle % 2 === 0);
      sums.peakMb = Math.max(sums.peakMb, watching.peakMb);
      watching.stop();
      const { id, draftId, writers } = room;
      holdAgainst(readLedger(server.dataDir, id, draftId), writers, found, `cycle ${cycle}, killed`);
      if (dieToo) for (const writer of writers) writer.forget();
      const startedAt = performance.now();
      await server.start();
      const restartMs = performance.now() - startedAt;
      await Promise.all(writers.map((writer) => writer.arrive()));
      if (!dieToo) await Promise.all(writers.map((writer) => writer.sendAgain()));
      await everybodyHolds(server.dataDir, room, found, `cycle ${cycle}`);
      if (restartMs > sums.restartMs) Object.assign(sums, { restartMs, parts: partsOf(server.output) });
      const ops = [...writers.flatMap(({ edits }) => edits), ...writers.flatMap(({ commands }) => commands)];
      if (cycle % cyclesPerRoom === cyclesPerRoom - 1 || cycle === cycles - 1) {
        sums.acked += ops.filter(({ state }) => state === 'acked').length;
        sums.done += ops.length;
      }
      if (found.wrong.length > 20) break;
    }
    for (const writer of room?.writers ?? []) writer.vanish();
  } finally {
    await server.dispose();
  }
  return {
    test: 'T1',
    seed,
    done: `${cycles} kills (${sums.diedToo} with all clients), ${people} people, ${sums.done} operations, ${sums.acked} acknowledged`,
    lost: found.lost,
    doubled: found.doubled,
    stallMs: sums.restartMs,
    stallTargetMs: restartTargetMs,
    memoryMb: sums.peakMb,
    passed: found.wrong.length === 0 && sums.acked > cycles * people,
    notes: `The stall is the slowest restart${sums.parts}; the memory is the server's peak. ${found.wrong.slice(0, 8).join('; ')}`,
  };
}

/** Where the time of a start went, as the server logged it. */
function partsOf(output: string): string {
  const [, parts] = /\{"level":30[^\n]*?("code":\d+,[^\n]*?),"msg":"started"/.exec(output) ?? [];
  return parts === undefined ? '' : ` (${parts.replaceAll('"', '').replaceAll(':', ' ').replaceAll(',', ', ')} ms)`;
}

async function newRoom(ana: Visitor, visitors: readonly Visitor[], chance: (below: number) => number): Promise<Room> {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Killed', visibility: 'public' });
  const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${id}/invitations`, { role: 'member', days: 1 });
  const secret = path.split('#')[1] ?? '';
  for (const visitor of visitors) await visitor.ok('POST', '/api/invitations/accept', { secret });
  const chair = await ana.join(id);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  await chair.act({ type: 'postComment', body: 'the first comment' });
  chair.close();
  const writers = [ana, ...visitors].map((visitor) => new Writer(visitor, id, draftId, chance));
  await Promise.all(writers.map((writer) => writer.arrive()));
  return { id, draftId, writers };
}

/**
 * Lets everybody write, and kills the server after 0.3 to 1.6 seconds; `onWord`: right when one of them is told that something of his is
 * stored, since that is when it would be missing if it was said too early.
 */
async function writeUntilKilled(
  server: ServerProcess,
  { writers }: Room,
  chance: (below: number) => number,
  onWord: boolean,
): Promise<void> {
  const [chair, ...others] = writers;
  const timers = others.map((writer) =>
    setInterval(() => {
      const what = chance(100);
      if (what < 55) writer.insert();
      else if (what < 70) writer.remove();
      else if (what < 90) writer.say({ type: 'postComment', body: `of ${what}`, parent: what % 2 === 0 ? 1 : null });
      else writer.say({ type: what % 2 === 0 ? 'supportComment' : 'endSupport', comment: 1 });
    }, 1_000 / opsPerSecond),
  );
  timers.push(
    setInterval(() => {
      const whose = others[chance(others.length)];
      if (whose !== undefined)
        chair?.say({ type: 'changeRole', participantId: whose.participantId, role: chance(2) === 0 ? 'member' : 'recorder' });
    }, 100),
  );
  await new Promise((resolve) => setTimeout(resolve, 300 + chance(1_300)));
  if (onWord) await oneWord(writers);
  await server.kill();
  for (const timer of timers) clearInterval(timer);
  // What the server said before it died still arrives, and counts as said.
  await until(() => writers.every(({ draft, room }) => draft.closed !== null && !room.socket.connected), 'everybody to be cut off');
  for (const writer of writers) writer.vanish();
}

/** Resolves in the very turn of the event loop in which somebody's edit is acknowledged. */
async function oneWord(writers: readonly Writer[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const saved = writers.map(({ draft }) => draft.saved);
  const look = (): void => {
    if (writers.some(({ draft }, n) => draft.saved > (saved[n] ?? 0))) resolve();
  };
  for (const { draft } of writers) draft.ws.on('message', look);
  await promise;
  for (const { draft } of writers) draft.ws.off('message', look);
}

/** Waits until everybody holds what the log holds, and looks for everything acknowledged in it. */
async function everybodyHolds(dataDir: string, { id, draftId, writers }: Room, found: Found, when: string): Promise<void> {
  const ledger = readLedger(dataDir, id, draftId);
  holdAgainst(ledger, writers, found, `${when}, come back`);
  const truth = Y.snapshot(ledger.doc);
  const head = ledger.commits.at(-1)?.seq ?? 0;
  try {
    await Promise.all(writers.map(({ room }) => room.reached(head)));
    await until(() => writers.every(({ doc }) => Y.equalSnapshots(Y.snapshot(doc), truth)), 'everybody to hold the same');
  } catch (error) {
    found.wrong.push(`${when}: ${String(error)}`);
  }
  const hash = contentHash(ledger.doc.getXmlFragment(DRAFT_FIELD));
  const others = writers.filter(({ doc }) => contentHash(doc.getXmlFragment(DRAFT_FIELD)) !== hash).length;
  if (others > 0) found.wrong.push(`${when}: ${others} people hold another text than the log`);
}
