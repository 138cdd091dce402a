import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Actor } from '#shared/domain/decision.ts';
import { outcomeOf } from '#shared/domain/outcome.ts';
import type { Outcome, Position } from '#shared/domain/outcome.ts';
import { suggestionOf } from '#shared/domain/state.ts';
import { ana, ben, cai, olga, person, Scenario } from '../support/roomScenario.ts';

const reason = { code: 'other' } as const;
const members = Array.from({ length: 20 }, (_, n) => person(`m${n + 1}`));
const m = (n: number): Actor => members[n - 1] as Actor;
const gather = (ask: string, ...comments: readonly number[]) =>
  ({ type: 'gatherSuggestion', ask, sources: comments.map((comment) => ({ kind: 'comment', comment }) as const) }) as const;

/** Ana's room with twenty members more. */
function hall(): Scenario {
  const room = Scenario.room();
  for (let n = 1; n <= members.length; n += 1) room.admits(`m${n}`, 'member');
  return room;
}
const of = (room: Scenario): Outcome => outcomeOf(room.state);
const on = (positions: readonly Position[], kind: 'suggestion' | 'comment', number: number): Position | undefined =>
  positions.find((position) => position.of.kind === kind && position.of.number === number);

describe('counts', () => {
  test('[CNT1] people are those with a counted act, each once', () => {
    const room = hall().says(m(1), 'One').says(m(1), 'Two');
    expect(of(room).people).toEqual(['m1']);
    room.does(m(2), { type: 'supportComment', comment: 1 });
    room.does(cai, { type: 'recordSpeech', speakerId: 'olga', body: 'Said in the hall' });
    room.does(cai, gather('Ask', 1)).does(m(3), { type: 'supportSuggestion', suggestion: 1 });
    room.does(m(1), { type: 'confirmSuggestion', suggestion: 1 });
    // Who wrote speech down, gathered or steered did no counted act of his own.
    expect([...of(room).people].sort()).toEqual(['m1', 'm2', 'm3', 'olga']);
    // What is hidden, withdrawn or taken back counts no longer.
    room.does(m(2), { type: 'endSupport', comment: 1 }).does(ana, { type: 'hideComment', comment: 3, reason });
    expect([...of(room).people].sort()).toEqual(['m1', 'm3']);
  });

  test('[CNT2] a comment that opens a thread and a recorded speech are one time each; replies are none', () => {
    const room = hall().says(m(1), 'One').says(m(2), 'Answer', 1).says(m(1), 'Three');
    room.does(cai, { type: 'recordSpeech', speakerId: 'm3', body: 'In the hall', parent: 1 });
    expect(of(room).participations).toEqual([1, 3, 4]);
  });

  test('[CNT3] published comments with their replies apart; hidden ones are a number of their own', () => {
    const room = hall();
    room.does(ana, { type: 'changeSettings', settings: { ...room.state.settings, whoComments: 'participants', review: 'observers' } });
    room.says(m(1), 'One').says(m(2), 'Answer', 1).says(m(3), 'Rude').says(m(4), 'Gone').says(olga, 'Waiting');
    room.does(ana, { type: 'hideComment', comment: 3, reason }).does(m(4), { type: 'withdrawComment', comment: 4 });
    expect(of(room)).toMatchObject({ comments: [1, 2], replies: [2], hidden: [3], participations: [1] });
    room.does(ana, { type: 'publishComment', comment: 5 }).does(ana, { type: 'restoreComment', comment: 3 });
    expect(of(room)).toMatchObject({ comments: [1, 2, 3, 5], hidden: [] });
  });

  test('[CNT4] listed after merging, gathered before it, confirmed by an author', () => {
    const room = hall().says(m(1), 'One').says(m(2), 'Two').says(m(3), 'Three').says(m(4), 'Four');
    for (const n of [1, 2, 3, 4]) room.does(cai, gather(`Ask ${n}`, n));
    room.does(m(2), { type: 'confirmSuggestion', suggestion: 2 }).does(m(4), { type: 'disputeSuggestion', suggestion: 4 });
    expect(of(room)).toMatchObject({ suggestions: [1, 2, 3, 4], gathered: [1, 2, 3, 4], confirmed: [2] });
    room.does(cai, { type: 'mergeSuggestion', suggestion: 1, into: 2 }).does(cai, { type: 'dropSuggestion', suggestion: 3 });
    expect(of(room)).toMatchObject({ suggestions: [2, 4], gathered: [1, 2, 4], confirmed: [2] });
    // What was merged into a dropped one is dropped with it, and comes back with it.
    room.does(cai, { type: 'dropSuggestion', suggestion: 2 });
    expect(of(room)).toMatchObject({ suggestions: [4], gathered: [4], confirmed: [] });
    room.does(cai, { type: 'relistSuggestion', suggestion: 2 });
    expect(of(room)).toMatchObject({ suggestions: [2, 4], gathered: [1, 2, 4] });
  });
});

