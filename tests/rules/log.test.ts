import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Commit, WireCommit } from '#shared/domain/commit.ts';
import { commitHash, eventDigest, firstBreak, sealCommit, upcast } from '#shared/domain/commit.ts';
import type { RoomCommand, RoomEvent } from '#shared/domain/facts.ts';
import { evolve } from '#shared/domain/room.ts';
import { fromSnapshot, snapshotFor, wholeSnapshot } from '#shared/domain/snapshot.ts';
import { emptyRoom } from '#shared/domain/state.ts';
import { audiences, redactEvent } from '#shared/domain/visibility.ts';
import { isWords, mapWords, withoutText } from '#shared/domain/words.ts';
import { canonicalJson } from '#shared/lib/canonical.ts';
import { ana, ben, cai, olga, Scenario } from '../support/roomScenario.ts';

const reason = { code: 'spam', note: 'again' } as const;
const people = [ana, ben, cai, olga];

/** Random commands, sensible and not; what is refused simply does not happen. */
const anyCommand: fc.Arbitrary<RoomCommand> = fc.oneof(
  fc.record({
    type: fc.constant('postComment' as const),
    body: fc.string({ minLength: 1, unit: 'grapheme' }),
    parent: fc.option(fc.integer({ min: 1, max: 6 })),
  }),
  fc.record({ type: fc.constant('editComment' as const), comment: fc.integer({ min: 1, max: 6 }), body: fc.string({ minLength: 1 }) }),
  ...(['withdrawComment', 'supportComment', 'endSupport', 'resolveComment', 'reopenComment', 'restoreComment'] as const).map((type) =>
    fc.record({ type: fc.constant(type), comment: fc.integer({ min: 1, max: 6 }) }),
  ),
  fc.record({ type: fc.constant('hideComment' as const), comment: fc.integer({ min: 1, max: 6 }), reason: fc.constant(reason) }),
  fc.record({ type: fc.constant('muteParticipant' as const), participantId: fc.constantFrom('ben', 'cai'), reason: fc.constant(reason) }),
  fc.record({ type: fc.constant('unmuteParticipant' as const), participantId: fc.constantFrom('ben', 'cai') }),
  fc.constantFrom<RoomCommand>({ type: 'openCommenting' }, { type: 'reopenRoom' }, { type: 'closeCommenting' }),
);

function played(steps: readonly (readonly [number, RoomCommand])[]): Scenario {
  const room = Scenario.room().says(ben, 'One').says(cai, 'Two', 1).says(ana, 'Three');
  for (const [who, command] of steps) room.tries(people[who] ?? ana, command);
  return room;
}

const anyPlay = fc.array(fc.tuple(fc.constantFrom(0, 0, 1, 1, 2, 3), anyCommand), { minLength: 10, maxLength: 60 }).map(played);

