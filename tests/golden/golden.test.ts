import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Commit, WireCommit } from '#shared/domain/commit.ts';
import { eventDigest, firstBreak, upcast } from '#shared/domain/commit.ts';
import { evolve } from '#shared/domain/room.ts';
import { emptyRoom } from '#shared/domain/state.ts';
import { audienceOf } from '#shared/domain/visibility.ts';
import { eventProblem } from '#shared/protocol/eventSchemas.ts';
import {
  erasedMeaningOf,
  meaningOf,
  passagesMeaningOf,
  sittingMeaningOf,
  suspendedMeaningOf,
  versionsMeaningOf,
} from '../support/roomMeaning.ts';

interface Golden {
  readonly commits: readonly Commit[];
  /** What the log means: kept apart from how the state is built. */
  readonly meaning: unknown;
}

/** A log as an earlier version of the project stored it must fold for ever, to the same meaning, with the same hashes. */
describe('[LOG8] golden logs', () => {
  const seen = new Set<string>();
  for (const [name, means] of [
    ['room-v1.json', meaningOf],
    ['sitting-v1.json', sittingMeaningOf],
    ['versions-v1.json', versionsMeaningOf],
    ['erasing-v1.json', erasedMeaningOf],
    ['suspending-v1.json', suspendedMeaningOf],
    ['passages-v1.json', passagesMeaningOf],
  ] as const) {
    const golden = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Golden;

    for (const { events } of golden.commits) for (const stored of events) seen.add(upcast(stored).type);

    test(`${name}: the chain holds`, () => {
      const wire = golden.commits.map((commit): WireCommit => {
        const events = commit.events.map((stored) => {
          const event = upcast(stored);
          return { digest: eventDigest(event, stored.salt), salt: stored.salt, event };
        });
        return { ...commit, events };
      });
      expect(firstBreak(wire, { seq: 0, hash: '' })).toBeNull();
    });

    test(`${name}: an export file with it can be brought in`, () => {
      const events = golden.commits.flatMap((commit) => commit.events.map(upcast));
      expect(events.map(eventProblem).filter((problem) => problem !== null)).toEqual([]);
    });

    test(`${name}: it means what it meant`, () => {
      let state = emptyRoom();
      for (const commit of golden.commits) for (const stored of commit.events) state = evolve(state, upcast(stored), commit);
      expect(means(state)).toEqual(golden.meaning);
    });
  }

  test('hold every type of event there is', () => {
    expect([...seen].sort()).toEqual(Object.keys(audienceOf).sort());
  });
});
