import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fillRoom } from '../../tests/support/fillRoom.ts';
import type { RoomClient } from '../../tests/support/people.ts';
import { administrator, Visitor } from '../../tests/support/people.ts';
import { ServerProcess } from '../../tests/support/serverProcess.ts';
import { freePort } from '../freePort.ts';
import { askChild, quantile, startChild } from './children.ts';
import type { Order, Report } from './crowd.ts';
import { listen, nothingHeard } from './listener.ts';
import type { Heard, Place } from './listener.ts';

/*
 * What a large discussion costs: a comment before 500 participants who have 20,000 comments, presence where 200 type before 2,000 who
 * watch, and joining a room of 1,000 and of 100,000 comments, alone and twenty at once. Figures are printed and compared with none.
 */
const body = 'A sentence or two about what was proposed, as people write them in a room like this.';
const many = {
  commandsPerSecond: 1e6,
  commandBurst: 1e6,
  commandsPerSecondPerAddress: 1e6,
  commandBurstPerAddress: 1e6,
  connectsPerMinutePerAddress: 1e6,
  signInsPerMinutePerAddress: 1e6,
  requestsPerSecond: 1e6,
  requestBurst: 1e6,
  participantSocketsPerRoom: 1_000,
  joinTimeoutMs: 120_000,
};
/** How a page asks for a room. */
const asked = { packs: 'gzip', lean: true };

interface Hall {
  readonly server: ServerProcess;
  readonly host: Visitor;
  readonly place: Place;
  /** Milliseconds of CPU that the server has used up. */
  readonly cpu: () => Promise<number>;
  readonly restart: () => Promise<void>;
}

async function withHall(use: (hall: Hall) => Promise<void>): Promise<void> {
  const metricsPort = await freePort();
  const env = { LIMITS: JSON.stringify(many), METRICS_PORT: String(metricsPort) };
  const server = await ServerProcess.start({ env });
  try {
    const host = await administrator(server.url, server.setupSecret);
    const { id: roomId } = await host.ok<{ id: string }>('POST', '/api/rooms', { title: 'Measured', visibility: 'public' });
    const place: Place = { base: server.url, relayPort: 0, roomId, draftId: '' };
    const cpu = async (): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]) * 1000;
    };
    const restart = async (): Promise<void> => {
      await server.stop();
      await server.start();
    };
    await use({ server, host, place, cpu, restart });
  } finally {
    await server.dispose();
  }
}

/** Fills the room of a hall with comments, while its server is down. */
async function fill({ server, place }: Hall, comments: number): Promise<void> {
  await server.stop();
  const said = Array.from({ length: comments }, (_, n) => ({ key: String(n), author: `author ${n % 40}`, parent: null, body }));
  await fillRoom(server.dataDir, place.roomId, said);
  await server.start();
}

/** The cookies of so many guests with a seat in the room. */
async function guests({ server, host, place }: Hall, count: number): Promise<readonly string[]> {
  const { path } = await host.ok<{ path: string }>('POST', `/api/rooms/${place.roomId}/invitations`, { role: 'member', days: 1 });
  const cookies: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const guest = new Visitor(server.url);
    await guest.ok('POST', '/api/invitations/accept', { secret: path.split('#')[1] ?? '', guestName: `Guest ${n}` });
    cookies.push(guest.cookie ?? '');
  }
  return cookies;
}

async function reportOf(child: ReturnType<typeof startChild>, order: Order): Promise<Heard> {
  return (await askChild<Report>(child, order)).room;
}

/** A comment before so many participants in a discussion of so many comments. */
async function comments(seats: number, before: number): Promise<string> {
  let line = '';
  await withHall(async (hall) => {
    const cookies = await guests(hall, seats);
    await fill(hall, before);
    const crowd = startChild('crowd.ts');
    const chair: RoomClient = await hall.host.join(hall.place.roomId);
    await askChild(crowd, { is: 'open', place: { ...hall.place, asked }, count: seats, doors: ['room'], cookies } satisfies Order);
    for (let n = 0; n < 3; n += 1) await chair.act({ type: 'postComment', body });
    await pause(2_000);
    const [cpu, heard] = [await hall.cpu(), await reportOf(crowd, { is: 'heard' })];
    const times = 30;
    const acks: number[] = [];
    for (let n = 0; n < times; n += 1) {
      const begun = performance.now();
      await chair.act({ type: 'postComment', body });
      acks.push(performance.now() - begun);
      await pause(15);
    }
    let now = heard;
    while (now.changes < heard.changes + times * seats) {
      await pause(50);
      now = await reportOf(crowd, { is: 'heard' });
    }
    const perComment = ((await hall.cpu()) - cpu) / times;
    const bytes = (now.bytes - now.presence - heard.bytes + heard.presence) / times / seats;
    chair.close();
    crowd.disconnect();
    line = `| comment, ${seats} participants, ${before} comments | ${perComment.toFixed(1)} ms of CPU, ack p50 / p99 ${quantile(acks, 0.5).toFixed(1)} / ${quantile(acks, 0.99).toFixed(1)} ms | ${Math.round(bytes)} bytes a recipient |`;
  });
  return line;
}

