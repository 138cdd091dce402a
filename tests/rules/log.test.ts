import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Commit, WireCommit } from '#shared/domain/commit.ts';
import { commitHash, eventDigest, firstBreak, sealCommit, upcast } from '#shared/domain/commit.ts';
import { anonymousActor } from '#shared/domain/decision.ts';
import type { RoomCommand, RoomEvent } from '#shared/domain/facts.ts';
import { evolve } from '#shared/domain/room.ts';
import { fromSnapshot, snapshotFor, wholeSnapshot } from '#shared/domain/snapshot.ts';
import type { RoomState, Withheld } from '#shared/domain/state.ts';
import { commentOf, emptyRoom, withheldAmong } from '#shared/domain/state.ts';
import { audienceFor, audiences, mayReadComment, redactEvent, regradedBy, withholdComment } from '#shared/domain/visibility.ts';
import { isWords, mapWords, withoutText } from '#shared/domain/words.ts';
import { canonicalJson } from '#shared/lib/canonical.ts';
import { ana, ben, cai, olga, Scenario } from '../support/roomScenario.ts';

const reason = { code: 'spam', note: 'again' } as const;
const people = [ana, ben, cai, olga];

const anyNumber = fc.integer({ min: 1, max: 6 });
const anySource = fc.record({
  kind: fc.constant('comment' as const),
  comment: anyNumber,
  quote: fc.constantFrom('secret-quote', undefined),
});
const anyText = { ask: fc.string({ minLength: 1 }), problem: fc.option(fc.string(), { nil: undefined }) };
const anySuggesting: fc.Arbitrary<RoomCommand> = fc.oneof(
  fc.record({ type: fc.constant('gatherSuggestion' as const), sources: fc.array(anySource, { maxLength: 3 }), ...anyText }),
  fc.record({ type: fc.constant('makeSuggestion' as const), ...anyText }),
  fc.record({ type: fc.constant('rewordSuggestion' as const), suggestion: anyNumber, ...anyText }),
  fc.record({ type: fc.constant('addSource' as const), suggestion: anyNumber, source: anySource }),
  fc.record({ type: fc.constant('mergeSuggestion' as const), suggestion: anyNumber, into: anyNumber }),
  fc.record({
    type: fc.constant('splitSuggestion' as const),
    suggestion: anyNumber,
    parts: fc.array(fc.record(anyText), { maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('disputeSuggestion' as const), suggestion: anyNumber, note: fc.string() }),
  ...(['confirmSuggestion', 'undoMerge', 'dropSuggestion', 'relistSuggestion', 'supportSuggestion', 'endSuggestionSupport'] as const).map(
    (type) => fc.record({ type: fc.constant(type), suggestion: anyNumber }),
  ),
);
const file = { contentType: 'text/plain', bytes: 3, sha256: 'ab' } as const;
const anySteering = fc.constantFrom<RoomCommand>(
  { type: 'pauseRoom', note: 'tea' },
  { type: 'resumeRoom' },
  { type: 'scheduleRoom', startsAt: 7 },
  { type: 'archiveRoom' },
  { type: 'unarchiveRoom' },
  { type: 'deleteRoom' },
  { type: 'undoDeletion' },
  { type: 'undoDeletion' },
  { type: 'addFile', fileId: 'f1', name: 'plan', ...file },
  { type: 'removeFile', fileId: 'f1' },
  { type: 'eraseText', of: { kind: 'file', fileId: 'f1' }, reason },
  { type: 'eraseText', of: { kind: 'comment', comment: 1 }, reason },
  { type: 'eraseText', of: { kind: 'suggestion', suggestion: 2 }, reason },
  { type: 'createDraft', title: 'Annex' },
);

/** Random commands, sensible and not; what is refused simply does not happen. */
const anyCommand: fc.Arbitrary<RoomCommand> = fc.oneof(
  { weight: 4, arbitrary: anySuggesting },
  anySteering,
  fc.record({ type: fc.constant('publishComment' as const), comment: anyNumber }),
  fc.record({ type: fc.constant('recordSpeech' as const), speakerId: fc.constantFrom('ben', 'olga'), body: fc.string({ minLength: 1 }) }),
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

const goesOn = ['undoDeletion', 'unarchiveRoom', 'reopenRoom', 'resumeRoom', 'openCommenting'] as const;

function played(steps: readonly (readonly [number, RoomCommand])[]): Scenario {
  const room = Scenario.room().says(ben, 'One').says(cai, 'Two', 1).says(ana, 'Three');
  for (const comment of [1, 2, 3]) {
    room.does(cai, { type: 'gatherSuggestion', ask: 'Ask', sources: [{ kind: 'comment', comment, quote: 'secret-quote' }] });
  }
  room.does(ana, { type: 'changeSettings', settings: { ...room.state.settings, whoComments: 'participants', review: 'observers' } });
  for (const [index, [who, command]] of steps.entries()) {
    room.tries(people[who] ?? ana, command);
    // A room that is stopped stays so for a few acts only, or little would happen in it.
    if (index % 4 === 3) for (const type of goesOn) room.tries(ana, { type });
  }
  return room;
}

const anyPlay = fc.array(fc.tuple(fc.constantFrom(0, 0, 1, 1, 2, 3), anyCommand), { minLength: 10, maxLength: 60 }).map(played);

describe('the log of a room', () => {
  test('[VIS1] what a class folds from redacted events is the redacted room, for every class', () => {
    const seen = { hidden: 0, held: 0, quoted: 0 };
    fc.assert(
      fc.property(anyPlay, (room) => {
        for (const audience of audiences) {
          let state = emptyRoom();
          for (const { event, ...meta } of room.log) {
            const seen = redactEvent(event, room.state, audience);
            if (seen !== null) state = evolve(state, seen, meta);
          }
          expect(canonicalJson(snapshotFor(state, audience) as never)).toBe(canonicalJson(snapshotFor(room.state, audience) as never));
          for (const { status } of room.state.comments) if (status === 'hidden' || status === 'held') seen[status] += 1;
          const told = JSON.stringify(snapshotFor(room.state, audience));
          for (const { sources } of room.state.suggestions) {
            for (const source of sources) {
              if (source.kind !== 'comment' || source.quote?.text === undefined) continue;
              const readable = mayReadComment(commentOf(room.state, source.comment), audience);
              expect(told.includes(source.quote.salt ?? '')).toBe(readable);
              seen.quoted += readable ? 0 : 1;
            }
          }
        }
      }),
      { numRuns: 150, seed: 20_261 },
    );
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(20);
  });

  test('[VIS1] who folds live, and drops what he may not read any more as it happens, holds the same', () => {
    fc.assert(
      fc.property(anyPlay, (room) => {
        for (const audience of audiences) {
          // The room as the server has it goes along: each event is sent as it may be seen at that moment.
          let server = emptyRoom();
          let live = emptyRoom();
          for (const { event, ...meta } of room.log) {
            server = evolve(server, event, meta);
            const sent = redactEvent(event, server, audience);
            if (sent !== null) live = evolve(live, sent, meta);
            if ('comment' in event) live = withholdComment(live, event.comment, audience);
            // Words that may be read again come with a snapshot.
            if (event.type === 'comment.restored' || event.type === 'comment.published') live = fromSnapshot(snapshotFor(server, audience));
          }
          expect(canonicalJson(snapshotFor(live, audience) as never)).toBe(canonicalJson(snapshotFor(room.state, audience) as never));
        }
      }),
      { numRuns: 100, seed: 20_267 },
    );
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

  test('[LRG1] what is withheld from others is known of each author without looking at the comments', () => {
    let withheld = 0;
    fc.assert(
      fc.property(anyPlay, ({ state }) => {
        const sorted = (index: Withheld) => [...index].sort(([one], [other]) => (one < other ? -1 : 1));
        expect(sorted(state.withheld)).toEqual(sorted(withheldAmong(state.comments)));
        withheld += state.withheld.size;
      }),
      { numRuns: 150, seed: 20_268 },
    );
    expect(withheld).toBeGreaterThan(20);
  });

  test('[LRG1] [PART4] an event that moves somebody to another class, role or out of the room says whom', () => {
    let moves = 0;
    fc.assert(
      fc.property(anyPlay, (room) => {
        let state = emptyRoom();
        for (const { event, ...meta } of room.log) {
          const before = state;
          state = evolve(state, event, meta);
          const reached = regradedBy([event]);
          for (const actor of [...people, anonymousActor]) {
            const grade = (of: RoomState) => [
              audienceFor(of, actor),
              actor.kind === 'participant' ? (of.participants.get(actor.id)?.role ?? null) : null,
            ];
            if (canonicalJson(grade(before)) === canonicalJson(grade(state))) continue;
            moves += 1;
            expect(reached === 'everybody' || (actor.kind === 'participant' && reached.has(actor.id)), event.type).toBe(true);
          }
        }
      }),
      { numRuns: 100, seed: 20_269 },
    );
    expect(moves).toBeGreaterThan(500);
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
