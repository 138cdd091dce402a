import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance, atFirst, nextChangeAt, PATIENCE_MS, saveStateOf } from './saveState.ts';
import type { SaveEvent, SaveFacts } from './saveState.ts';

const after = (...events: readonly SaveEvent[]): SaveFacts => events.reduce(advance, atFirst);
const writer: SaveEvent = { type: 'standing', write: true };
const reader: SaveEvent = { type: 'standing', write: false };
const live: SaveEvent = { type: 'live', now: 1_000 };
const pending = (count: number, oldestAt: number | null): SaveEvent => ({ type: 'pending', count, oldestAt });

describe('[ED2] where one’s changes are, in words', () => {
  test('before the draft is there, nothing is claimed', () => {
    expect(saveStateOf(atFirst, 0)).toEqual({ state: 'opening' });
    expect(saveStateOf(after(writer), 0)).toEqual({ state: 'opening' });
    expect(saveStateOf(after({ type: 'down' }), 0)).toEqual({ state: 'opening' });
  });

  test('in step with nothing pending is saved, since when it was in step', () => {
    expect(saveStateOf(after(writer, live), 9_000)).toEqual({ state: 'saved', at: 1_000 });
  });

  test('a change is being saved until it is acknowledged, then saved at that time', () => {
    const typed = after(writer, live, pending(1, 2_000));
    expect(saveStateOf(typed, 2_010)).toEqual({ state: 'saving' });
    const answered = advance(typed, { type: 'acknowledged', count: 0, oldestAt: null, now: 2_015 });
    expect(saveStateOf(answered, 99_000)).toEqual({ state: 'saved', at: 2_015 });
  });

  test('a change without an answer for too long is not saved, and when to say so is known', () => {
    const typed = after(writer, live, pending(3, 2_000));
    expect(nextChangeAt(typed)).toBe(2_000 + PATIENCE_MS);
    expect(saveStateOf(typed, 2_000 + PATIENCE_MS)).toEqual({ state: 'unsaved', changes: 3 });
  });

  test('without a connection pending changes are counted, and their absence is offline', () => {
    const down = after(writer, live, { type: 'down' });
    expect(saveStateOf(down, 3_000)).toEqual({ state: 'offline' });
    expect(saveStateOf(advance(down, pending(2, 2_500)), 3_000)).toEqual({ state: 'unsaved', changes: 2 });
    expect(nextChangeAt(advance(down, pending(2, 2_500)))).toBeNull();
  });

  test('back again with changes that wait since long ago, they are not saved until answered', () => {
    const back = after(writer, live, { type: 'down' }, pending(2, 2_500), { type: 'live', now: 60_000 });
    expect(saveStateOf(back, 60_001)).toEqual({ state: 'unsaved', changes: 2 });
    const answered = advance(back, { type: 'acknowledged', count: 0, oldestAt: null, now: 60_010 });
    expect(saveStateOf(answered, 60_010)).toEqual({ state: 'saved', at: 60_010 });
  });

  test('a reader is told that he reads', () => {
    expect(saveStateOf(after(reader, live), 2_000)).toEqual({ state: 'readonly' });
  });

  test('the end is the end, and says what it leaves behind', () => {
    const ended = after(writer, live, pending(4, 2_000), { type: 'ended' }, live, { type: 'down' });
    expect(saveStateOf(ended, 3_000)).toEqual({ state: 'ended', changes: 4 });
  });

  test('a fresh copy begins from nothing', () => {
    expect(saveStateOf(after(writer, live, pending(4, 2_000), { type: 'renewed' }), 3_000)).toEqual({ state: 'opening' });
  });

  test('never saved while anything is pending, whatever happens in whatever order', () => {
    const time = fc.integer({ min: 0, max: 100_000 });
    const event: fc.Arbitrary<SaveEvent> = fc.oneof(
      fc.record({ type: fc.constant('live' as const), now: time }),
      fc.constant<SaveEvent>({ type: 'down' }),
      fc.constant<SaveEvent>({ type: 'ended' }),
      fc.constant<SaveEvent>({ type: 'renewed' }),
      fc.record({ type: fc.constant('standing' as const), write: fc.boolean() }),
      fc.record({ type: fc.constant('pending' as const), count: fc.nat(3), oldestAt: time }),
      fc.record({ type: fc.constant('acknowledged' as const), count: fc.nat(3), oldestAt: time, now: time }),
    );
    fc.assert(
      fc.property(fc.array(event), time, (events, now) => {
        const facts = events.reduce(advance, atFirst);
        const said = saveStateOf(facts, now);
        if (facts.pending > 0) expect(['saving', 'unsaved', 'ended']).toContain(said.state);
        if (said.state === 'saved') expect(facts.link).toBe('live');
      }),
      { seed: 20_261_124, numRuns: 2_000 },
    );
  });
});