/** Presence, where so many type, each beginning or ending once in four seconds, before so many viewers. */
async function presence(typing: number, watching: number): Promise<string> {
  let line = '';
  await withHall(async (hall) => {
    const cookies = await guests(hall, typing);
    const [typists, viewers] = [startChild('crowd.ts'), startChild('crowd.ts')];
    const place = { ...hall.place, asked };
    await askChild(typists, { is: 'open', place, count: typing, doors: ['room'], cookies } satisfies Order);
    await askChild(viewers, { is: 'open', place, count: watching, doors: ['room'] } satisfies Order);
    await askChild(typists, { is: 'type', everyMs: 4_000 } satisfies Order);
    await pause(6_000);
    const all = async (): Promise<number> =>
      (await Promise.all([typists, viewers].map((crowd) => reportOf(crowd, { is: 'heard' })))).reduce((sum, { presence: n }) => sum + n, 0);
    const [begun, cpu, bytes] = [performance.now(), await hall.cpu(), await all()];
    await pause(10_000);
    const seconds = (performance.now() - begun) / 1000;
    const [rate, share] = [((await all()) - bytes) / seconds, ((await hall.cpu()) - cpu) / seconds / 10];
    for (const crowd of [typists, viewers]) crowd.disconnect();
    line = `| presence, ${typing} typing before ${watching} watching | ${share.toFixed(0)} % of a core | ${(rate / 1e6).toFixed(2)} MB/s |`;
  });
  return line;
}

/** Resident memory of a process in MB, as it is now and at most since `forget`; NaN where Linux does not tell. */
function memory(pid: number | null, what: 'VmRSS' | 'VmHWM'): number {
  try {
    return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

async function oneJoin(place: Place): Promise<{ readonly ms: number; readonly bytes: number }> {
  const heard = nothingHeard();
  const begun = performance.now();
  const socket = await listen('room', place, heard);
  const ms = performance.now() - begun;
  const closed = once(socket, 'close');
  socket.removeAllListeners('close');
  socket.close();
  await Promise.race([closed, pause(10)]);
  return { ms, bytes: heard.bytes };
}

/** Joins of a room with so many comments, as a program asks for it and as a page does: one by one, and twenty at once. */
async function joins(count: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await withHall(async (hall) => {
    await fill(hall, count);
    for (const [name, place] of [
      ['a page', { ...hall.place, asked }],
      ['a program', hall.place],
    ] as const) {
      await hall.restart();
      const first = await oneJoin(place);
      const [begunCpu, times] = [await hall.cpu(), 5];
      const ones: number[] = [];
      for (let n = 0; n < times; n += 1) ones.push((await oneJoin(place)).ms);
      const cpu = ((await hall.cpu()) - begunCpu) / times;
      await hall.restart();
      await pause(500);
      const { pid } = hall.server;
      const rss = memory(pid, 'VmRSS');
      if (Number.isFinite(rss)) writeFileSync(`/proc/${pid}/clear_refs`, '5');
      const begun = performance.now();
      await Promise.all(Array.from({ length: 20 }, () => oneJoin(place)));
      const together = performance.now() - begun;
      lines.push(
        `| join by ${name}, ${count} comments | first ${first.ms.toFixed(0)} ms, then ${quantile(ones, 0.5).toFixed(0)} ms, ${cpu.toFixed(1)} ms of CPU; twenty at once ${together.toFixed(0)} ms, +${(memory(pid, 'VmHWM') - rss).toFixed(0)} MB at most | ${first.bytes} bytes |`,
      );
    }
  });
  return lines;
}

/** Measures all of it and prints a table. */
export async function measureDiscussions(): Promise<void> {
  console.log(`\nLarge discussions, load ${loadavg()[0]?.toFixed(1)}:\n\n| what | server | wire |\n| --- | --- | --- |`);
  console.log(await comments(500, 20_000));
  console.log(await presence(200, 2_000));
  for (const count of [1_000, 100_000]) for (const line of await joins(count)) console.log(line);
}
