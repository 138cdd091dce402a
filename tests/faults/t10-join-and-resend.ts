import type { Journal, Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { firstBreak } from '#shared/domain/commit.ts';
import { startInProcess } from '../integration/inProcess.ts';
import { administrator, freshCommandId, invited, RoomClient, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import type { Head } from '#shared/protocol/messages.ts';
import type { Row, Scale } from './row.ts';
import { startCuttingProxy } from './support/cutting.ts';
import { countsOf, isDense, readLedger } from './support/ledger.ts';
import { watch } from './support/watch.ts';
import { randomOf } from '../support/random.ts';

const sizes = {
  slice: { joins: 60, comments: 200, senders: 5 },
  ci: { joins: 500, comments: 2_000, senders: 10 },
  nightly: { joins: 5_000, comments: 20_000, senders: 20 },
} as const;
const writesPerSecond = 200;

/** T10. Whoever joins has every commit once, whenever he came; and whatever is sent over and over over bad lines acts once. */
export async function run(scale: Scale, seed: number): Promise<readonly Row[]> {
  return [await joinWhileOthersWrite(scale, seed), await resendOverBadLines(scale, seed)];
}

/** Reads of a room's log take a random while, so that commits happen between subscribing and reading. */
function withSlowHistory(chance: (below: number) => number): (store: Store<RecordKinds>) => Store<RecordKinds> {
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, chance(30)));
  return (store) => {
    const real = store.journal;
    const journal: Journal = {
      ...real,
      head: async (stream) => {
        const head = await real.head(stream);
        await wait();
        return head;
      },
      readCommits: async (stream, after, limit) => {
        await wait();
        const commits = await real.readCommits(stream, after, limit);
        await wait();
        return commits;
      },
    };
    const records: Store<RecordKinds>['records'] = {
      ...store.records,
      get: async (kind, id) => {
        const found = await store.records.get(kind, id);
        await wait();
        return found;
      },
    };
    return { ...store, journal, records };
  };
}

async function joinWhileOthersWrite(scale: Scale, seed: number): Promise<Row> {
  const chance = randomOf(seed);
  const { joins } = sizes[scale];
  const server = await startInProcess({ wrap: withSlowHistory(chance) });
  const wrong: string[] = [];
  let doubled = 0;
  let lost = 0;
  let last = 0;
  const heads = new Set<number>();
  try {
    const ana = await administrator(server.base, server.app.setupSecret ?? '');
    const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Joined', visibility: 'public' });
    const writer = await ana.join(id);
    const refused: string[] = [];
    const writing = setInterval(() => {
      void writer.send({ type: 'postComment', body: 'x' }).then(
        (answer) => (answer.ok ? (last = Math.max(last, answer.seq)) : refused.push(answer.rejection.code)),
        (error: unknown) => refused.push(String(error)),
      );
    }, 1_000 / writesPerSecond);
    await until(() => last > 5, 'the first comments');
    for (let batch = 0; batch < joins / 20; batch += 1) {
      const clients = Array.from({ length: 20 }, () => new RoomClient(server.base, null, id));
      // Half of them come back with what they held before.
      const held = writer.commits[chance(writer.commits.length)];
      await Promise.all(
        clients.map(async (client, n) => {
          const after = n % 2 === 0 && held !== undefined ? { seq: held.seq, hash: held.hash } : undefined;
          const answer = await client.tryJoin(after);
          if (!answer.ok) throw new Error(answer.rejection.code);
          client.joined = answer;
          heads.add(answer.head.seq);
          const aimedAt = answer.head.seq + 5;
          await until(() => (client.commits.at(-1)?.seq ?? 0) >= aimedAt, 'what came after');
          const early = answer.snapshot === undefined ? (answer.commits ?? []) : [];
          const start = early.length > 0 || after !== undefined ? (after ?? answer.head) : answer.head;
          const from = answer.snapshot === undefined ? start : answer.head;
          const pushed = client.commits.filter(({ seq }) => seq > answer.head.seq);
          const all = [...early, ...pushed];
          const seqs = all.map(({ seq }) => seq);
          doubled += seqs.length - new Set(seqs).size;
          lost += seqs.filter((seq, index) => seq > from.seq + index + 1).length > 0 ? 1 : 0;
          const broken = firstBreak(all, from);
          if (broken !== null) wrong.push(`a joiner's chain breaks at ${broken}`);
        }),
      );
      for (const client of clients) client.close();
    }
    clearInterval(writing);
    if (refused.length > 0) wrong.push(`${refused.length} comments refused: ${refused[0] ?? ''}`);
    if (heads.size < joins / 20) wrong.push('they all came at the same moment');
    writer.close();
  } finally {
    await server.dispose();
  }
  return {
    test: 'T10 joining',
    seed,
    done: `${joins} joins at ${heads.size} different moments, delays in between, while ${last} commits were made`,
    lost,
    doubled,
    stallMs: null,
    memoryMb: null,
    passed: wrong.length === 0,
    notes: wrong.slice(0, 5).join('; '),
  };
}

