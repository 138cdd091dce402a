import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { randomOf } from '../support/random.ts';
import { administrator, until, Visitor } from '../support/people.ts';
import { GuardedServer, openPaces } from './doors/guarded.ts';
import { quantile } from './doors/hall.ts';
import type { Row, Scale } from './row.ts';
import type { Holding, Manner, Order, Place, Returned } from './storm/orders.ts';
import { bookkeeping, holdAgainst } from './support/held.ts';
import { inspect } from './support/inspect.ts';
import { readLedger } from './support/ledger.ts';
import { Writer } from './support/writer.ts';

interface Extent {
  readonly people: number;
  readonly rooms: number;
  readonly generators: number;
  readonly manners: readonly Manner[];
}
const atOnce = { copies: false, jitter: false };
const everyManner = [atOnce, { copies: true, jitter: false }, { copies: false, jitter: true }, { copies: true, jitter: true }];
const extents: Readonly<Record<Scale, Extent>> = {
  slice: { people: 24, rooms: 2, generators: 1, manners: [atOnce] },
  ci: { people: 300, rooms: 20, generators: 4, manners: everyManner },
  nightly: { people: 1_000, rooms: 20, generators: 4, manners: everyManner },
};
/** A draft of about 200 kB: so many frames of such a length. */
const frames = 400;
const frameLength = 480;
const commentsPerRoom = 40;
const syncedTargetMs = 5_000;
/** How long the writers of the rooms write before the server is killed. */
const writingMs = 400;

interface StormRoom {
  readonly roomId: string;
  readonly draftId: string;
  readonly writer: Writer;
}

export const timeoutMs = 20 * 60_000;

/**
 * T12. A hall full of people in twenty rooms with long drafts loses the server to kill -9, and all come back: at once or each after a
 * pause of his own, with the copies they had or with nothing. In every room somebody is writing meanwhile, and what was acknowledged to
 * him is looked for afterwards; everybody has to hold what the log holds.
 */
export async function run(scale: Scale, seed: number): Promise<readonly Row[]> {
  const { people, rooms: roomCount, generators, manners } = extents[scale];
  const chance = randomOf(seed);
  const guarded = await GuardedServer.start({ ...openPaces, rosterSize: 5_000 });
  const crowds = Array.from({ length: generators }, () => fork(new URL('./storm/generator.ts', import.meta.url), { execArgv: [] }));
  try {
    const ana = await administrator(guarded.url, guarded.process.setupSecret);
    const rooms: StormRoom[] = [];
    const places: Place[] = [];
    for (let n = 0; n < roomCount; n += 1) {
      const share = Math.floor(people / roomCount) + (n < people % roomCount ? 1 : 0);
      const { room, cookies } = await openRoom(ana, share, chance);
      rooms.push(room);
      places.push(...cookies.map((cookie) => ({ base: guarded.url, cookie, roomId: room.roomId, draftId: room.draftId })));
    }
    await Promise.all(
      crowds.map((crowd, index) =>
        ask(crowd, { is: 'open', places: places.filter((_, n) => n % generators === index), seed: seed + index }),
      ),
    );
    const rows: Row[] = [];
    for (const manner of manners) rows.push(await storm(guarded, crowds, rooms, manner, seed, people));
    for (const { writer } of rooms) writer.vanish();
    await guarded.process.stop();
    const wrong = await inspect(guarded.dataDir);
    const last = rows.pop();
    if (last === undefined) return rows;
    return [...rows, wrong.length === 0 ? last : { ...last, passed: false, notes: `${wrong.slice(0, 5).join('; ')}; ${last.notes}` }];
  } finally {
    for (const crowd of crowds) if (crowd.connected) crowd.disconnect();
    await guarded.dispose();
  }
}