describe('agreement and disagreement', () => {
  /** Ben's comment, supported by so many, objected to by so many. */
  function votes(support: number, against: number): Scenario {
    const room = hall().says(ben, 'Two lanes');
    for (let n = 1; n <= support; n += 1) room.does(m(n), { type: 'supportComment', comment: 1 });
    for (let n = support + 1; n <= support + against; n += 1)
      room.does(m(n), { type: 'postComment', body: 'No', parent: 1, stance: 'against' });
    return room;
  }
  const cases: [number, number, 'agreement' | 'disagreement' | 'neither'][] = [
    [0, 0, 'neither'],
    [1, 0, 'agreement'],
    [1, 1, 'disagreement'],
    [8, 1, 'agreement'],
    [7, 1, 'disagreement'],
    [17, 2, 'agreement'],
    [16, 2, 'disagreement'],
  ];
  test.each(cases)('[CNT5] the proposer, %i more for it and %i against: %s', (support, against, expected) => {
    const { agreement, disagreement } = of(votes(support, against));
    expect([agreement.length, disagreement.length]).toEqual([expected === 'agreement' ? 1 : 0, expected === 'disagreement' ? 1 : 0]);
    expect([...agreement, ...disagreement].map(({ support: yes, against: no }) => [yes.length, no.length])).toEqual(
      expected === 'neither' ? [] : [[support + 1, against]],
    );
  });

  test('[CNT5] each person has one voice: objection before reservation before support, and abstaining is none', () => {
    const room = hall()
      .says(ben, 'Two lanes')
      .does(m(1), { type: 'supportComment', comment: 1 })
      .does(m(2), { type: 'supportComment', comment: 1 });
    room.does(m(1), { type: 'postComment', body: 'But where?', parent: 1, stance: 'reservation' });
    room.does(m(2), { type: 'postComment', body: 'Not here', parent: 2, stance: 'against' });
    room.does(m(3), { type: 'postComment', body: 'Hm', parent: 1, stance: 'abstain' });
    room.does(m(4), { type: 'postComment', body: 'Yes', parent: 3, stance: 'for' });
    const [position] = of(room).disagreement;
    expect(position).toMatchObject({ support: ['ben', 'm4'], against: ['m2'], reserved: ['m1'] });
    const lone = hall()
      .does(ben, { type: 'postComment', body: 'I do not know', stance: 'abstain' })
      .does(m(1), { type: 'supportComment', comment: 1 });
    expect(of(lone).agreement).toEqual([]);
  });

  test('[CNT5] a suggestion has the voices of its sources and of what was merged into it, through several merges', () => {
    const room = hall().says(m(1), 'One').says(m(2), 'Two').says(m(3), 'Three');
    for (const n of [1, 2, 3]) room.does(cai, gather(`Ask ${n}`, n));
    room.does(m(4), { type: 'supportComment', comment: 1 }).does(m(5), { type: 'supportSuggestion', suggestion: 2 });
    room.does(m(6), { type: 'supportSuggestion', suggestion: 3 });
    room.does(cai, { type: 'mergeSuggestion', suggestion: 1, into: 2 }).does(cai, { type: 'mergeSuggestion', suggestion: 2, into: 3 });
    const { agreement } = of(room);
    expect(agreement.map((position) => position.of)).toEqual([{ kind: 'suggestion', number: 3 }]);
    expect([...(agreement[0]?.support ?? [])].sort()).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
    expect([...(agreement[0]?.from ?? [])].sort()).toEqual([1, 2, 3]);
    // Once it is dropped, the comments speak for themselves again.
    room.does(cai, { type: 'dropSuggestion', suggestion: 3 });
    expect(of(room).agreement.map((position) => position.of)).toEqual([{ kind: 'comment', number: 1 }]);
  });

  test('[CNT5] whoever says he was misunderstood is reserved, whatever he supported', () => {
    const room = hall()
      .says(m(1), 'One')
      .says(m(2), 'Two')
      .does(cai, gather('Both', 1, 2))
      .does(m(3), { type: 'supportSuggestion', suggestion: 1 });
    room.does(m(1), { type: 'disputeSuggestion', suggestion: 1, note: 'I said the other gate' });
    expect(on(of(room).agreement, 'suggestion', 1)).toMatchObject({ support: ['m3', 'm2'], reserved: ['m1'], against: [] });
    room.does(m(1), { type: 'confirmSuggestion', suggestion: 1 });
    expect(on(of(room).agreement, 'suggestion', 1)?.support).toContain('m1');
  });

  test('[CNT5] hidden and withdrawn comments have no voice', () => {
    const room = votes(1, 1);
    room.does(ana, { type: 'hideComment', comment: 2, reason });
    expect(of(room).agreement).toHaveLength(1);
    room.does(cai, gather('Ask', 1)).does(ben, { type: 'withdrawComment', comment: 1 });
    expect(of(room)).toMatchObject({ agreement: [], disagreement: [] });
  });
});

