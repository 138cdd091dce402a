import { connect } from 'node:net';
import * as Y from 'yjs';
import { presenceFrame, updateFrame } from '#server/drafts/frames.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import type { DraftSocketClient } from '../integration/draftSocket.ts';
import { until } from '../support/people.ts';
import { Bystander, openHall } from './doors/hall.ts';
import type { Hall } from './doors/hall.ts';
import type { Row, Scale } from './row.ts';
import { paragraphUpdate, rawUpdate } from '../support/updates.ts';

/*
 * Known attacks on Yjs, WebSocket and HTTP servers, one by one. Each is sent by somebody who may write; it may cost neither time nor
 * memory, closes who sent it, and a victim's next word is stored and seen. A row each.
 */

/** What an attack does: on a draft's socket, or on a line of its own; gives whether the one who sent it was closed. */
interface Attack {
  readonly onSocket?: (forger: DraftSocketClient, victim: DraftSocketClient) => readonly Uint8Array[];
  /** Bytes behind a proper upgrade. */
  readonly onLine?: () => Buffer;
  /** Whatever else. */
  readonly other?: (hall: Hall) => Promise<boolean>;
  /** What no rule closes: it costs nothing and changes nothing. */
  readonly staysOpen?: true;
}

const victimNext = (victim: DraftSocketClient): readonly [number, number] => {
  const { clientID, store } = victim.doc;
  return [clientID, Y.getState(store, clientID)];
};

function forgedWord(forger: DraftSocketClient, victim: DraftSocketClient): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(forger.doc));
  doc.clientID = victim.doc.clientID;
  const before = Y.encodeStateVector(doc);
  const paragraph = new Y.XmlElement('paragraph');
  doc.getXmlFragment(DRAFT_FIELD).push([paragraph]);
  paragraph.push([new Y.XmlText('FORGED')]);
  return Y.encodeStateAsUpdate(doc, before);
}

function formatTwo(): Uint8Array {
  const doc = new Y.Doc();
  doc.getXmlFragment(DRAFT_FIELD).push([new Y.XmlElement('paragraph')]);
  return Y.encodeStateAsUpdateV2(doc);
}

const masked = (first: number, payload: Buffer): Buffer => Buffer.concat([Buffer.of(first, 0x80 | payload.length, 0, 0, 0, 0), payload]);

