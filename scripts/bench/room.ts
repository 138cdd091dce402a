/*
 * What one keystroke, one comment and one join cost the server at 10, 100 and 1,000 listeners, beside a bare `ws` relay that is sent
 * messages of the same size in the same run:
 *   npm run bench -- room
 *   npm run bench -- room 10,100        with other numbers of listeners
 *   npm run bench -- room discussions   only large discussions, see discussions.ts
 * Figures are printed and compared with no other run: machines differ. It ends with 1 only where something grows clearly worse than
 * linearly with the listeners.
 */
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '../../shared/document/schema.ts';
import { DraftSocketClient } from '../../tests/integration/draftSocket.ts';
import { administrator } from '../../tests/support/people.ts';
import { ServerProcess } from '../../tests/support/serverProcess.ts';
import { freePort } from '../freePort.ts';
import { askChild, startChild } from './children.ts';
import type { Order, Report } from './crowd.ts';
import { measureDiscussions } from './discussions.ts';
import { listen, nothingHeard } from './listener.ts';
import type { Door, Heard, Place } from './listener.ts';

const only = process.argv[2];
if (only === 'discussions') {
  await measureDiscussions();
  process.exit(0);
}
const sizes = (only ?? '10,100,1000').split(',').map(Number);
const times = { keystroke: 200, comment: 60, join: 30 };
/** Between two acts, so that each is told by itself. */
const paceMs = 15;
/** Ten times the listeners may cost so many times ten times as much before it counts as worse than linear. */
const margin = 2;
/** Less than this cannot be told from noise. */
const floorMs = 0.1;

type Act = keyof typeof times | 'relayed keystroke' | 'relayed comment' | 'relayed join';
interface Cost {
  readonly act: Act;
  readonly listeners: number;
  readonly cpuMs: number;
  readonly bytes: number;
  readonly p50: number;
  readonly p99: number;
}

async function measure(listeners: number): Promise<readonly Cost[]> {
  const metricsPort = await freePort();
  const many = {
    commandsPerSecond: 1e6,
    commandBurst: 1e6,
    commandsPerSecondPerAddress: 1e6,
    commandBurstPerAddress: 1e6,
    framesPerSecond: 1e6,
    frameBurst: 1e6,
    frameBytesPerSecond: 1e9,
    connectsPerMinutePerAddress: 1e6,
  };
  const server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(many), METRICS_PORT: String(metricsPort) } });
  const relay = startChild('relay.ts');
  const crowds = Array.from({ length: listeners > 200 ? 2 : 1 }, () => startChild('crowd.ts'));
  try {
    const [{ port: relayPort }] = (await once(relay, 'message')) as [{ port: number }];
    const ana = await administrator(server.url, server.setupSecret);
    const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Measured', visibility: 'public' });
    const chair = await ana.join(roomId);
    const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
    const place: Place = { base: server.url, relayPort, roomId, draftId };
    const typist = await new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
    await typist.synced();
    await acknowledged(typist, () => typist.sendUpdate(typist.typed('A')));
    for (const crowd of crowds) await askChild(crowd, { is: 'open', place, count: listeners / crowds.length } satisfies Order);

    const serverCpu = async (): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]) * 1000;
    };
    const relayCpu = async (): Promise<number> => (await askChild<{ cpuMs: number }>(relay, {})).cpuMs;
    const heard = async (door: Door): Promise<Heard> => {
      const reports = await Promise.all(crowds.map((crowd) => askChild<Report>(crowd, { is: 'heard' } satisfies Order)));
      return {
        changes: reports.reduce((sum, report) => sum + report[door].changes, 0),
        bytes: reports.reduce((sum, report) => sum + report[door].bytes, 0),
        presence: reports.reduce((sum, report) => sum + report[door].presence, 0),
      };
    };

    /** Does something again and again, waits until every listener has heard it, and takes the means. */
    const cost = async (act: Act, count: number, cpu: () => Promise<number>, door: Door | null, once: () => Promise<number>) => {
      const ms: number[] = [];
      const ownBytes = act.endsWith('join');
      for (let n = 0; n < 5; n += 1) await once();
      await pause(500);
      await cpu();
      const asked = await cpu();
      const begin = await cpu();
      const before = door === null ? null : await heard(door);
      let bytes = 0;
      for (let n = 0; n < count; n += 1) {
        const figure = await once();
        if (ownBytes) bytes += joinedBytes;
        ms.push(figure);
        await pause(paceMs);
      }
      if (door !== null && before !== null) {
        const wanted = before.changes + count * listeners;
        const end = performance.now() + 60_000;
        let now = await heard(door);
        while (now.changes < wanted) {
          if (performance.now() > end) throw new Error(`${act}: ${wanted - now.changes} deliveries are missing`);
          await pause(20);
          now = await heard(door);
        }
        bytes = (now.bytes - before.bytes) / listeners;
      } else await pause(500);
      ms.sort((a, b) => a - b);
      const at = (share: number): number => ms[Math.min(ms.length - 1, Math.floor(ms.length * share))] ?? 0;
      const cpuMs = Math.max(0, (await cpu()) - begin - (begin - asked)) / count;
      return { act, listeners, cpuMs, bytes: bytes / count, p50: at(0.5), p99: at(0.99) };
    };

    const text = (typist.doc.getXmlFragment(DRAFT_FIELD).toArray().at(-1) as Y.XmlElement).get(0) as Y.XmlText;
    let keystrokeBytes = 0;
    const keystroke = async (): Promise<number> =>
      acknowledged(typist, () => {
        const vector = Y.encodeStateVector(typist.doc);
        text.insert(text.length, 'a');
        const update = Y.encodeStateAsUpdate(typist.doc, vector);
        keystrokeBytes = update.byteLength + 3;
        typist.sendUpdate(update);
      });
    const comment = async (): Promise<number> => {
      const begun = performance.now();
      await chair.act({
        type: 'postComment',
        body: 'A sentence or two about what was proposed, as people write them in a room like this.',
      });
      return performance.now() - begun;
    };
    const sender = await listen('relay', place, nothingHeard());
    const relayed = (size: number) => async (): Promise<number> => {
      const begun = performance.now();
      const answered = once(sender, 'message');
      sender.send(Buffer.alloc(Math.round(size)));
      await answered;
      return performance.now() - begun;
    };
    let joinedBytes = 0;
    const join = (doors: readonly Door[]) => async (): Promise<number> => {
      const begun = performance.now();
      const own = nothingHeard();
      const sockets: WebSocket[] = await Promise.all(doors.map((door) => listen(door, place, own)));
      const took = performance.now() - begun;
      joinedBytes = own.bytes;
      for (const socket of sockets) socket.close();
      return took;
    };

    const costs: Cost[] = [];
    costs.push(await cost('keystroke', times.keystroke, serverCpu, 'draft', keystroke));
    costs.push(await cost('relayed keystroke', times.keystroke, relayCpu, 'relay', relayed(keystrokeBytes)));
    const commented = await cost('comment', times.comment, serverCpu, 'room', comment);
    costs.push(commented, await cost('relayed comment', times.comment, relayCpu, 'relay', relayed(commented.bytes)));
    costs.push(await cost('join', times.join, serverCpu, null, join(['room', 'draft'])));
    costs.push(await cost('relayed join', times.join, relayCpu, null, join(['relay', 'relay'])));
    sender.close();
    typist.close();
    chair.close();
    return costs;
  } finally {
    for (const child of [relay, ...crowds]) child.disconnect();
    await server.dispose();
  }
}