async function resendOverBadLines(scale: Scale, seed: number): Promise<Row> {
  const chance = randomOf(seed + 1);
  const { comments, senders } = sizes[scale];
  const wrong: string[] = [];
  const server = await ServerProcess.start({
    env: { LIMITS: JSON.stringify({ ...quickPace, socketsPerPerson: 200, socketsPerPersonInAll: 400 }), LOG_LEVEL: 'error' },
  });
  // Now and then a line holds: over others a newcomer could never be told of a room that has grown large while nobody was in.
  const proxy = await startCuttingProxy(server.url, () =>
    chance(20) === 0 ? 50_000_000 : 300 + chance([3_000, 30_000, 300_000][chance(3)] ?? 0),
  );
  const acked = new Map<string, number>();
  /** The last commit anybody was told of: whoever comes back asks for the rest only, as a page does. */
  const held: { head: Head | undefined } = { head: undefined };
  let sent = 0;
  const found = { rows: 0, doubled: 0, lost: 0, stallMs: 0 };
  try {
    const ana = await administrator(server.url, server.setupSecret);
    const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Cut off', visibility: 'public' });
    const ben = await invited(ana, id, 'member', 'ben');
    const watching = watch(server);
    const each = comments / senders;
    await Promise.all(
      Array.from({ length: senders }, async () => {
        const mine = Array.from({ length: each }, () => freshCommandId());
        for (let attempt = 0; mine.some((one) => !acked.has(one)); attempt += 1) {
          if (attempt > 1_000) throw new Error('did not get through');
          const times = await sendOver(proxy.url, ben, id, mine.filter((one) => !acked.has(one)).slice(0, 25), acked, held, wrong);
          sent += times;
        }
      }),
    );
    found.stallMs = watching.stallMs;
    watching.stop();
    await server.stop();
    const draftless = readLedger(server.dataDir, id, '');
    const posted = draftless.commits.filter(({ events }) => events.includes('comment.posted'));
    found.rows = posted.length;
    found.doubled = [...countsOf(posted.map(({ commandId }) => commandId)).values()].filter((count) => count > 1).length;
    const seqs = new Map(posted.map(({ commandId, seq }) => [commandId, seq]));
    found.lost = [...acked].filter(([commandId, seq]) => seqs.get(commandId) !== seq).length;
    if (found.rows !== comments) wrong.push(`${found.rows} rows of ${comments} comments`);
    if (!isDense(draftless.commits.map(({ seq }) => seq))) wrong.push('the room has a gap');
    if (proxy.cuts < senders) wrong.push('hardly anything was cut');
  } finally {
    await proxy.stop();
    await server.dispose();
  }
  return {
    test: 'T10 resending',
    seed,
    done: `${comments} comments sent ${sent} times over lines cut ${proxy.cuts} times: ${found.rows} rows`,
    lost: found.lost,
    doubled: found.doubled + Math.max(0, found.rows - comments),
    stallMs: found.stallMs,
    stallTargetMs: 500,
    memoryMb: null,
    passed: wrong.length === 0,
    notes: wrong.slice(0, 5).join('; '),
  };
}

/** One connection: sends commands until it is cut, and notes what was acknowledged. Gives how many were sent. */
async function sendOver(
  base: string,
  { cookie }: Visitor,
  roomId: string,
  ids: readonly string[],
  acked: Map<string, number>,
  held: { head: Head | undefined },
  wrong: string[],
): Promise<number> {
  const client = new RoomClient(base, cookie, roomId);
  const cut = new Promise<'cut'>((resolve) => {
    client.socket.once('disconnect', () => resolve('cut'));
    client.socket.once('connect_error', () => resolve('cut'));
  });
  let sent = 0;
  try {
    const joined = await Promise.race([client.tryJoin(held.head).catch(() => 'cut' as const), cut]);
    if (joined === 'cut' || !joined.ok) return sent;
    if (joined.head.seq > (held.head?.seq ?? 0)) held.head = joined.head;
    const sending = ids.map(async (id) => {
      sent += 1;
      const answer = await client.send({ type: 'postComment', body: `comment ${id}` }, id);
      if (!answer.ok) wrong.push(`refused: ${answer.rejection.code}`);
      else if ((acked.get(id) ?? answer.seq) !== answer.seq) wrong.push('the same command got another number');
      else acked.set(id, answer.seq);
    });
    await Promise.race([Promise.all(sending.map((one) => one.catch(() => undefined))), cut]);
    return sent;
  } finally {
    const last = client.commits.at(-1);
    if (last !== undefined && last.seq > (held.head?.seq ?? 0)) held.head = { seq: last.seq, hash: last.hash };
    client.close();
  }
}
