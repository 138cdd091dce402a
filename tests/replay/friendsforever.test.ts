import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { administrator, invited, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { isThere, readTrace } from './realData.ts';
import type { WritingTogether } from './realData.ts';
import { answerFor, kilobytes, makeParagraph, mustEqual, paragraphOf, Participant } from './writers.ts';
import type { Traffic } from './writers.ts';

const file = 'editing-traces/friendsforever.json.gz';
const raised = { framesPerSecond: 100_000, frameBurst: 100_000, frameBytesPerSecond: 1_000_000_000 };
const WATCHDOG_MS = 240_000;

let server: ServerProcess | null = null;
afterAll(() => server?.dispose());

/**
 * A friend at his editor. What he sees is a document of its own: what arrives at the provider's is shown to him only when his
 * next keystroke rests on it, since in the trace he typed without having seen more. His keystrokes go to the provider at once.
 */
class Friend {
  readonly at: Participant;
  readonly #sees = new Y.Doc();
  readonly #arrived: Uint8Array[] = [];
  #shown = 0;

  /**
   * `clientId`: where two typed in one place at the same time, Yjs lets the smaller id stand first; the trace's text was made with
   * ids in the order of its writers.
   */
  constructor(at: Participant, clientId: number) {
    this.at = at;
    this.#sees.clientID = clientId;
    Y.applyUpdate(this.#sees, Y.encodeStateAsUpdate(at.doc));
    at.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === at.provider) this.#arrived.push(update);
    });
    this.#sees.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'the other') Y.applyUpdate(at.doc, update, 'own');
    });
  }

  /** Waits until so many keystrokes of the other have arrived, and shows exactly these. Gives whether it had to wait. */
  async hasSeen(count: number): Promise<boolean> {
    const waited = this.#arrived.length < count;
    if (waited) await until(() => this.#arrived.length >= count, `keystroke ${count} of the other`, WATCHDOG_MS);
    for (; this.#shown < count; this.#shown += 1) Y.applyUpdate(this.#sees, this.#arrived[this.#shown] ?? new Uint8Array(), 'the other');
    return waited;
  }

  type([at, out, into]: readonly [number, number, string]): void {
    this.#sees.transact(() => {
      const text = paragraphOf(this.#sees);
      if (out > 0) text.delete(at, out);
      if (into !== '') text.insert(at, into);
    });
  }
}

test.skipIf(!isThere(file))(
  '[DR1] [DR2] two people who really wrote at the same time: the same text on the server, on both, on a newcomer, and after kill -9',
  { timeout: WATCHDOG_MS },
  async () => {
    const trace = readTrace<WritingTogether>(file);
    server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(raised) } });
    const ana = await administrator(server.url, server.setupSecret);
    const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Friends' });
    const seat = await ana.join(roomId);
    const draftId = seat.joined?.snapshot?.drafts[0]?.id ?? '';
    seat.close();
    const traffic: Traffic = { framesIn: 0, bytesIn: 0, framesOut: 0, bytesOut: 0 };
    const come = async (visitor: Visitor): Promise<Participant> => {
      const participant = new Participant(visitor, roomId, draftId, traffic);
      await until(() => participant.provider.synced, 'the draft');
      return participant;
    };
    const everywhere = async (...participants: readonly Participant[]): Promise<void> => {
      const { text, contentHash } = answerFor(trace.endContent);
      const answer = await ana.ok<{ text: string; contentHash: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
      mustEqual(answer.text, text, 'the text on the server');
      expect(answer.contentHash).toBe(contentHash);
      for (const participant of participants) mustEqual(participant.text, trace.endContent, 'the text of a client');
    };

    const first = await come(ana);
    makeParagraph(first.doc);
    await until(() => first.saved === 2, 'the paragraph');
    first.leave();
    const people = [await invited(ana, roomId, 'member', 'joey'), await invited(ana, roomId, 'member', 'phoebe')];
    const friends = await Promise.all(people.map(async (visitor, agent) => new Friend(await come(visitor), 1_001 + agent)));

    // How many keystrokes of the other each of one's own rests on.
    const rests: number[] = [];
    const counts: number[][] = [];
    for (const { parents, agent } of trace.txns) {
      const seen = [0, 1].map((one) => Math.max(0, ...parents.map((parent) => counts[parent]?.[one] ?? 0)));
      rests.push(seen[1 - agent] ?? 0);
      seen[agent] = (seen[agent] ?? 0) + 1;
      counts.push(seen);
    }
    expect(
      trace.txns.every(({ patches }) => patches.length === 1),
      'one change a keystroke',
    ).toBe(true);

    const start = performance.now();
    const waits = await Promise.all(
      friends.map(async (friend, agent) => {
        let waited = 0;
        let typed = 0;
        for (const [index, txn] of trace.txns.entries()) {
          if (txn.agent !== agent) continue;
          if (await friend.hasSeen(rests[index] ?? 0)) waited += 1;
          const [patch] = txn.patches;
          if (patch !== undefined) friend.type(patch);
          // A browser would draw now and then; here the other gets his turn.
          if ((typed += 1) % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        return waited;
      }),
    );
    const typedMs = performance.now() - start;
    const own = [0, 1].map((agent) => trace.txns.filter((txn) => txn.agent === agent).length);
    await until(() => friends.every(({ at }, agent) => at.saved === (own[agent] ?? 0) + 1), 'every keystroke acknowledged', WATCHDOG_MS);
    await until(() => friends.every(({ at }) => at.text.length === trace.endContent.length), 'the whole text at both', WATCHDOG_MS);
    const savedMs = performance.now() - start;

    const ordinals = friends.map(({ at }) => at.ordinal);
    const both = friends.map(({ at }) => at);
    const newcomer = await come(ana);
    await everywhere(newcomer, ...both);
    expect(
      both.map(({ connections }) => connections),
      'connections of each',
    ).toEqual([1, 1]);

    await server.kill();
    await server.start();
    const after = await come(ana);
    await until(() => both.every(({ provider, connections }) => provider.synced && connections === 2), 'both back', WATCHDOG_MS);
    await everywhere(newcomer, after, ...both);

    console.log(
      [
        `friendsforever: ${trace.txns.length} keystrokes by two (${own.join(' + ')}), one frame each; limits raised: ${JSON.stringify(raised)}`,
        `  ${waits.join(' + ')} times one waited for the other; typed in ${(typedMs / 1000).toFixed(1)} s, all acknowledged after ${(savedMs / 1000).toFixed(1)} s`,
        `  ${traffic.framesOut} frames out (${kilobytes(traffic.bytesOut)}), ${traffic.framesIn} in (${kilobytes(traffic.bytesIn)}); ${trace.endContent.length} characters, log of ${Math.max(...ordinals)} entries`,
      ].join('\n'),
    );
    for (const participant of [newcomer, after, ...both]) participant.leave();
  },
);
