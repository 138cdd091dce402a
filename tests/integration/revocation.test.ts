import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { RoomClient, Visitor } from '../support/people.ts';
import { accountOf, administrator, freshCommandId, invited, suspend, until } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { draftLog, logDigest, roomLog } from './house.ts';

const rounds = process.env.NIGHTLY === '1' ? 60 : 4;
/** How soon a change of rights acts on connections already open. */
const WITHIN_MS = 1_000;
/** Machines differ: a test fails on what is stored, and on time only far beyond the target. */
const WATCHDOG = 10;

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
let draftId: string;
let chair: RoomClient;
let slowest = 0;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify({ ...quickPace, framesPerSecond: 5_000, frameBurst: 5_000 }) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Rights', visibility: 'private' }));
  chair = await ana.join(roomId);
  draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
});
afterAll(async () => {
  chair.close();
  await server.dispose();
  console.log(`a change of rights was told to open connections after at most ${slowest.toFixed(0)} ms`);
});

/** Somebody who types and comments without a pause, and goes on when he is told to stop. */
class Busy {
  readonly visitor: Visitor;
  readonly participantId: string;
  readonly client: RoomClient;
  readonly draft: DraftSocketClient;
  readonly refusals: string[] = [];
  words = 0;
  #stop = false;
  #working: Promise<void> = Promise.resolve();

  private constructor(visitor: Visitor, client: RoomClient, draft: DraftSocketClient) {
    this.visitor = visitor;
    this.client = client;
    this.draft = draft;
    this.participantId = client.joined?.you.participantId ?? '';
  }

  static async arrive(visitor: Visitor): Promise<Busy> {
    const client = await visitor.join(roomId);
    const draft = await new DraftSocketClient(server.url, { cookie: visitor.cookie ?? '' }, `${roomId}/${draftId}`).settled();
    const busy = new Busy(visitor, client, await draft.synced());
    busy.#working = busy.#work();
    await until(() => busy.draft.saved >= 3 && busy.client.commits.length >= 3, 'the first words');
    return busy;
  }