test('[CNT6] every figure is the list of rows it counts, and each row stands there once', () => {
  const step = fc.record({ who: fc.nat(5), what: fc.nat(9), on: fc.integer({ min: 1, max: 8 }), other: fc.integer({ min: 1, max: 8 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const room = Scenario.room().admits('m1', 'member').admits('m2', 'member');
      const people = [ana, ben, cai, olga, m(1), m(2)];
      for (const { who, what, on: one, other } of steps) {
        const actor = people[who] ?? ana;
        const stance = (['for', 'against', 'reservation', 'abstain'] as const)[other % 4] ?? null;
        if (what === 0) room.tries(actor, { type: 'postComment', body: 'x' });
        if (what === 1) room.tries(actor, { type: 'postComment', body: 'y', parent: one, stance });
        if (what === 2) room.tries(cai, gather('ask', one, other));
        if (what === 3) room.tries(cai, { type: 'mergeSuggestion', suggestion: one, into: other });
        if (what === 4) room.tries(actor, { type: 'dropSuggestion', suggestion: one });
        if (what === 5) room.tries(actor, { type: 'supportComment', comment: one });
        if (what === 6) room.tries(actor, { type: 'supportSuggestion', suggestion: one });
        if (what === 7) room.tries(actor, { type: other % 2 === 0 ? 'confirmSuggestion' : 'disputeSuggestion', suggestion: one });
        if (what === 8) room.tries(ana, { type: other % 2 === 0 ? 'hideComment' : 'restoreComment', comment: one, reason } as never);
        if (what === 9) room.tries(cai, { type: other % 2 === 0 ? 'undoMerge' : 'relistSuggestion', suggestion: one });
      }
      const outcome = of(room);
      for (const rows of Object.values(outcome) as (readonly unknown[])[]) expect(new Set(rows).size).toBe(rows.length);
      for (const position of [...outcome.agreement, ...outcome.disagreement]) {
        const voices = [...position.support, ...position.against, ...position.reserved];
        expect(new Set(voices).size, 'one voice each').toBe(voices.length);
        for (const id of voices) expect(outcome.people).toContain(id);
        for (const number of position.from) expect(outcome.comments).toContain(number);
      }
      const listed = [...room.state.suggestions].filter(({ status }) => status === 'listed').map(({ number }) => number);
      expect(outcome.suggestions).toEqual(listed);
      for (const number of outcome.gathered) expect(suggestionOf(room.state, number)?.status).not.toBe('dropped');
      expect(outcome.confirmed.every((number) => listed.includes(number))).toBe(true);
      expect(outcome.replies.every((number) => outcome.comments.includes(number))).toBe(true);
    }),
    { numRuns: 200, seed: 20_266 },
  );
});