/** Sends one write frame; gives the milliseconds until it was told to be durable. */
async function acknowledged(client: DraftSocketClient, send: () => void): Promise<number> {
  const { saved } = client;
  const begun = performance.now();
  send();
  while (client.saved === saved) await once(client.ws, 'message');
  return performance.now() - begun;
}

const all: Cost[] = [];
for (const size of sizes) {
  console.log(`${size} listeners ...`);
  all.push(...(await measure(size)));
}
const of = (act: string, listeners: number): Cost | undefined => all.find((cost) => cost.act === act && cost.listeners === listeners);
console.log(
  '\n| act | listeners | server CPU ms | bytes per recipient | ack p50 / p99 ms | relay CPU ms | relay p50 / p99 ms | CPU: ours / relay |',
);
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const act of ['keystroke', 'comment', 'join']) {
  for (const size of sizes) {
    const [ours, bare] = [of(act, size), of(`relayed ${act}`, size)];
    if (ours === undefined || bare === undefined) continue;
    const ratio = bare.cpuMs > 0 ? (ours.cpuMs / bare.cpuMs).toFixed(1) : '–';
    const figures = [ours.cpuMs.toFixed(2), Math.round(ours.bytes), `${ours.p50.toFixed(1)} / ${ours.p99.toFixed(1)}`];
    console.log(
      `| ${[act, size, ...figures, bare.cpuMs.toFixed(2), `${bare.p50.toFixed(1)} / ${bare.p99.toFixed(1)}`, ratio].join(' | ')} |`,
    );
  }
}
console.log('\nNothing may grow worse than linearly with the listeners:');
let worse = 0;
for (const act of ['keystroke', 'comment', 'join']) {
  sizes.slice(1).forEach((size, index) => {
    const fewer = sizes[index] ?? size;
    const growth = Math.max(floorMs, of(act, size)?.cpuMs ?? 0) / Math.max(floorMs, of(act, fewer)?.cpuMs ?? 0);
    const most = (size / fewer) * margin;
    if (growth > most) worse += 1;
    console.log(`  ${act}, ${fewer} -> ${size}: ${growth.toFixed(1)} times the CPU, at most ${most}: ${growth > most ? 'WORSE' : 'ok'}`);
  });
}
if (only === undefined) await measureDiscussions();
process.exit(worse === 0 ? 0 : 1);