  async #work(): Promise<void> {
    while (!this.#stop) {
      this.words += 1;
      this.draft.sendUpdate(this.draft.typed(`${this.participantId} types ${this.words}`));
      void this.client.send({ type: 'postComment', body: `${this.participantId} says ${this.words}` }, freshCommandId()).then(
        (answer) => answer.ok || this.refusals.push(answer.rejection.code),
        () => this.refusals.push('gone'),
      );
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Goes on for so many words, then stops. */
  async goesOn(words: number): Promise<void> {
    const until_ = this.words + words;
    await until(() => this.words >= until_, 'more words');
    this.#stop = true;
    await this.#working;
  }

  leave(): void {
    this.client.close();
    this.draft.close();
  }
}

const reason = { code: 'disruption' } as const;
interface Revocation {
  readonly act: (busy: Busy) => RoomCommand;
  readonly undo: (busy: Busy) => readonly RoomCommand[];
  /** Whether it ends typing, commenting, or both; and what he is told on the draft's wire. */
  readonly ends: { readonly typing: boolean; readonly commenting: boolean };
  readonly event: string;
  readonly told: (draft: DraftSocketClient) => boolean;
}
const may = (draft: DraftSocketClient): boolean => draft.closed === null && draft.standing?.write === true;
const both = { typing: true, commenting: true } as const;

const revocations: Readonly<Record<string, Revocation>> = {
  muted: {
    act: ({ participantId }) => ({ type: 'muteParticipant', participantId, reason }),
    undo: ({ participantId }) => [{ type: 'unmuteParticipant', participantId }],
    ends: both,
    event: 'participant.muted',
    told: (draft) => !may(draft),
  },
  'made an observer': {
    act: ({ participantId }) => ({ type: 'changeRole', participantId, role: 'observer' }),
    undo: ({ participantId }) => [{ type: 'changeRole', participantId, role: 'member' }],
    ends: both,
    event: 'participant.roleChanged',
    told: (draft) => !may(draft),
  },
  removed: {
    act: ({ participantId }) => ({ type: 'removeParticipant', participantId, reason }),
    undo: ({ participantId }) => [{ type: 'readmitParticipant', participantId }],
    ends: both,
    event: 'participant.removed',
    told: (draft) => draft.closed !== null,
  },
  'in a locked draft': {
    act: () => ({ type: 'lockDraft', draftId }),
    undo: () => [{ type: 'unlockDraft', draftId }],
    ends: { typing: true, commenting: false },
    event: 'draft.locked',
    told: (draft) => !may(draft),
  },
  'where commenting is closed': {
    act: () => ({ type: 'closeCommenting' }),
    undo: () => [{ type: 'openCommenting' }],
    ends: { typing: false, commenting: true },
    event: 'room.commentingClosed',
    told: () => true,
  },
  'in a closed room': {
    act: () => ({ type: 'closeRoom' }),
    undo: () => [{ type: 'reopenRoom' }],
    ends: both,
    event: 'room.closed',
    told: (draft) => !may(draft),
  },
};

/** Comments of somebody behind a seq, and updates of his behind an ordinal: read from the file. */
const commentsBehind = (seq: number, who: string) =>
  roomLog(server.dataDir, roomId).filter(
    (commit) => commit.seq > seq && commit.actor_id === who && commit.types.includes('comment.posted'),
  );
const updatesBehind = (ordinal: number, who: string) =>
  draftLog(server.dataDir, draftId).filter((entry) => entry.ordinal > ordinal && entry.actor_id === who);

describe('[PART4] [DR10] a right that ends while somebody types and comments without a pause', () => {
  test.each(Object.entries(revocations))('%s', async (what, { act, undo, ends, event, told }) => {
    const visitor = await invited(ana, roomId, 'member', `busy-${Object.keys(revocations).indexOf(what)}`);
    let stored = 0;
    for (let round = 0; round < rounds; round += 1) {
      const busy = await Busy.arrive(visitor);
      const barriers = draftLog(server.dataDir, draftId).filter(({ kind }) => kind === 'barrier').length;
      const seq = await chair.act(act(busy));
      const acknowledgedAt = performance.now();
      // The command is acknowledged behind its barrier; behind that nothing of his may stand.
      const entries = draftLog(server.dataDir, draftId);
      const barrier = (ends.typing ? entries.findLast(({ kind }) => kind === 'barrier') : entries.at(-1))?.ordinal ?? 0;
      const commit = roomLog(server.dataDir, roomId).find((one) => one.seq === seq);
      expect(commit?.types).toContain(event);
      await until(() => told(busy.draft), `${what}: the word to the draft's socket`, WITHIN_MS * WATCHDOG);
      slowest = Math.max(slowest, performance.now() - acknowledgedAt);
      const wordsThen = busy.words;
      await busy.goesOn(30);
      expect(busy.words).toBeGreaterThanOrEqual(wordsThen + 30);
      if (ends.commenting) expect(commentsBehind(seq, busy.participantId), `${what}, round ${round}`).toEqual([]);
      else expect(commentsBehind(seq, busy.participantId).length).toBeGreaterThan(0);
      if (ends.typing) {
        expect(updatesBehind(barrier, busy.participantId), `${what}, round ${round}`).toEqual([]);
        // A barrier of its own: that of an earlier round would say nothing.
        expect(entries.filter(({ kind }) => kind === 'barrier').length).toBeGreaterThan(barriers);
      } else {
        await until(() => updatesBehind(barrier, busy.participantId).length > 0, 'typing goes on');
        expect(busy.draft.closed).toBeNull();
      }
      if (ends.commenting) await until(() => busy.refusals.length > 0, 'a refusal by name');
      // What was acknowledged to him is there all the same.
      expect(draftLog(server.dataDir, draftId).filter(({ actor_id }) => actor_id === busy.participantId).length).toBeGreaterThanOrEqual(
        stored + busy.draft.saved - 1,
      );
      stored = draftLog(server.dataDir, draftId).filter(({ actor_id }) => actor_id === busy.participantId).length;
      busy.leave();
      for (const command of undo(busy)) await chair.act(command);
    }
  });

  test('who was made an observer stays and reads on, live', async () => {
    const visitor = await invited(ana, roomId, 'member', 'demoted');
    const client = await visitor.join(roomId);
    const participantId = client.joined?.you.participantId ?? '';
    const draft = await (
      await new DraftSocketClient(server.url, { cookie: visitor.cookie ?? '' }, `${roomId}/${draftId}`).settled()
    ).synced();
    let you = client.joined?.you;
    client.socket.on('you:changed', (message) => (you = message.you));
    await chair.act({ type: 'changeRole', participantId, role: 'observer' });
    await until(() => you?.role === 'observer' && draft.standing?.write === false, 'the word on both wires');
    expect(draft.standing).toMatchObject({ write: false, why: 'notAllowed' });
    const other = await (await new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
    other.sendUpdate(other.typed('for the observer too'));
    await until(() => draft.text.endsWith('for the observer too'), 'the words at the observer');
    await chair.act({ type: 'changeRole', participantId, role: 'member' });
    await until(() => you?.role === 'member' && draft.standing?.write === true, 'the right back on both wires');
    draft.sendUpdate(draft.typed('and back again'));
    await until(() => other.text.endsWith('and back again'), 'his words at others');
    for (const one of [draft, other, client]) one.close();
  });

  test('[PART4] who is removed from a private room is out on both wires, and does not come back', async () => {
    const visitor = await invited(ana, roomId, 'member', 'put-out');
    const busy = await Busy.arrive(visitor);
    let ended = '';
    busy.client.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));
    await chair.act({ type: 'removeParticipant', participantId: busy.participantId, reason });
    await until(() => ended !== '' && busy.draft.closed !== null, 'the end on both wires');
    expect([ended, busy.draft.closed]).toEqual(['removed', 4440]);
    await busy.goesOn(5);
    await expect(visitor.join(roomId)).rejects.toThrow('removed');
    expect((await visitor.request('GET', `/api/rooms/${roomId}/log`)).json).toEqual({ rejection: { code: 'removed' } });
  });
});

