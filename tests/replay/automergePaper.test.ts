import { afterAll, expect, test } from 'vitest';
import { administrator, invited, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { isThere, readTrace } from './realData.ts';
import type { Patch, Writing } from './realData.ts';
import { answerFor, kilobytes, makeParagraph, mustEqual, paragraphOf, Participant } from './writers.ts';
import type { Traffic } from './writers.ts';

const file = 'editing-traces/automerge-paper.json.gz';
const whole = process.env.NIGHTLY === '1';
const MOST = 20_000;
const OBSERVERS = 10;
const raised = { framesPerSecond: 100_000, frameBurst: 100_000, frameBytesPerSecond: 1_000_000_000 };
const WATCHDOG_MS = whole ? 1_800_000 : 240_000;

let server: ServerProcess | null = null;
afterAll(() => server?.dispose());

/** The text a trace leads to, without Yjs: each patch applied to a plain string. */
function textAfter(patches: readonly Patch[]): string {
  // Pieces of moderate length, so that a patch does not copy the whole text.
  let pieces: string[] = [''];
  for (const [at, out, into] of patches) {
    let index = 0;
    let offset = at;
    while (index < pieces.length - 1 && offset > (pieces[index]?.length ?? 0)) offset -= pieces[index++]?.length ?? 0;
    let piece = pieces[index] ?? '';
    while (piece.length < offset + out && index < pieces.length - 1) piece += pieces.splice(index + 1, 1)[0] ?? '';
    pieces[index] = piece.slice(0, offset) + into + piece.slice(offset + out);
    if ((pieces[index]?.length ?? 0) > 2_000)
      pieces.splice(index, 1, pieces[index]?.slice(0, 1_000) ?? '', pieces[index]?.slice(1_000) ?? '');
    if (pieces.length > 500) pieces = [pieces.join('')].flatMap((text) => text.match(/[^]{1,1000}/g) ?? ['']);
  }
  return pieces.join('');
}

test.skipIf(!isThere(file))(
  `[DR1] [DR2] one person’s real writing${whole ? '' : `, the first ${MOST} changes`}, ten observers: the same text everywhere, over kill -9 in the middle and at the end`,
  { timeout: WATCHDOG_MS },
  async () => {
    const trace = readTrace<Writing>(file);
    const patches = trace.txns.flatMap((txn) => txn.patches).slice(0, whole ? Infinity : MOST);
    const expected = textAfter(patches);
    if (whole) mustEqual(expected, trace.endContent, 'the plain replay');
    server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(raised) } });
    const running = server;
    const ana = await administrator(running.url, running.setupSecret);
    const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Paper', visibility: 'private' });
    const seat = await ana.join(roomId);
    const draftId = seat.joined?.snapshot?.drafts[0]?.id ?? '';
    seat.close();

    const written: Traffic = { framesIn: 0, bytesIn: 0, framesOut: 0, bytesOut: 0 };
    const seen: Traffic = { framesIn: 0, bytesIn: 0, framesOut: 0, bytesOut: 0 };
    const come = async (visitor: Visitor, traffic: Traffic): Promise<Participant> => {
      const participant = new Participant(visitor, roomId, draftId, traffic);
      await until(() => participant.provider.synced, 'the draft', WATCHDOG_MS);
      return participant;
    };
    const everywhere = async (text: string, participants: readonly Participant[]): Promise<void> => {
      await until(() => participants.every((one) => one.text.length === text.length), 'the whole text at all', WATCHDOG_MS);
      for (const participant of participants) mustEqual(participant.text, text, 'the text of a client');
      const answer = await ana.ok<{ text: string; contentHash: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
      const right = answerFor(text);
      mustEqual(answer.text, right.text, 'the text on the server');
      expect(answer.contentHash).toBe(right.contentHash);
    };

    const writer = await come(await invited(ana, roomId, 'member', 'writer'), written);
    makeParagraph(writer.doc);
    const observers: Participant[] = [];
    for (let n = 0; n < OBSERVERS; n += 1) observers.push(await come(await invited(ana, roomId, 'observer', `observer${n}`), seen));
    await until(() => observers.every(({ doc }) => doc.getXmlFragment('draft').length === 1), 'the paragraph at all');

    const paragraph = paragraphOf(writer.doc);
    /** Types a stretch of the trace, never so far ahead that a browser's line would be full. */
    const type = async (from: number, to: number): Promise<void> => {
      for (let index = from; index < to; index += 1) {
        const [at, out, into] = patches[index] ?? [0, 0, ''];
        writer.doc.transact(() => {
          if (out > 0) paragraph.delete(at, out);
          if (into !== '') paragraph.insert(at, into);
        });
        if (index % 64 === 63) await new Promise((resolve) => setImmediate(resolve));
        if (index % 4_096 === 4_095)
          await until(() => (writer.provider.ws?.bufferedAmount ?? 0) < 64 * 1024, 'room on the line', WATCHDOG_MS);
      }
    };

    const start = performance.now();
    const half = Math.floor(patches.length / 2);
    await type(0, half);
    // In the middle, with keystrokes under way: the process is gone, everybody comes back by himself.
    const savedThen = writer.saved;
    const sentThen = written.framesOut;
    await running.kill();
    const killedAt = performance.now();
    await running.start();
    await until(
      () => [writer, ...observers].every(({ provider, connections }) => provider.synced && connections >= 2),
      'all back',
      WATCHDOG_MS,
    );
    const backMs = performance.now() - killedAt;
    await type(half, patches.length);
    const typedMs = performance.now() - start;
    await everywhere(expected, [writer, ...observers]);
    const seenMs = performance.now() - start;
    const newcomer = await come(ana, seen);
    await everywhere(expected, [newcomer]);

    await running.kill();
    await running.start();
    const after = await come(ana, seen);
    await until(
      () => [writer, ...observers].every(({ provider, connections }) => provider.synced && connections >= 3),
      'all back',
      WATCHDOG_MS,
    );
    await everywhere(expected, [writer, newcomer, after, ...observers]);

    const rate = patches.length / (typedMs / 1000);
    console.log(
      [
        `automerge-paper: ${patches.length} changes by one, one frame each, ${OBSERVERS} observers; limits raised: ${JSON.stringify(raised)}`,
        `  typed in ${(typedMs / 1000).toFixed(1)} s (${rate.toFixed(0)} a second), seen by all after ${(seenMs / 1000).toFixed(1)} s; kill -9 after ${half} changes with ${sentThen - savedThen} frames not acknowledged, all back in ${(backMs / 1000).toFixed(1)} s`,
        `  writer: ${written.framesOut} frames out (${kilobytes(written.bytesOut)}); observers: ${seen.framesIn} frames in (${kilobytes(seen.bytesIn)}); ${expected.length} characters`,
      ].join('\n'),
    );
    for (const participant of [writer, newcomer, after, ...observers]) participant.leave();
  },
);