describe('the log of a room', () => {
  test('[VIS1] what a class folds from redacted events is the redacted room, for every class', () => {
    let hiddenSeen = 0;
    fc.assert(
      fc.property(anyPlay, (room) => {
        for (const audience of audiences) {
          let state = emptyRoom();
          for (const { event, ...meta } of room.log) {
            const seen = redactEvent(event, room.state, audience);
            if (seen !== null) state = evolve(state, seen, meta);
          }
          expect(canonicalJson(snapshotFor(state, audience) as never)).toBe(canonicalJson(snapshotFor(room.state, audience) as never));
          hiddenSeen += [...room.state.comments].filter(({ status }) => status === 'hidden').length;
        }
      }),
      { numRuns: 150, seed: 20_261 },
    );
    expect(hiddenSeen).toBeGreaterThan(20);
  });

  test('[VIS2] the words of a hidden comment, of its versions and of its quote are in nothing the others get', () => {
    const room = Scenario.room();
    const anchor = { draftId: room.draftId, runs: [], quote: 'secret-quote', before: 'secret-before', after: 'secret-after' };
    room.does(ben, { type: 'postComment', body: 'secret-first', anchor });
    room.does(ben, { type: 'editComment', comment: 1, body: 'secret-second' });
    room.does(ana, { type: 'hideComment', comment: 1, reason });
    for (const audience of ['everyone', 'participants'] as const) {
      const told = JSON.stringify([
        snapshotFor(room.state, audience),
        room.log.map(({ event }) => redactEvent(event, room.state, audience)),
      ]);
      expect(told).not.toContain('secret-');
    }
    expect(JSON.stringify(snapshotFor(room.state, 'moderators'))).toContain('secret-second');
    room.does(ben, { type: 'withdrawComment', comment: 1 });
    expect(JSON.stringify(snapshotFor(room.state, 'moderators'))).not.toContain('secret-second');
  });

  test('[LOG1] a snapshot gives the state back', () => {
    fc.assert(
      fc.property(anyPlay, (room) => {
        const json = JSON.stringify(wholeSnapshot(room.state));
        const back = fromSnapshot(JSON.parse(json) as ReturnType<typeof wholeSnapshot>);
        expect(JSON.stringify(wholeSnapshot(back))).toBe(json);
      }),
      { numRuns: 60, seed: 20_262 },
    );
  });

  test('[LOG2] the chain holds whatever was withheld, and breaks where anything was changed', () => {
    const room = Scenario.room().says(ben, 'One').says(cai, 'Two').does(ana, { type: 'hideComment', comment: 1, reason });
    const commits = chained(room);
    const wire = commits.map((commit): WireCommit => {
      const events = commit.events.map((stored) => {
        const event = upcast(stored);
        const digest = eventDigest(event, stored.salt);
        const seen = redactEvent(event, room.state, 'everyone');
        return seen === null ? { digest } : { digest, salt: stored.salt, event: seen };
      });
      return { ...commit, events };
    });
    const start = { seq: 0, hash: '' };
    expect(firstBreak(wire, start)).toBeNull();
    expect(firstBreak(wire.slice(2), { seq: 2, hash: commits[1]?.hash ?? '' })).toBeNull();
    expect(firstBreak(wire.toSpliced(2, 1), start)).toBe(4);
    expect(firstBreak(wire.with(1, { ...(wire[1] as WireCommit), at: 5 }), start)).toBe(2);
    const forged = structuredClone(wire[4] as WireCommit) as { events: { event?: { comment?: number } }[] } & WireCommit;
    for (const { event } of forged.events) if (event?.comment !== undefined) event.comment = 2;
    expect(firstBreak(wire.with(4, forged), start)).toBe(5);
  });

  test('[LOG3] a text can be erased and the chain still holds', () => {
    const room = Scenario.room().says(ben, 'To be forgotten');
    const [commit] = chained(room).slice(-1) as [Commit];
    const stored = commit.events[0];
    if (stored === undefined) throw new Error('no event');
    const erased = mapWords(upcast(stored), withoutText);
    expect(JSON.stringify(erased)).not.toContain('forgotten');
    expect(commitHash(commit, [eventDigest(erased, stored.salt)])).toBe(commit.hash);
  });

  test('[LOG4] no value of an event is mistaken for a free text', () => {
    fc.assert(
      fc.property(anyPlay, (room) => {
        for (const { event } of room.log) {
          const texts: unknown[] = [];
          mapWords(event, (words) => {
            texts.push(words);
            return words;
          });
          for (const words of texts) expect(isWords(words) && typeof words.text === 'string').toBe(true);
        }
      }),
      { numRuns: 30, seed: 20_263 },
    );
  });

  test('[LOG5] evolve never throws, whatever order facts come in', () => {
    fc.assert(
      fc.property(anyPlay, fc.integer(), (room, seed) => {
        const shuffled = [...room.log].sort((a, b) => ((a.seq * 7 + seed) % 11) - ((b.seq * 7 + seed) % 11));
        let state = emptyRoom();
        for (const { event, ...meta } of shuffled) state = evolve(state, event, meta);
        expect(evolve(state, { type: 'unknown.fact' } as unknown as RoomEvent, { seq: 1, at: 1, actorId: 'x' }).comments).toBe(
          state.comments,
        );
      }),
      { numRuns: 60, seed: 20_264 },
    );
  });

  test('[LAW10] names never stand in events: only ids do', () => {
    const room = Scenario.room().says(ben, 'Words');
    const keys = new Set<string>();
    JSON.stringify(room.log, (key, value: unknown) => {
      keys.add(key);
      return value;
    });
    for (const forbidden of ['displayName', 'name', 'handle', 'email', 'phone']) expect(keys.has(forbidden)).toBe(false);
  });
});

/** The scenario's log as chained commits, one a seq. */
function chained(room: Scenario): Commit[] {
  const commits: Commit[] = [];
  for (const seq of new Set(room.log.map((entry) => entry.seq))) {
    const entries = room.log.filter((entry) => entry.seq === seq);
    const { at, actorId } = entries[0] as (typeof entries)[0];
    const header = {
      stream: { kind: 'room', id: 'r' },
      seq,
      at,
      actorId,
      commandId: `c${seq}`,
      commandMac: '',
      prevHash: commits.at(-1)?.hash ?? '',
    } as const;
    let salt = 0;
    commits.push(
      sealCommit(
        header,
        entries.map(({ event }) => event),
        () => `salt${seq}-${(salt += 1)}`,
      ),
    );
  }
  return commits;
}