describe('[DOOR10] a sign-in that ends while somebody types and comments', () => {
  const ways: Readonly<Record<string, (visitor: Visitor) => Promise<unknown>>> = {
    'signed out': (visitor) => visitor.ok('DELETE', '/api/session'),
    'signed out everywhere, from another device': async (visitor) => {
      const other = Object.assign(Object.create(Object.getPrototypeOf(visitor) as object) as Visitor, visitor);
      other.cookie = null;
      await other.ok('POST', '/api/session', { handle: 'leaving-1', password: 'correct horse battery' });
      await other.ok('DELETE', '/api/sessions');
    },
    'password changed': (visitor) =>
      visitor.ok('PUT', '/api/me/password', { current: 'correct horse battery', next: 'correct horse battery' }),
    '[SUS1] account suspended': async (visitor) => suspend(ana, await accountOf(visitor)),
  };

  test.each(Object.entries(ways))('%s', async (what, end) => {
    const visitor = await invited(ana, roomId, 'member', `leaving-${Object.keys(ways).indexOf(what)}`);
    const busy = await Busy.arrive(visitor);
    let ended = '';
    busy.client.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));
    const { cookie } = visitor;
    await end(visitor);
    const lastWord = busy.words;
    await until(() => ended !== '' && busy.draft.closed !== null, 'the end on both wires', WITHIN_MS * WATCHDOG);
    expect([ended, busy.draft.closed]).toEqual(['signInNeeded', 4440]);
    await busy.goesOn(30);
    // Nothing that was said after the answer is anywhere.
    const { text } = await ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
    for (let word = lastWord + 2; word <= busy.words; word += 1) expect(text).not.toContain(`${busy.participantId} types ${word}\n`);
    const before = logDigest(server.dataDir);
    const old = await new DraftSocketClient(server.url, { cookie: cookie ?? '' }, `${roomId}/${draftId}`).settled();
    expect(old.closed).toBe(4401);
    expect(
      (await fetch(`${server.url}/api/me`, { headers: { cookie: cookie ?? '' } }).then((answer) => answer.json())) as unknown,
    ).toMatchObject({
      account: null,
    });
    expect(logDigest(server.dataDir)).toBe(before);
  });

  test('who ignores the close and goes on sending is not heard', async () => {
    const visitor = await invited(ana, roomId, 'member', 'deaf');
    const draft = await (
      await new DraftSocketClient(server.url, { cookie: visitor.cookie ?? '' }, `${roomId}/${draftId}`).settled()
    ).synced();
    draft.sendUpdate(draft.typed('heard'));
    await until(() => draft.saved === 1, 'the first word');
    const updates = Array.from({ length: 20 }, (_, n) => draft.typed(`not heard ${n}`));
    // Below the WebSocket: the socket stops reading, so that the close frame is never answered.
    const { _socket: line } = draft.ws as unknown as { _socket: { pause(): void; write(bytes: Buffer): void } };
    line.pause();
    await visitor.ok('DELETE', '/api/session');
    const before = logDigest(server.dataDir);
    for (const update of updates) draft.sendUpdate(update);
    // An edit of somebody else, sent later, is stored: theirs would have been too.
    const other = await (await new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
    expect(logDigest(server.dataDir)).toBe(before);
    other.sendUpdate(other.typed('afterwards'));
    await until(() => other.saved === 1, 'the edit of somebody else');
    expect(other.text).not.toContain('not heard');
    other.close();
    draft.ws.terminate();
  });
});
