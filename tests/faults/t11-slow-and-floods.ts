import { listen, nothingHeard } from '../../scripts/bench/listener.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { administrator, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { freePort } from '../../scripts/freePort.ts';
import { GuardedServer, openPaces } from './doors/guarded.ts';
import { quantile } from './doors/hall.ts';
import type { Row, Scale } from './row.ts';

/* Readers that stand still while much is written, and an editor who writes far beyond the pace: who is slow is sent away and misses
nothing when he is back, who floods is read more slowly, and nothing that was acknowledged is dropped. Nothing here is left to chance. */

const extents: Readonly<Record<Scale, { readonly slow: number; readonly pieces: number; readonly flood: number }>> = {
  slice: { slow: 4, pieces: 200, flood: 300 },
  ci: { slow: 50, pieces: 300, flood: 900 },
  nightly: { slow: 50, pieces: 300, flood: 3_000 },
};
const pieceBytes = 50_000;
const paces = { framesPerSecond: 60, frameBurst: 240, frameBytesPerSecond: 256 * 1024 };

export async function run(scale: Scale, seed: number): Promise<Row> {
  const { slow, pieces, flood } = extents[scale];
  const metricsPort = await freePort();
  const limits = { ...openPaces, ...paces, commentBytes: 2 * pieceBytes, outgoingStallMs: scale === 'slice' ? 4_000 : 10_000 };
  const guarded = await GuardedServer.start(limits, { env: { METRICS_PORT: String(metricsPort) } });
  try {
    const ana = await administrator(guarded.url, guarded.process.setupSecret);
    const busy = await openRoom(ana, guarded.url);
    const quiet = await openRoom(ana, guarded.url);
    const place = { base: guarded.url, relayPort: 0, roomId: busy.roomId, draftId: busy.draftId };
    const heard = nothingHeard();
    for (let n = 0; n < slow; n += 1) (await listen(n % 2 === 0 ? 'room' : 'draft', place, heard)).pause();
    const viewers = async (): Promise<number> => {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      return [...text.matchAll(/^shangliang_connections\{kind="\w+",role="viewer"\} (\d+)/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    };
    const before = await viewers();
    const waited = async (): Promise<number> => {
      const begun = performance.now();
      await quiet.chair.act({ type: 'postComment', body: 'quiet' });
      return performance.now() - begun;
    };
    const calm: number[] = [];
    for (let n = 0; n < 40; n += 1) calm.push(await waited());
    await guarded.beginsHere();

    const under: number[] = [];
    let comments = 0;
    for (let n = 0; n < pieces; n += 1) {
      await busy.chair.act({ type: 'postComment', body: 'c'.repeat(pieceBytes) });
      comments += 1;
      busy.typist.sendUpdate(busy.typist.typed('d'.repeat(pieceBytes)));
      await until(() => busy.typist.saved === n + 1 || busy.typist.closed !== null, 'an acknowledged frame', 60_000);
      if (n % 5 === 0) under.push(await waited());
    }
    const ended = performance.now();
    let left = await viewers();
    while (left > 0 && performance.now() - ended < 4 * limits.outgoingStallMs) left = await viewers();
    const closedMs = Math.round(performance.now() - ended);

    // Far beyond the pace: read later, never refused, never dropped.
    for (let n = 0; n < flood; n += 1) busy.typist.sendUpdate(busy.typist.typed('f'));
    while (busy.typist.saved < pieces + flood && busy.typist.closed === null) under.push(await waited());

    const late = await (
      await new DraftSocketClient(guarded.url, { cookie: ana.cookie ?? '' }, `${busy.roomId}/${busy.draftId}`).settled()
    ).synced();
    const again = await ana.join(busy.roomId);
    const found = [...(again.joined?.snapshot?.comments ?? [])].length;
    const stored = late.text.split('d').length - 1 + late.text.split('f').length - 1;
    const written = pieces * pieceBytes + flood;
    const worst = await guarded.worst();
    const problems: string[] = [];
    if (before !== slow) problems.push(`${before} of ${slow} slow readers were there`);
    if (left > 0) problems.push(`${left} of ${slow} slow readers stayed ${closedMs} ms`);
    if (busy.typist.closed !== null) problems.push(`who wrote was sent away with ${busy.typist.closed}`);
    const [p99Calm, p99Under] = [quantile(calm, 0.99), quantile(under, 0.99)];
    for (const one of [late, busy.typist]) one.close();
    for (const one of [again, busy.chair, quiet.chair]) one.close();
    return {
      test: 'T11',
      seed,
      done: `${slow} readers standing still, ${comments} comments and ${pieces} edits of ${pieceBytes / 1000} kB, then ${flood} edits at once`,
      lost: Math.max(0, comments - found) + Math.max(0, written - stored),
      doubled: Math.max(0, found - comments) + Math.max(0, stored - written),
      stallMs: Math.round(worst.stallMs),
      stallTargetMs: 200,
      memoryMb: Math.round(worst.grownMb),
      // What was written is in memory as well: room, draft and their logs on the way.
      memoryTargetMb: 64 + Math.round((8 * pieces * pieceBytes) / 1e6),
      passed: problems.length === 0,
      notes:
        problems.join('; ') ||
        `all slow readers gone ${closedMs} ms after the last change; another room waited ${Math.round(p99Calm)} ms at p99 before, ${Math.round(p99Under)} ms meanwhile`,
    };
  } finally {
    await guarded.dispose();
  }
}

async function openRoom(ana: Visitor, url: string) {
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'A room', visibility: 'public' });
  const chair = await ana.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  const typist = await new DraftSocketClient(url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
  await typist.synced();
  return { roomId, draftId, chair, typist };
}