const attacks: Readonly<Record<string, Attack>> = {
  'an honest word (yardstick)': { onSocket: (forger) => [updateFrame(forger.typed('honest'))], staysOpen: true },
  'B7 seven bytes, 33 million structs': { onSocket: () => [updateFrame(Uint8Array.of(0x01, 0xc0, 0x94, 0xde, 0x0f, 0x01, 0x00))] },
  'B4 20 × 5,000 invented presence ids': {
    onSocket: () =>
      Array.from({ length: 20 }, (_, frame) =>
        presenceFrame(Array.from({ length: 5_000 }, (_, n) => ({ clientId: 10_000_000 + frame * 5_000 + n, clock: 1, state: '{}' }))),
      ),
  },
  'B4 20 × 1,900 invented presence ids': {
    onSocket: () =>
      Array.from({ length: 20 }, (_, frame) =>
        presenceFrame(Array.from({ length: 1_900 }, (_, n) => ({ clientId: 20_000_000 + frame * 5_000 + n, clock: 1, state: '{}' }))),
      ),
  },
  "B5 a word under the victim's next clock": { onSocket: (forger, victim) => [updateFrame(forgedWord(forger, victim))] },
  "B6 2^40 collected on the victim's id": {
    onSocket: (_forger, victim) => [updateFrame(rawUpdate([1, 1, ...victimNext(victim), 0, 2 ** 40, 0]))],
  },
  "B6 2^20 collected on the victim's id": {
    onSocket: (_forger, victim) => [updateFrame(rawUpdate([1, 1, ...victimNext(victim), 0, 2 ** 20, 0]))],
  },
  'B13 3,000 updates behind a gap': {
    onSocket: () => Array.from({ length: 3_000 }, (_, n) => updateFrame(rawUpdate([1, 1, 4_000, 10 + n * 10, 0, 1, 0]))),
    staysOpen: true,
  },
  'an update in format V2': { onSocket: () => [updateFrame(formatTwo())] },
  'format V2, a run of 2^31': {
    onSocket: () => [updateFrame(Uint8Array.of(0, 0, 5, 1, 0xff, 0xff, 0xff, 0xff, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0))],
    // Read as format V1 it adds nothing: no decoder of V2 ever sees it.
    staysOpen: true,
  },
  'a value 200,000 lists deep': {
    onSocket: () => [
      updateFrame(
        rawUpdate([...[1, 1, 7_777, 0, 0x28, 1, 'draft', 'a', 1], ...Array.from({ length: 400_000 }, (_, n) => (n % 2 === 0 ? 117 : 1))]),
      ),
    ],
  },
  'a megabyte of two-byte structs': {
    onSocket: () => [updateFrame(rawUpdate([1, 500_000, 7_778, 0, ...Array.from({ length: 1_000_000 }, (_, n) => n % 2), 0]))],
  },
  'content of no draft': {
    onSocket: () => {
      const bytes = Buffer.from(paragraphUpdate(7_779, 'x'));
      bytes.write('<script/>', bytes.indexOf('paragraph'));
      return [updateFrame(new Uint8Array(bytes))];
    },
  },
  'B8 a frame with RSV2 set': { onLine: () => masked(0x80 | 0x20 | 2, Buffer.alloc(0)) },
  'B8 a frame without a mask': { onLine: () => Buffer.of(0x82, 1, 0) },
  'B8 opcode 3': { onLine: () => masked(0x83, Buffer.of(1)) },
  'B8 a close of one byte': { onLine: () => masked(0x88, Buffer.of(1)) },
  'B8 a close with no code there is': { onLine: () => masked(0x88, Buffer.of(0x00, 0x01)) },
  'B8 a length beyond 2^53': { onLine: () => Buffer.of(0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0) },
  'B8 a text of broken UTF-8': { onLine: () => masked(0x81, Buffer.of(0xff, 0xfe)) },
  '300,000 fragments of one byte': {
    onLine: () => Buffer.concat([masked(0x02, Buffer.of(0)), ...Array.from({ length: 300_000 }, () => masked(0x00, Buffer.of(0)))]),
  },
  '100,000 headers': { other: (hall) => headers(hall, 100_000) },
  'slow-loris, 300 lines that never end their headers': { other: slowLoris, staysOpen: true },
};

export async function run(_scale: Scale, seed: number): Promise<readonly Row[]> {
  // The paces are those of an installation as it comes: a flood is part of some attacks.
  const hall = await openHall({
    connectsPerMinutePerAddress: 100_000,
    signInsPerMinutePerAccount: 1_000,
    signInsPerMinutePerAddress: 1_000,
  });
  try {
    const bystander = await Bystander.at(hall);
    const victim = bystander.client;
    await bystander.word();
    const reader = await (await hall.draftAs('observer').settled()).synced();
    // Once each way, so that nothing is slow for being done the first time.
    for (const attack of [
      attacks['B7 seven bytes, 33 million structs'],
      attacks['content of no draft'],
      attacks['an honest word (yardstick)'],
    ])
      if (attack !== undefined) await send(hall, attack, victim);
    const rows: Row[] = [];
    for (const [name, attack] of Object.entries(attacks)) {
      await hall.guarded.beginsHere();
      const before = await hall.guarded.figures();
      const problems: string[] = [];
      const closed = await send(hall, attack, victim).catch((error: unknown) => {
        problems.push(String(error));
        return false;
      });
      if (!closed && attack.staysOpen !== true) problems.push('who sent it stayed');
      const acked = await bystander.word().then(
        () => true,
        () => false,
      );
      const worst = await hall.guarded.worst();
      if (!acked) problems.push("the victim's next word was not stored");
      else
        await until(() => reader.text === victim.text, 'the word at a reader').catch(() => problems.push('the word is not seen by others'));
      if (reader.text.includes('FORGED')) problems.push('the forged word is shown');
      rows.push({
        test: 'T6',
        seed,
        done: name,
        lost: acked ? 0 : 1,
        doubled: 0,
        stallMs: Math.round(worst.stallMs),
        stallTargetMs: 50,
        memoryMb: Math.round(worst.grownMb),
        memoryTargetMb: 20,
        passed: problems.length === 0,
        notes: `${problems.join('; ') || (closed ? 'closed, the victim wrote on' : 'nothing came of it, the victim wrote on')}; processor time ${(worst.cpuMs - before.cpuMs).toFixed(0)} ms`,
      });
    }
    // What is in the log is a draft.
    const { roomId, draftId } = hall.roomOf('editor');
    const { text } = await hall.ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
    const [first] = rows;
    if (first !== undefined && text !== victim.text)
      rows[0] = { ...first, passed: false, notes: 'server and victim hold other texts at the end' };
    reader.close();
    victim.close();
    return rows;
  } finally {
    await hall.dispose();
  }
}

