import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemActor } from '#shared/domain/decision.ts';
import { clauseLabels, keptNumbers, MAX_CLAUSE_LABEL } from '#shared/domain/drafts/clauses.ts';
import type { ClauseId, NumberedClause } from '#shared/domain/drafts/events.ts';
import { eventSchemas } from '#shared/protocol/eventSchemas.ts';
import { ana, ben, cai, Scenario } from '../support/roomScenario.ts';

const id = (clock: number): ClauseId => [1, clock];
const ids = (...clocks: readonly number[]): readonly ClauseId[] => clocks.map(id);
const frozen = (...labels: readonly string[]): readonly NumberedClause[] => labels.map((label, index) => ({ id: id(index + 1), label }));

/** Where a number stands among others: 5 before 5-1 before 5-1-1 before 5-2 before 6. */
function inOrder(one: string, other: string): number {
  const [a, b] = [one, other].map((label) => label.split('-').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

describe('numbers of clauses', () => {
  test('[CLA1] without a frozen numbering they are counted', () => {
    expect(clauseLabels(ids(9, 4, 7), null)).toEqual(['1', '2', '3']);
  });

  const cases: [string, readonly NumberedClause[], readonly number[], readonly string[]][] = [
    ['one put in', frozen('1', '2', '3'), [1, 2, 10, 3], ['1', '2', '2-1', '3']],
    ['two put in', frozen('1', '2', '3'), [1, 2, 10, 11, 3], ['1', '2', '2-1', '2-2', '3']],
    ['one put in before the first', frozen('1', '2'), [10, 1, 2], ['0-1', '1', '2']],
    ['some at the end', frozen('1', '2'), [1, 2, 10, 11], ['1', '2', '3', '4']],
    ['one taken out', frozen('1', '2', '3'), [1, 3], ['1', '3']],
    ['the last taken out and another put at the end', frozen('1', '2', '3'), [1, 2, 10], ['1', '2', '4']],
    ['moved', frozen('1', '2', '3'), [3, 1, 2], ['3', '1', '2']],
    ['between two that were put in', frozen('5', '5-1', '5-2', '6'), [1, 2, 10, 3, 4], ['5', '5-1', '5-1-1', '5-2', '6']],
    ['behind one that was put in', frozen('5', '5-1', '6'), [1, 2, 10, 3], ['5', '5-1', '5-2', '6']],
    ['before one that was put in', frozen('5', '5-1', '6'), [1, 10, 2, 3], ['5', '5-0-1', '5-1', '6']],
  ];
  test.each(cases)('[CLA1] %s', (_what, numbered, order, labels) => {
    expect(clauseLabels(ids(...order), numbered)).toEqual(labels);
  });

  test.each([
    ['right behind the same clause', (order: readonly ClauseId[]) => order.toSpliced(1, 0, id(100 + order.length))],
    ['right before the same clause', (order: readonly ClauseId[]) => order.toSpliced(-1, 0, id(100 + order.length))],
    ['behind and before in turn', (order: readonly ClauseId[]) => order.toSpliced(1 + (order.length % 2), 0, id(100 + order.length))],
  ])('[CLA1] [CLA4] 500 clauses put in %s, each sealed: labels stay short, keep and are never used twice', (_where, putIn) => {
    let order = ids(1, 2);
    let numbered = frozen('1', '2');
    for (let round = 0; round < 500; round += 1) {
      order = putIn(order);
      const labels = clauseLabels(order, numbered);
      expect(new Set(labels).size).toBe(labels.length);
      expect(Math.max(...labels.map(({ length }) => length))).toBeLessThanOrEqual(MAX_CLAUSE_LABEL);
      numbered = keptNumbers(
        order.map((clause, index) => ({ id: clause, label: labels[index] ?? '' })),
        numbered,
      );
    }
    // Between two that are numbered there is a place in order wherever one is short enough; after that the next number.
    expect(clauseLabels(order, numbered).filter((label) => label.includes('-')).length).toBeGreaterThan(25);
  });

  test('[CLA4] a clause gets a label where old ones are longer than any that is given', () => {
    const long = `1${'-0'.repeat(200)}-1`;
    expect(clauseLabels(ids(1, 10, 2, 11, 3), frozen('1', long, '2'))).toEqual(['1', '3', long, '4', '2']);
    const event = { type: 'draft.clausesNumbered', v: 1, draftId: 'd1', clauses: frozen('1', long, '2') };
    expect(eventSchemas['draft.clausesNumbered'].safeParse(event).error).toBeUndefined();
  });

  test('[CLA1] whatever is put in, taken out and frozen: numbers stay, are never used twice, and rise where nothing was moved', () => {
    const edit = fc.record({ at: fc.nat(30), kind: fc.constantFrom('in', 'in', 'out', 'freeze') });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 5, maxLength: 40 }), (edits) => {
        let order: ClauseId[] = [1, 2, 3].map(id);
        let numbered: readonly NumberedClause[] | null = null;
        let next = 4;
        const given = new Map<string, string>();
        for (const { at, kind } of [...edits, { at: 0, kind: 'freeze' }]) {
          const place = at % (order.length + 1);
          if (kind === 'in') order = order.toSpliced(place, 0, id(next++));
          else if (kind === 'out') order = order.toSpliced(place, 1);
          const labels = clauseLabels(order, numbered);
          expect(new Set(labels).size, labels.join(' ')).toBe(labels.length);
          expect([...labels].sort(inOrder), labels.join(' ')).toEqual(labels);
          for (const [index, clause] of order.entries()) {
            const label = labels[index] ?? '';
            const before = given.get(clause.join());
            if (before !== undefined) expect(label).toBe(before);
          }
          if (kind !== 'freeze') continue;
          const frozenNow = order.map((clause, index) => ({ id: clause, label: labels[index] ?? '' }));
          for (const { id: clause, label } of frozenNow) {
            const others = [...given].filter(([name]) => name !== clause.join());
            expect(others.map(([, taken]) => taken)).not.toContain(label);
            given.set(clause.join(), label);
          }
          numbered = keptNumbers(frozenNow, numbered);
        }
      }),
      { numRuns: 300, seed: 20_265 },
    );
  });
});

