import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Commit } from '#shared/domain/commit.ts';
import { commitHash, eventDigest, upcast } from '#shared/domain/commit.ts';
import { commentOf } from '#shared/domain/state.ts';
import { wholeSnapshot } from '#shared/domain/snapshot.ts';
import { saveRoom } from '#server/rooms/roomLog.ts';
import type { Journal } from '#server/store/ports.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import { creation, Installation, roomWithBen } from '../support/liveRooms.ts';
import { until } from '../support/people.ts';

const ana = { kind: 'participant', id: 'ana' } as const;
const ben = { kind: 'participant', id: 'ben' } as const;
const post = (body: string) => ({ type: 'postComment', body }) as const;
const reason = { code: 'spam' } as const;

let installation: Installation;
beforeEach(() => {
  installation = new Installation();
});
afterEach(() => installation.dispose());

async function wholeLog(journal: Journal, id = 'r1'): Promise<readonly Commit[]> {
  return journal.readCommits({ kind: 'room', id }, 0, 10_000);
}

function expectSound(commits: readonly Commit[]): void {
  let before = { seq: 0, hash: '' };
  for (const commit of commits) {
    expect(commit.seq).toBe(before.seq + 1);
    expect(commit.prevHash).toBe(before.hash);
    expect(
      commitHash(
        commit,
        commit.events.map((stored) => eventDigest(upcast(stored), stored.salt)),
      ),
    ).toBe(commit.hash);
    before = commit;
  }
}