/** Sends an attack as an editor; gives whether he was closed. */
async function send(hall: Hall, attack: Attack, victim: DraftSocketClient): Promise<boolean> {
  if (attack.other !== undefined) return attack.other(hall);
  if (attack.onLine !== undefined) return onLine(hall, attack.onLine());
  const forger = await (await hall.draftAs('editor').settled()).synced();
  for (const frame of attack.onSocket?.(forger, victim) ?? []) forger.send(frame);
  const answered = forger.stepTwos;
  if (attack.staysOpen === true) await Promise.race([forger.synced(), until(() => forger.stepTwos > answered, 'an answer', 60_000)]);
  else await until(() => forger.closed !== null, 'a close', 30_000).catch(() => undefined);
  const closed = forger.closed !== null;
  forger.ws.terminate();
  return closed;
}

/** Bytes behind a proper upgrade to the draft, below WebSocket; gives whether the line was closed. */
function onLine(hall: Hall, bytes: Buffer): Promise<boolean> {
  const { port } = hall.guarded.process;
  const { roomId, draftId } = hall.roomOf('editor');
  const head = [
    `GET /yjs/${roomId}/${draftId}?editor=3 HTTP/1.1`,
    `Host: 127.0.0.1:${String(port)}`,
    `Origin: ${hall.guarded.url}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    `Cookie: ${hall.cookieOf('editor')['cookie'] ?? ''}`,
    '',
    '',
  ].join('\r\n');
  return new Promise((resolve) => {
    const line = connect(port, '127.0.0.1', () => line.write(head));
    let sent = false;
    line.setTimeout(30_000, () => {
      line.destroy();
      resolve(false);
    });
    line.on('data', () => {
      if (!sent) line.write(bytes);
      sent = true;
    });
    line.on('error', () => undefined);
    line.on('close', () => resolve(true));
    line.on('end', () => resolve(true));
  });
}

function headers(hall: Hall, count: number): Promise<boolean> {
  return new Promise((resolve) => {
    const line = connect(hall.guarded.process.port, '127.0.0.1', () => {
      line.write(
        `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n${Array.from({ length: count }, (_, n) => `x-${String(n)}: y\r\n`).join('')}\r\n`,
      );
    });
    line.on('error', () => undefined);
    line.on('data', () => undefined);
    line.on('close', () => resolve(true));
    line.setTimeout(30_000, () => resolve(false));
  });
}

/** Lines that send a header every moment and never end; meanwhile somebody else is answered. */
async function slowLoris(hall: Hall): Promise<boolean> {
  const lines = Array.from({ length: 300 }, () => {
    const line = connect(hall.guarded.process.port, '127.0.0.1');
    line.on('error', () => undefined);
    line.write('GET /api/me HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    return line;
  });
  for (let round = 0; round < 10; round += 1) {
    for (const line of lines) if (!line.destroyed) line.write(`x-${String(round)}: y\r\n`);
    const { status } = await fetch(`${hall.guarded.url}/healthz`);
    if (status !== 200) throw new Error(`others were answered ${String(status)}`);
  }
  for (const line of lines) line.destroy();
  return false;
}