describe('drafts and their clauses', () => {
  const seal = (room: Scenario, contentHash: string, clauses: readonly ClauseId[]) =>
    room.does(systemActor, { type: 'sealRevision', draftId: room.draftId, lineage: 'l', ordinal: 1, logDigest: 'd', contentHash, clauses });

  test('[CLA2] sealing freezes the numbers as they were shown; numbering anew begins from 1', () => {
    const room = Scenario.room();
    const numbered = () => room.state.drafts.get(room.draftId)?.numbered?.map(({ label }) => label);
    expect(room.state.drafts.get(room.draftId)?.numbered).toBeNull();
    seal(room, 'one', ids(1, 2));
    expect(numbered()).toEqual(['1', '2']);
    seal(room, 'two', ids(1, 10, 2));
    expect(numbered()).toEqual(['1', '1-1', '2']);
    // 1-1 goes, another comes in its place: its number is another one.
    seal(room, 'three', ids(1, 2));
    seal(room, 'four', ids(1, 11, 2));
    expect(numbered()).toEqual(['1', '1-2', '2', '1-1']);
    expect(room.tries(cai, { type: 'numberClauses', draftId: room.draftId, clauses: ids(1, 10, 2) })).toBe('notAllowed');
    room.does(ana, { type: 'numberClauses', draftId: room.draftId, clauses: ids(1, 10, 2) });
    expect(numbered()).toEqual(['1', '2', '3']);
  });

  test('[CLA2] no more clauses than the limit are numbered', () => {
    const room = Scenario.room({ clausesPerDraft: 2 });
    expect(room.tries(ana, { type: 'numberClauses', draftId: room.draftId, clauses: ids(1, 2, 3) })).toBe('tooMany');
    expect(room.tries(ana, { type: 'numberClauses', draftId: 'none', clauses: [] })).toBe('unknownDraft');
    seal(room, 'one', ids(1, 2, 3));
    expect(room.state.drafts.get(room.draftId)?.numbered).toHaveLength(2);
  });

  test('[CLA3] a room has several drafts with titles', () => {
    const room = Scenario.room({ draftsPerRoom: 2 }).does(cai, { type: 'createDraft', title: ' Annex ' });
    const [first, second] = [...room.state.drafts.values()];
    expect([first?.title, second?.title?.text]).toEqual([null, 'Annex']);
    expect(second?.lineage).not.toBe(first?.lineage);
    expect(room.tries(cai, { type: 'createDraft', title: 'One more' })).toBe('tooMany');
    expect(room.tries(ben, { type: 'renameDraft', draftId: second?.id ?? '', title: 'Mine' })).toBe('notAllowed');
    room.does(cai, { type: 'renameDraft', draftId: second?.id ?? '', title: 'Appendix' });
    expect(room.state.drafts.get(second?.id ?? '')?.title?.text).toBe('Appendix');
    expect(room.tries(cai, { type: 'renameDraft', draftId: 'none', title: 'x' })).toBe('unknownDraft');
    expect(room.tries(cai, { type: 'renameDraft', draftId: second?.id ?? '', title: ' ' })).toBe('emptyText');
    expect(room.tries(cai, { type: 'renameDraft', draftId: second?.id ?? '', title: 'x'.repeat(201) })).toBe('textTooLong');
    // Each is locked and commented for itself.
    room.does(ana, { type: 'lockDraft', draftId: second?.id ?? '' });
    expect([...room.state.drafts.values()].map(({ locked }) => locked)).toEqual([false, true]);
  });
});
