import { connect } from 'node:net';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { stepOneFrame } from '#server/drafts/frames.ts';
import { Bystander, openHall, quantile, roles } from './doors/hall.ts';
import type { Hall, Role } from './doors/hall.ts';
import { honestFrames } from './doors/frames.ts';
import { mutate, mutateText } from '../support/mutate.ts';
import type { Row, Scale } from './row.ts';
import { until } from '../support/people.ts';
import { draftLog, roomLog } from '../support/storedLogs.ts';
import { randomOf } from '../support/random.ts';

/* Frames, packets, lines and bodies that chance has spoilt, at every door and from every kind of person, against a real server. */

export const timeoutMs = 60 * 60_000;

interface Amounts {
  readonly frames: number;
  readonly packets: number;
  readonly lines: number;
  readonly bodies: number;
}
const amounts: Readonly<Record<Scale, Amounts>> = {
  slice: { frames: 3_000, packets: 400, lines: 150, bodies: 200 },
  ci: { frames: 100_000, packets: 10_000, lines: 2_000, bodies: 4_000 },
  nightly: { frames: 1_000_000, packets: 100_000, lines: 20_000, bodies: 40_000 },
};
type Random = (below: number) => number;

export async function run(scale: Scale, seed: number): Promise<Row> {
  const random = randomOf(seed);
  const amount = amounts[scale];
  const hall = await openHall();
  const problems: string[] = [];
  try {
    const bystander = await Bystander.at(hall);
    for (let n = 0; n < 40; n += 1) await bystander.word();
    const usual = bystander.waitedMs.splice(0);
    const heldBefore = await hall.guarded.heldMb();
    await hall.guarded.beginsHere();
    const asking = setInterval(() => void hall.guarded.figures().catch(() => undefined), 500);
    bystander.begin(50);
    const closed = await spoiltFrames(hall, amount.frames, random);
    await spoiltPackets(hall, amount.packets, random);
    await spoiltLines(hall, amount.lines, random);
    const answers = await spoiltBodies(hall, amount.bodies, random);
    await bystander.end();
    clearInterval(asking);
    if (answers.failed > 0) problems.push(`${answers.failed} answers of 500 and more`);
    // A server that goes down is not there to be asked.
    const worst = await hall.guarded.worst();
    const held = await hall.guarded.heldMb();
    if (/unhandled|uncaught|promise failed/i.test(hall.guarded.process.output))
      problems.push('the server complained of an error nobody caught');
    const strangers = strangeRows(hall);
    if (strangers > 0) problems.push(`${strangers} rows of people who may not write`);
    const { roomId, draftId } = hall.roomOf('editor');
    const { text } = await hall.ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
    if (text !== bystander.client.text) problems.push('the bystander holds another text than the server');
    bystander.client.close();
    const p99 = (waited: readonly number[]): string => quantile(waited, 0.99).toFixed(0);
    return {
      test: 'T5',
      seed,
      done: `${amount.frames} y-websocket frames (${closed} refused with a close), ${amount.packets} Socket.IO packets, ${amount.lines} raw lines, ${amount.bodies} HTTP bodies, as ${roles.join(', ')}`,
      lost: 0,
      doubled: 0,
      stallMs: Math.round(worst.stallMs),
      stallTargetMs: 200,
      memoryMb: Math.round(worst.grownMb),
      memoryTargetMb: 100,
      passed: problems.length === 0,
      notes: `${problems.join('; ') || '0 exits, 0 rows of non-writers'}; ${bystander.waitedMs.length} words of a bystander, ack p50 ${quantile(bystander.waitedMs, 0.5).toFixed(0)} ms p99 ${p99(bystander.waitedMs)} ms (before: p50 ${quantile(usual, 0.5).toFixed(0)} p99 ${p99(usual)}); objects held ${heldBefore.toFixed(0)} MB before, ${held.toFixed(0)} MB after; server processor time ${(worst.cpuMs / 1000).toFixed(1)} s`,
    };
  } finally {
    await hall.dispose();
  }
}