describe('a live room', () => {
  test('[LOG7] many commands at once are decided ahead, stored densely in order, and acknowledged', async () => {
    const process = await installation.process();
    const room = await roomWithBen(process);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => room.submit(n % 2 ? ana : ben, `many-${n}`, post(`no ${n}`))));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const commits = await wholeLog(process.store.journal);
    expect(commits).toHaveLength(202);
    expectSound(commits);
    expect([...room.state.comments].map(({ body }) => body.text)).toEqual(Array.from({ length: 200 }, (_, n) => `no ${n}`));
  });

  test('[LOG7] nothing is published and no refusal leaves before what it rests on is durable', async () => {
    const gate = Promise.withResolvers<void>();
    let gated = false;
    const process = await installation.process({
      journal: (real) => ({
        ...boundJournal(real),
        append: async (writes) => {
          if (gated) await gate.promise;
          return real.append(writes);
        },
      }),
    });
    const room = await roomWithBen(process);
    const told: string[] = [];
    room.subscribe(({ commit }) => told.push(`published ${commit.seq}`));
    gated = true;
    const mute = room.submit(ana, 'mute-ben-1', { type: 'muteParticipant', participantId: 'ben', reason });
    const refused = room.submit(ben, 'ben-says-1', post('too late'));
    void mute.then(() => told.push('acknowledged'));
    void refused.then((answer) => told.push(answer.ok ? 'accepted' : answer.rejection.code));
    const before = await wholeLog(process.store.journal);
    expect(told).toEqual([]);
    expect(room.state.participants.get('ben')?.standing).toBe('active');
    gate.resolve();
    await Promise.all([mute, refused]);
    expect(told[0]).toBe('published 3');
    expect(told.slice(1).sort()).toEqual(['acknowledged', 'muted']);
    expect(await wholeLog(process.store.journal)).toHaveLength(before.length + 1);
  });

  test('[LOG6] the same command sent again acts once; the same id with other content is refused', async () => {
    const process = await installation.process();
    const room = await roomWithBen(process);
    const [first, twin] = await Promise.all([room.submit(ben, 'say-once-1', post('Once')), room.submit(ben, 'say-once-1', post('Once'))]);
    expect(first).toEqual(twin);
    await room.submit(ana, 'mute-ben-1', { type: 'muteParticipant', participantId: 'ben', reason });
    expect(await room.submit(ben, 'say-once-1', post('Once'))).toEqual(first);
    expect(await room.submit(ben, 'say-once-1', post('Twice'))).toEqual({ ok: false, rejection: { code: 'commandIdReused' } });
    expect(room.state.comments.length).toBe(1);
    const again = await (await installation.process()).rooms.hold('r1');
    expect(await again.room.submit(ben, 'say-once-1', post('Once'))).toEqual(first);
  });

  test('[LOG1] two processes on one log lose and double nothing, and decide again on what the other did', async () => {
    const one = await installation.process();
    const room = await roomWithBen(one);
    const two = (await (await installation.process()).rooms.hold('r1')).room;
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => (n % 2 ? room : two).submit(n % 3 ? ben : ana, `both-${n}`, post(`${n}`))),
    );
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    const commits = await wholeLog(one.store.journal);
    expect(commits).toHaveLength(62);
    expectSound(commits);
    const bodies = commits.flatMap(({ events }) => events.map(upcast)).flatMap((event) => (event.type === 'comment.posted' ? [event] : []));
    expect(bodies.map(({ comment }) => comment)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
    expect(new Set(bodies.map(({ body }) => body.text)).size).toBe(60);
  });

  test('[LOG1] a process with a stale view is refused by what it reads, not by what it remembers', async () => {
    const one = await installation.process();
    const room = await roomWithBen(one);
    const two = (await (await installation.process()).rooms.hold('r1')).room;
    await room.submit(ana, 'mute-ben-1', { type: 'muteParticipant', participantId: 'ben', reason });
    expect(two.state.participants.get('ben')?.standing).toBe('active');
    expect(await two.submit(ben, 'ben-says-1', post('I did not know'))).toEqual({ ok: false, rejection: { code: 'muted' } });
    expect(two.state.participants.get('ben')?.standing).toBe('muted');
  });

  test('[LOG1] [ST22] nobody is refused for a right that another process gave him a moment ago', async () => {
    const one = await installation.process();
    const room = await roomWithBen(one);
    await room.submit(ana, 'mute-ben-1', { type: 'muteParticipant', participantId: 'ben', reason });
    const two = (await (await installation.process()).rooms.hold('r1')).room;
    await room.submit(ana, 'unmute-ben-1', { type: 'unmuteParticipant', participantId: 'ben' });
    expect(two.state.participants.get('ben')?.standing).toBe('muted');
    expect(await two.submit(ben, 'ben-says-1', post('I may again'))).toEqual({ ok: true, seq: 5 });
    // A command that is under way there, of which the log knows more than the room yet, changes nothing about it.
    await room.submit(ana, 'mute-ben-2', { type: 'muteParticipant', participantId: 'ben', reason });
    await two.refresh();
    await room.submit(ana, 'unmute-ben-2', { type: 'unmuteParticipant', participantId: 'ben' });
    const answers = await Promise.all([
      two.submit(ben, 'ben-says-2', post('and again')),
      two.submit(ana, 'ana-says-1', post('beside it')),
      two.submit(ben, 'ben-says-3', post('and once more')),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    expectSound(await wholeLog(one.store.journal));
  });

  test('[LOG7] when the store fails nobody gets an acknowledgement, and the room goes on when it is back', async () => {
    let broken = false;
    const process = await installation.process({
      journal: (real) => ({
        ...boundJournal(real),
        append: (writes) => (broken ? Promise.reject(new StoreUnavailable('disk full')) : real.append(writes)),
      }),
    });
    const room = await roomWithBen(process);
    broken = true;
    const answers = await Promise.all([room.submit(ben, 'lost-1aaa', post('a')), room.submit(ben, 'lost-2aaa', post('b'))]);
    expect(answers).toEqual([
      { ok: false, rejection: { code: 'storeUnavailable' } },
      { ok: false, rejection: { code: 'storeUnavailable' } },
    ]);
    expect(process.failures.length).toBeGreaterThan(0);
    expect(room.state.comments.length).toBe(0);
    broken = false;
    expect(await room.submit(ben, 'lost-1aaa', post('a'))).toEqual({ ok: true, seq: 3 });
    expect(commentOf(room.state, 1)?.body.text).toBe('a');
    expectSound(await wholeLog(process.store.journal));
  });

  test('[LOG6] a write of unknown outcome that did go through is found again, not doubled', async () => {
    let lose = false;
    const process = await installation.process({
      journal: (real) => ({
        ...boundJournal(real),
        append: async (writes) => {
          const outcomes = await real.append(writes);
          if (lose) throw new StoreUnavailable('the answer got lost');
          return outcomes;
        },
      }),
    });
    const room = await roomWithBen(process);
    lose = true;
    expect(await room.submit(ben, 'maybe-1aaa', post('Maybe'))).toMatchObject({ ok: false });
    lose = false;
    expect(await room.submit(ben, 'maybe-1aaa', post('Maybe'))).toEqual({ ok: true, seq: 3 });
    expect(room.state.comments.length).toBe(1);
  });

  test('[LOG7] who was about to be decided while the store failed is answered, though the log is read anew meanwhile', async () => {
    const asked = Promise.withResolvers<void>();
    const stored = Promise.withResolvers<void>();
    let store: 'works' | 'fails' | 'is slow' = 'works';
    let appending = false;
    const process = await installation.process({
      journal: (real) => ({
        ...boundJournal(real),
        append: async (writes) => {
          if (store === 'fails') throw new StoreUnavailable('out of reach');
          appending = store === 'is slow';
          if (store === 'is slow') await stored.promise;
          return real.append(writes);
        },
        findCommand: async (stream, actorId, commandId) => {
          const found = await real.findCommand(stream, actorId, commandId);
          if (commandId === 'asking-1aaa') await asked.promise;
          return found;
        },
      }),
    });
    const room = await roomWithBen(process);
    const asking = room.submit(ben, 'asking-1aaa', post('still being looked up'));
    store = 'fails';
    expect(await room.submit(ben, 'failing-1aaa', post('lost'))).toMatchObject({ ok: false });
    store = 'is slow';
    asked.resolve();
    await until(() => appending, 'the command to be on its way');
    // Answered from the log, which is read anew for it since the failure.
    expect(await room.submit(ana, 'create-r1', creation)).toMatchObject({ ok: true });
    stored.resolve();
    expect(await asking).toEqual({ ok: true, seq: 3 });
    expectSound(await wholeLog(process.store.journal));
  });

  test('[LOG1] a race lost again while commands are decided anew leaves none of them without an answer', async () => {
    const [joined, lost] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const lookups = new Map<string, number>();
    let races = 0;
    let faster: (n: number) => Promise<unknown> = () => Promise.resolve();
    let refused: Promise<unknown> = Promise.resolve();
    const one = await installation.process({
      journal: (real) => ({
        ...boundJournal(real),
        append: async (writes) => {
          const racing = races > 0;
          races -= 1;
          if (racing) await faster(races);
          const outcomes = await real.append(writes);
          if (racing && races === 0) setImmediate(() => lost.resolve());
          return outcomes;
        },
        findCommand: async (stream, actorId, commandId) => {
          const found = await real.findCommand(stream, actorId, commandId);
          const count = (lookups.get(commandId) ?? 0) + 1;
          lookups.set(commandId, count);
          // While the first is looked up to be decided anew, another one comes; while that one is, the first loses again.
          if (commandId === 'slower-1aaa' && count === 2) {
            refused = room.submit(ben, 'refused-1aaa', post('muted'));
            await joined.promise;
          }
          if (commandId === 'refused-1aaa' && count === 1) setImmediate(() => joined.resolve());
          if (commandId === 'refused-1aaa' && count === 2) await lost.promise;
          return found;
        },
      }),
    });
    const room = await roomWithBen(one);
    await room.submit(ana, 'mute-ben-1', { type: 'muteParticipant', participantId: 'ben', reason });
    const { room: other } = await (await installation.process()).rooms.hold('r1');
    faster = (n) => other.submit(ana, `faster-${n}-aaa`, post('faster'));
    races = 2;
    expect(await room.submit(ana, 'slower-1aaa', post('slower'))).toEqual({ ok: true, seq: 6 });
    expect(await refused).toEqual({ ok: false, rejection: { code: 'muted' } });
    expectSound(await wholeLog(one.store.journal));
  });

  test('[LOG1] a command that comes at whatever moment the reading of the log ends is answered', async () => {
    let gate: Promise<void> | null = null;
    let later = 0;
    const one = await installation.process({
      journal: (real) => ({
        ...boundJournal(real),
        readCommits: async (...asked) => {
          const found = await real.readCommits(...asked);
          if (gate !== null) await gate;
          return found;
        },
        findCommand: async (...asked) => {
          const found = await real.findCommand(...asked);
          if (gate !== null) await gate;
          for (let n = 0; n < later; n += 1) await Promise.resolve();
          return found;
        },
      }),
    });
    const room = await roomWithBen(one);
    // The command goes on so many steps after the reading did.
    for (later = 0; later < 24; later += 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      const reading = room.refresh();
      const answer = room.submit(ana, `late-${later}-aaa`, post('late'));
      await new Promise((ready) => setTimeout(ready));
      resolve();
      gate = null;
      await reading;
      expect(await answer, `${later} steps later`).toMatchObject({ ok: true });
    }
    expectSound(await wholeLog(one.store.journal));
  });

  test('[LOG1] a room that left memory comes back from snapshot and tail as it was', async () => {
    const one = await installation.process();
    const room = await roomWithBen(one);
    for (let n = 0; n < 300; n += 1) void room.submit(ben, `long-${n}-aaa`, post(`${n}`));
    await room.settled();
    await one.rooms.close();
    expect(await one.store.snapshots.latest('room', 'r1')).toHaveLength(1);
    const again = (await (await installation.process()).rooms.hold('r1')).room;
    expect(JSON.stringify(wholeSnapshot(again.state))).toBe(JSON.stringify(wholeSnapshot(room.state)));
  });

  test.for([0, 50])('[LOG1] a snapshot of another history, or %i commits ahead of the log, is passed over', async (ahead) => {
    const one = await installation.process();
    const room = await roomWithBen(one);
    await Promise.all(Array.from({ length: 60 }, (_, n) => room.submit(ben, `first-${n}-aaa`, post(`${n}`))));
    // Whole in itself, as it is after a log was set back to an older copy: what it says happened here otherwise, or not yet.
    const { state, seq, hash, at, bytes } = room.position;
    const other = {
      state: { ...state, title: { ...state.title, text: 'Of another history' } },
      seq: seq + ahead,
      hash: 'f'.repeat(64),
      at,
      bytes,
    };
    await saveRoom(one.store.snapshots, 'r1', other);
    const again = (await (await installation.process()).rooms.hold('r1')).room;
    expect([again.state.title.text, again.head]).toEqual(['T', { seq, hash }]);
    expect(await again.submit(ben, 'goes-on-aaa', post('and on'))).toEqual({ ok: true, seq: seq + 1 });
    // What stands where the log does is taken, with what came after it.
    await saveRoom(one.store.snapshots, 'r1', {
      state: { ...state, title: { ...state.title, text: 'Of this one' } },
      seq,
      hash,
      at,
      bytes,
    });
    const third = (await (await installation.process()).rooms.hold('r1')).room;
    expect([third.state.title.text, third.head.seq]).toEqual(['Of this one', seq + 1]);
  });

  test('[LIFE3] a room that another process removed for good is over here too: what is asked of it is refused, at once and for ever', async () => {
    const [one, other] = [await installation.process(), await installation.process()];
    await roomWithBen(one);
    const { room } = await other.rooms.hold('r1');
    await one.store.removal.stream({ kind: 'room', id: 'r1' });
    const answers = await Promise.all(['a', 'b', 'c'].map((word) => room.submit(ben, `late-word-${word}`, post(word))));
    expect(answers).toEqual(Array(3).fill({ ok: false, rejection: { code: 'roomDeleted' } }));
    expect(room.isGone).toBe(true);
    expect(await wholeLog(one.store.journal)).toEqual([]);
    await room.catchUp();
    expect(room.isGone).toBe(true);
  });
});

/** A journal's methods, usable apart from it. */
function boundJournal(journal: Journal): Journal {
  return {
    append: (writes) => journal.append(writes),
    readCommits: (stream, after, limit) => journal.readCommits(stream, after, limit),
    head: (stream) => journal.head(stream),
    findCommand: (stream, actorId, commandId) => journal.findCommand(stream, actorId, commandId),
    listStreams: (kind, after, limit) => journal.listStreams(kind, after, limit),
    readDraft: (draftId, after, limit) => journal.readDraft(draftId, after, limit),
  };
}