async function storm(
  guarded: GuardedServer,
  crowds: readonly ChildProcess[],
  rooms: readonly StormRoom[],
  manner: Manner,
  seed: number,
  people: number,
): Promise<Row> {
  const writers = rooms.map(({ writer }) => writer);
  const typing = setInterval(() => {
    for (const writer of writers) {
      writer.insert();
      writer.say({ type: 'postComment', body: 'while it lasts' });
    }
  }, 50);
  await new Promise((resolve) => setTimeout(resolve, writingMs));
  await Promise.all(crowds.map((crowd) => ask(crowd, { is: 'expect', manner })));
  await guarded.kill();
  clearInterval(typing);
  await until(() => writers.every(({ draft, room }) => draft.closed !== null && !room.socket.connected), 'everybody to be cut off');
  for (const writer of writers) writer.vanish();
  const startedAt = performance.now();
  await guarded.process.start();
  const restartMs = performance.now() - startedAt;
  await guarded.beginsHere();
  const before = await guarded.figures();
  const listening = performance.now();
  const returning = crowds.map((crowd) => ask<Returned>(crowd, { is: 'go', watchdogMs: 10 * syncedTargetMs }));
  const resent = Promise.allSettled(
    writers.map(async (writer) => {
      await writer.arrive();
      await writer.sendAgain();
    }),
  );
  const returned = await Promise.all(returning);
  const syncedMs = performance.now() - listening;
  const away = (await resent).flatMap((one) => (one.status === 'rejected' ? String(one.reason) : []));
  const { stallMs, cpuMs } = await guarded.worst();
  const memoryMb = peakMb(guarded.process.pid);

  const found = bookkeeping();
  const hashes = new Map<string, string>();
  for (const { roomId, draftId, writer } of rooms) {
    const ledger = readLedger(guarded.dataDir, roomId, draftId);
    holdAgainst(ledger, [writer], found, `room ${roomId}`);
    hashes.set(draftId, contentHash(ledger.doc.getXmlFragment(DRAFT_FIELD)));
  }
  found.wrong.push(...(await othersThan(hashes, crowds)));
  const missing = returned.reduce((sum, one) => sum + one.missing, 0);
  const refused = returned.flatMap((one) => one.refused);
  if (away.length > 0) found.wrong.push(`${away.length} writers could not come back: ${away[0] ?? ''}`);
  if (missing > 0) found.wrong.push(`${missing} people were not back after ${(10 * syncedTargetMs) / 1_000} s`);
  if (refused.length > 0) found.wrong.push(`${refused.length} people were refused: ${refused.slice(0, 3).join(', ')}`);
  const drafts = returned.flatMap((one) => one.drafts);
  const both = [...drafts, ...returned.flatMap((one) => one.rooms)];
  const sum = (of: (one: Returned) => number): number => returned.reduce((total, one) => total + of(one), 0);
  const acked = writers.reduce((count, { edits }) => count + edits.filter(({ state }) => state === 'acked').length, 0);
  return {
    test: `T12 ${manner.jitter ? 'with jitter' : 'at once'}, ${manner.copies ? 'with copies' : 'with nothing'}`,
    seed,
    done: `${people} people in ${rooms.length} rooms with drafts of ${Math.round((frames * frameLength) / 1000)} kB, killed, ${acked} edits acknowledged to ${writers.length} writers`,
    lost: found.lost,
    doubled: found.doubled,
    stallMs: Math.round(stallMs),
    stallTargetMs: 500,
    memoryMb: Math.round(memoryMb),
    memoryTargetMb: 500,
    passed: found.wrong.length === 0 && acked > 0,
    notes: [
      `all synced ${Math.round(syncedMs)} ms after listening (target ${syncedTargetMs}); drafts p50 ${quantile(drafts, 0.5)}, last ${Math.max(0, ...drafts)} ms, both doors p99 ${quantile(both, 0.99)} ms`,
      `restart ${Math.round(restartMs)} ms, ${sum(({ tries }) => tries)} attempts in vain`,
      `CPU: server ${Math.round(cpuMs - before.cpuMs)} ms, generators ${sum(({ cpuMs: own }) => own)} ms on ${availableParallelism()} cores; a generator stood still for at most ${Math.max(...returned.map((one) => one.stallMs))} ms`,
      `load ${loadNow()}`,
      ...found.wrong.slice(0, 5),
    ].join('; '),
  };
}

/** People who hold another text than the log, once everything on its way has arrived. */
async function othersThan(hashes: ReadonlyMap<string, string>, crowds: readonly ChildProcess[]): Promise<readonly string[]> {
  let others = 0;
  for (let look = 0; look < 5; look += 1) {
    const held = (await Promise.all(crowds.map((crowd) => ask<Holding>(crowd, { is: 'holding' })))).flat();
    others = held.reduce((sum, { draftId, hash, people }) => sum + (hashes.get(draftId) === hash ? 0 : people), 0);
    if (others === 0) return [];
  }
  return [`${others} people hold another text than the log`];
}

/** A room with so many members, who have the cookies, and a long draft. */
async function openRoom(ana: Visitor, members: number, chance: (below: number) => number) {
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Storm', visibility: 'public' });
  const listed = await ana.ok<{ people: { participantId: string }[] }>('POST', `/api/rooms/${roomId}/roster`, {
    people: Array.from({ length: members }, (_, n) => ({ displayName: `Person ${n}`, role: 'member' })),
  });
  const { slips } = await ana.ok<{ slips: { path: string }[] }>('POST', `/api/rooms/${roomId}/slips`, {
    participantIds: listed.people.map(({ participantId }) => participantId),
  });
  const cookies = await Promise.all(
    slips.map(async ({ path }) => {
      const visitor = new Visitor(ana.base);
      await visitor.ok('POST', '/api/personal-links/follow', { secret: path.split('#')[1] ?? '' });
      return visitor.cookie ?? '';
    }),
  );
  const chair = await ana.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  await Promise.all(
    Array.from({ length: commentsPerRoom }, (_, n) => chair.act({ type: 'postComment', body: `comment ${n}: ${sentence(120, chance)}` })),
  );
  chair.close();
  const typist = await new DraftSocketClient(ana.base, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
  await typist.synced();
  for (let n = 0; n < frames; n += 1) typist.sendUpdate(typist.typed(sentence(frameLength, chance)));
  await until(() => typist.saved === frames || typist.closed !== null, 'a long draft', 60_000);
  typist.close();
  const writer = new Writer(ana, roomId, draftId, chance);
  await writer.arrive();
  return { room: { roomId, draftId, writer }, cookies };
}

function sentence(length: number, chance: (below: number) => number): string {
  let text = '';
  while (text.length < length) text += `${chance(2 ** 31).toString(36)} `;
  return text.slice(0, length);
}

async function ask<T>(child: ChildProcess, order: Order): Promise<T> {
  const over = new AbortController();
  const ended = once(child, 'exit', over).then(() => Promise.reject(new Error('a generator ended')));
  const answered = once(child, 'message', over) as Promise<[T]>;
  child.send(order);
  try {
    return (await Promise.race([answered, ended]))[0];
  } finally {
    over.abort();
  }
}

/** The most memory (resident set) the process has had, in MB; 0 where the system does not tell. */
function peakMb(pid: number | null): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function loadNow(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? '?';
  } catch {
    return '?';
  }
}