/** Rows in the logs by those who may not write: in a draft all but the editor and the bystander, in a room strangers and the observer. */
function strangeRows(hall: Hall): number {
  const { dataDir } = hall.guarded;
  const chairId = hall.chair.joined?.you.participantId ?? '';
  const writers = new Set([hall.idOf('editor'), chairId, 'system']);
  const drafts = [hall.roomOf('editor'), hall.roomOf('commenter')];
  const entries = drafts.flatMap(({ draftId }) => draftLog(dataDir, draftId)).filter(({ actor_id }) => !writers.has(actor_id));
  const commits = roomLog(dataDir, hall.roomOf('observer').roomId).filter(
    ({ actor_id, types }) => (actor_id === hall.idOf('observer') || actor_id === 'anonymous') && !types.includes('participant.joined'),
  );
  return entries.length + commits.length;
}

/** Runs `count` pieces of work, `lanes` at a time. */
async function inLanes(lanes: number, count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

/** Throws where the server is gone: there would be no end of trying. */
function mustRun({ guarded }: Hall): void {
  if (guarded.process.hasEnded) throw new Error(`the server ended: ${guarded.process.output.slice(-1_000)}`);
}

/** Frames at the draft's door. A refused frame closes its socket; the next one comes from a new socket. Gives how many were closed. */
async function spoiltFrames(hall: Hall, count: number, random: Random): Promise<number> {
  let sent = 0;
  let closed = 0;
  let corpus = honestFrames(random);
  const question = stepOneFrame(Y.encodeStateVector(new Y.Doc()));
  const lane = async (role: Role): Promise<void> => {
    while (sent < count) {
      mustRun(hall);
      const client = await hall.draftAs(role).settled();
      while (client.closed === null && client.ws.readyState === WebSocket.OPEN && sent < count) {
        if (random(50) === 0) corpus = honestFrames(random);
        // A few at once, as a busy editor sends them; then a proper question, so that all of them have been looked at.
        for (let burst = 1 + random(4); burst > 0 && sent < count; burst -= 1) {
          const pick = (): Uint8Array => corpus[random(corpus.length)] ?? new Uint8Array();
          client.send(mutate(pick(), pick(), random));
          sent += 1;
        }
        const answered = client.stepTwos;
        client.send(question);
        await until(() => client.stepTwos > answered || client.closed !== null, 'an answer or a close', 60_000);
      }
      if (client.closed === null) client.ws.terminate();
      else closed += 1;
    }
  };
  await Promise.all([...roles, ...roles].map(lane));
  return closed;
}

function upgrade(hall: Hall, role: Role, address: string): WebSocket {
  const ws = new WebSocket(`${hall.guarded.url.replace('http', 'ws')}${address}`, {
    headers: { origin: hall.guarded.url, ...hall.cookieOf(role) },
  });
  ws.on('error', () => undefined);
  return ws;
}

/** Packets at the room's door: each socket joins first, as its person, and then sends what chance makes of honest packets. */
async function spoiltPackets(hall: Hall, count: number, random: Random): Promise<void> {
  let sent = 0;
  let made = 0;
  const honest = (role: Role): readonly string[] => [
    `42${String((made += 1))}["room:join",{"v":2,"roomId":"${hall.roomOf(role).roomId}"}]`,
    `42${String(made)}["command:send",{"commandId":"fuzz-${String(made)}-abcdef","command":{"type":"postComment","body":"words ${String(made)}"}}]`,
    `42${String(made)}["command:send",{"commandId":"fuzz-${String(made)}-ghijkl","command":{"type":"supportComment","comment":1}}]`,
    `42${String(made)}["room:catchup",{"after":0}]`,
    '42["presence:set",{"typing":"comment"}]',
    '451-["command:send",{"_placeholder":true,"num":0}]',
    '2',
    '41',
  ];
  const lane = async (role: Role): Promise<void> => {
    while (sent < count) {
      mustRun(hall);
      const ws = upgrade(hall, role, '/socket.io/?EIO=4&transport=websocket');
      await new Promise((resolve) => ws.on('open', resolve).on('close', resolve));
      const texts = honest(role);
      if (ws.readyState === WebSocket.OPEN) {
        ws.send('40');
        ws.send(texts[0] ?? '');
      }
      for (let n = 0; n < 60 && sent < count && ws.readyState === WebSocket.OPEN; n += 1) {
        const pick = (): string => texts[random(texts.length)] ?? '';
        const text = mutateText(pick(), pick(), random);
        ws.send(random(20) === 0 ? Buffer.from(text) : text);
        sent += 1;
        if (n % 6 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      ws.close();
    }
  };
  await Promise.all(roles.map(lane));
}

/** Below WebSocket: bytes after a proper upgrade that are no frames, or spoilt ones; and upgrades that are none. */
async function spoiltLines(hall: Hall, count: number, random: Random): Promise<void> {
  const { port } = hall.guarded.process;
  await inLanes(8, count, async () => {
    const role = roles[random(roles.length)] ?? 'editor';
    const { roomId, draftId } = hall.roomOf(role);
    const { cookie } = hall.cookieOf(role);
    const path = random(3) === 0 ? '/socket.io/?EIO=4&transport=websocket' : `/yjs/${roomId}/${draftId}?editor=3`;
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${String(port)}`,
      `Origin: ${hall.guarded.url}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
      '',
      '',
    ].join('\r\n');
    const payload = honestFrames(random)[random(7)] ?? new Uint8Array();
    // Masked with zeros: the mask bit is set, the payload reads as it is.
    const frame = Buffer.concat([Buffer.of(0x80 | 2, 0x80 | Math.min(125, payload.length), 0, 0, 0, 0), payload.subarray(0, 125)]);
    const spoilt = Buffer.from(mutate(frame, frame, random));
    const spoilHead = random(5) === 0;
    await new Promise<void>((resolve) => {
      const line = connect(port, '127.0.0.1');
      // Whatever the server makes of it: it answers, closes, or waits for the rest of a frame that never comes.
      line.setTimeout(40, () => line.destroy());
      line.on('error', () => undefined);
      line.on('close', () => resolve());
      line.on('data', () => undefined);
      line.write(spoilHead ? mutateText(head, head, random) : head);
      line.write(spoilt);
    });
  });
}

/** Bodies at the HTTP door. Gives how many answers said that something of ours failed. */
async function spoiltBodies(hall: Hall, count: number, random: Random): Promise<{ failed: number }> {
  const { roomId } = hall.roomOf('editor');
  const honest = [
    ['POST', '/api/session', '{"handle":"editor","password":"not the right one"}'],
    ['PUT', '/api/me', '{"displayName":"Editor"}'],
    ['POST', '/api/rooms', '{"title":"T","question":"Q","visibility":"private"}'],
    ['POST', `/api/rooms/${roomId}/invitations`, '{"role":"member","days":1}'],
    ['POST', '/api/invitations/accept', '{"secret":"no-such-secret-no-such-secret","guestName":"G"}'],
    ['GET', `/api/rooms/${roomId}/log?after=0`, ''],
  ] as const;
  let failed = 0;
  // Signing in costs the hashing of a password on purpose: few of these.
  await inLanes(6, count, async () => {
    const [method, address, body] = honest[random(20) === 0 ? 0 : 1 + random(honest.length - 1)] ?? honest[1];
    const role = roles[random(2)] ?? 'anonymous';
    const answer = await fetch(hall.guarded.url + (random(6) === 0 ? encodeURI(mutateText(address, address, random)) : address), {
      method,
      headers: { origin: hall.guarded.url, 'content-type': 'application/json', ...hall.cookieOf(role) },
      ...(method === 'GET' ? {} : { body: Buffer.from(mutate(Buffer.from(body), Buffer.from(honest[2][2]), random)) }),
    }).catch(() => null);
    if (answer === null) return;
    await answer.arrayBuffer().catch(() => undefined);
    if (answer.status >= 500) failed += 1;
  });
  return { failed };
}
