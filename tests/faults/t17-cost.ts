import * as Y from 'yjs';
import { createJoinCounter } from '#server/drafts/joinCost.ts';
import { createDocument } from '#server/drafts/draftText.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { until } from '../support/people.ts';
import type { Shape } from './cost/shapes.ts';
import { shapes } from './cost/shapes.ts';
import { openHall } from './doors/hall.ts';
import type { Row, Scale } from './row.ts';

/*
 * Updates that any Yjs takes and that cost it far more than their bytes, each shape grown tenfold until a bound refuses it. Nobody else
 * may notice, and whatever is stored may cost a joiner little: counted in steps past other items; the times are printed. A row each.
 */

/** The limit, and what may be owed when a join is counted. */
const mostSteps = 3_750_000;
/** Codes with which a bound refuses. */
const bounds = new Set([4413, 4422, 4423]);
const sizes: Readonly<Record<Scale, readonly number[]>> = {
  slice: [1_000],
  ci: [300, 3_000, 10_000],
  nightly: [300, 3_000, 30_000, 60_000],
};

export async function run(scale: Scale, seed: number): Promise<readonly Row[]> {
  const hall = await openHall();
  const joins = createJoinCounter();
  const { roomId } = hall.roomOf('editor');
  const address = `${roomId}/${hall.roomOf('editor').draftId}`;
  const bystander = await (await new DraftSocketClient(hall.guarded.url, { cookie: hall.ana.cookie ?? '' }, address).settled()).synced();
  const rows: Row[] = [];
  let from = 1_000_000 + (seed % 1_000) * 1_000;
  try {
    for (const [name, shape] of chosen(scale, seed)) {
      const problems: string[] = [];
      const notes: string[] = [];
      const { draftId } = await newDraft(hall, name);
      await hall.guarded.beginsHere();
      for (const n of sizes[scale]) {
        from += 2_000_000;
        const before = await hall.guarded.figures();
        const sent = await send(
          shape(n, from),
          () => new DraftSocketClient(hall.guarded.url, hall.cookieOf('editor'), `${roomId}/${draftId}`),
        );
        const saved = bystander.saved;
        bystander.sendUpdate(bystander.typed(`after ${name}`));
        await until(() => bystander.saved > saved, 'a word in another draft', 60_000);
        const after = await hall.guarded.figures();
        const whole = await wholeOf(new DraftSocketClient(hall.guarded.url, hall.cookieOf('observer'), `${roomId}/${draftId}`));
        const { before: steps } = await joins.count(whole, Uint8Array.of(0, 0), 100 * mostSteps);
        const joinMs = cpuOf(() => Y.applyUpdate(createDocument(), whole));
        if (steps > mostSteps) problems.push(`${String(n)}: a joiner makes ${String(steps)} steps`);
        if (sent.closed !== null && !bounds.has(sent.closed)) problems.push(`${String(n)}: closed with ${String(sent.closed)}`);
        notes.push(
          `${String(n)}: ${String(sent.bytes)} bytes, ${sent.closed === null ? 'taken' : `closed ${String(sent.closed)}`}, server ${(after.cpuMs - before.cpuMs).toFixed(0)} ms, a joiner ${joinMs.toFixed(0)} ms and ${String(steps)} steps`,
        );
        if (sent.closed !== null) break;
      }
      const worst = await hall.guarded.worst();
      rows.push({
        test: 'T17',
        seed,
        done: name,
        lost: 0,
        doubled: 0,
        stallMs: Math.round(worst.stallMs),
        stallTargetMs: 200,
        memoryMb: null,
        passed: problems.length === 0,
        notes: [...problems, ...notes].join('; '),
      });
    }
    return rows;
  } finally {
    bystander.close();
    await joins.end();
    await hall.dispose();
  }
}

/** Within `npm test` three of the shapes, others with another seed. */
function chosen(scale: Scale, seed: number): readonly (readonly [string, Shape])[] {
  const all = Object.entries(shapes);
  return scale === 'slice' ? all.filter((_, index) => (index + seed) % 5 === 0) : all;
}

/** A draft of its own for each shape. */
async function newDraft(hall: Awaited<ReturnType<typeof openHall>>, title: string): Promise<{ readonly draftId: string }> {
  await hall.chair.act({ type: 'createDraft', title: title.slice(0, 40) });
  const { drafts } = (await hall.ana.join(hall.roomOf('editor').roomId)).joined?.snapshot ?? { drafts: [] };
  return { draftId: drafts.at(-1)?.id ?? '' };
}

/** Sends frames, each as an update, until all are answered or the sender is closed. */
async function send(frames: readonly Uint8Array[], open: () => DraftSocketClient): Promise<{ closed: number | null; bytes: number }> {
  const client = await (await open().settled()).synced();
  const known = client.saved;
  let bytes = 0;
  for (const [index, frame] of frames.entries()) {
    client.sendUpdate(frame);
    bytes += frame.byteLength;
    // A few under way at a time: who is closed stops.
    if (index % 50 === 49) await until(() => client.saved >= known + index - 50 || client.closed !== null, 'frames to be taken', 120_000);
    if (client.closed !== null) break;
  }
  await until(() => client.saved >= known + frames.length || client.closed !== null, 'the last frame', 120_000);
  const { closed } = client;
  client.ws.terminate();
  return { closed, bytes };
}

async function wholeOf(client: DraftSocketClient): Promise<Uint8Array> {
  await (await client.settled()).synced();
  client.close();
  return Y.encodeStateAsUpdate(client.doc);
}

function cpuOf(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
