import { describe, expect, test } from 'vitest';
import { authorsOf, suggestionOf } from '#shared/domain/state.ts';
import type { Suggestion } from '#shared/domain/state.ts';
import { snapshotFor } from '#shared/domain/snapshot.ts';
import type { GivenSource } from '#shared/domain/suggestions/events.ts';
import { redactEvent, withholdComment } from '#shared/domain/visibility.ts';
import { ana, ben, cai, olga, person, Scenario } from '../support/roomScenario.ts';

const dora = person('dora');
const from = (...comments: readonly number[]): readonly GivenSource[] => comments.map((comment) => ({ kind: 'comment', comment }));
const reason = { code: 'other' } as const;

/** Ben (member), Dora (member) and Cai (recorder) have said something: comments 1, 2 and 3. */
function sitting(limits = {}): Scenario {
  return Scenario.room(limits).admits('dora', 'member').says(ben, 'Two lanes').says(dora, 'Lights at the gate').says(cai, 'Heard twice');
}
const the = (room: Scenario, number: number): Suggestion => {
  const suggestion = suggestionOf(room.state, number);
  if (suggestion === undefined) throw new Error(`no suggestion ${number}`);
  return suggestion;
};
const gather = (ask: string, ...comments: readonly number[]) => ({ type: 'gatherSuggestion', ask, sources: from(...comments) }) as const;

describe('suggestions', () => {
  test('[SUG10] a member makes one in their own words: a comment, a suggestion and its confirmation at once', () => {
    const room = sitting();
    room.does(ben, { type: 'makeSuggestion', ask: ' Make it two lanes ', problem: 'One is blocked', reason: ' ' });
    expect(the(room, 1)).toMatchObject({ by: 'ben', ask: { text: 'Make it two lanes' }, sources: [{ kind: 'comment', comment: 4 }] });
    expect(room.state.comments.get(3)).toMatchObject({ authorId: 'ben', body: { text: 'Make it two lanes\nOne is blocked' } });
    expect(the(room, 1).confirmations.get('ben')).toMatchObject({ meant: true });
    // Nothing of it is there where the words cannot be said, nor for whoever may only read.
    expect(room.tries(ben, { type: 'makeSuggestion', ask: ' ' })).toBe('emptyText');
    expect(room.tries(olga, { type: 'makeSuggestion', ask: 'Benches' })).toBe('notAllowed');
    room.does(ana, { type: 'closeCommenting' });
    expect(room.tries(ben, { type: 'makeSuggestion', ask: 'Benches' })).toBe('commentingClosed');
    expect([room.state.comments.length, room.state.suggestions.length]).toEqual([4, 1]);
  });

  test('[SUG1] are numbered, and say what is asked, why, and where it comes from', () => {
    const room = sitting();
    const passage = {
      draftId: room.draftId,
      runs: [[7, 0, 4]] as [number, number, number][],
      quote: 'two lanes',
      before: 'at most ',
      after: '.',
    };
    room.does(cai, {
      type: 'gatherSuggestion',
      ask: ' Make it two lanes ',
      problem: 'One is blocked each morning',
      reason: ' ',
      sources: [
        { kind: 'comment', comment: 1, quote: 'Two lanes' },
        { kind: 'passage', anchor: passage },
      ],
    });
    room.does(cai, gather('Put lights there', 2));
    expect([...room.state.suggestions].map(({ number, by, status }) => [number, by, status])).toEqual([
      [1, 'cai', 'listed'],
      [2, 'cai', 'listed'],
    ]);
    expect(the(room, 1)).toMatchObject({
      ask: { text: 'Make it two lanes' },
      problem: { text: 'One is blocked each morning' },
      reason: null,
    });
    expect(the(room, 1).sources).toMatchObject([
      { comment: 1, quote: { text: 'Two lanes' } },
      { anchor: { quote: { text: 'two lanes' } } },
    ]);
    expect(authorsOf(room.state, the(room, 1))).toEqual(['ben']);
    room.does(cai, { type: 'addSource', suggestion: 1, source: { kind: 'comment', comment: 2 } });
    expect(authorsOf(room.state, the(room, 1))).toEqual(['ben', 'dora']);
  });

  test('[SUG1] without an ask, too long, of too many sources or of words that are not there, there is none', () => {
    const room = sitting({ sourcesPerSuggestion: 2, suggestionsPerRoom: 2 }).says(ben, 'Out').says(ben, 'Rude');
    room.does(ben, { type: 'withdrawComment', comment: 4 }).does(ana, { type: 'hideComment', comment: 5, reason });
    const events = room.log.length;
    expect(room.tries(cai, gather(' ', 1))).toBe('emptyText');
    expect(room.tries(cai, gather('x'.repeat(2_001), 1))).toBe('textTooLong');
    expect(room.tries(cai, { ...gather('x', 1), problem: 'x'.repeat(2_001) })).toBe('textTooLong');
    expect(room.tries(cai, { ...gather('x'), sources: [{ kind: 'comment', comment: 1, quote: 'x'.repeat(2_001) }] })).toBe('textTooLong');
    expect(room.tries(cai, gather('x', 1, 2, 3))).toBe('tooMany');
    expect(room.tries(cai, gather('x', 99))).toBe('unknownComment');
    expect(room.tries(cai, gather('x', 4))).toBe('commentWithdrawn');
    expect(room.tries(cai, gather('x', 5))).toBe('commentHidden');
    const nowhere = { draftId: 'none', runs: [], quote: 'q', before: '', after: '' };
    expect(room.tries(cai, { ...gather('x'), sources: [{ kind: 'passage', anchor: nowhere }] })).toBe('unknownDraft');
    expect(room.tries(cai, { type: 'confirmSuggestion', suggestion: 1 })).toBe('unknownSuggestion');
    expect(room.log).toHaveLength(events);
    room.does(cai, gather('1', 1, 2)).does(cai, gather('2', 1));
    expect(room.tries(cai, gather('3', 1))).toBe('tooMany');
    expect(room.tries(cai, { type: 'addSource', suggestion: 1, source: { kind: 'comment', comment: 3 } })).toBe('tooMany');
    expect(room.tries(cai, { type: 'splitSuggestion', suggestion: 1, parts: [{ ask: 'a' }, { ask: 'b' }] })).toBe('tooMany');
  });

  test('[SUG2] a member makes one of what he said himself, the desk of what anybody said, observers none', () => {
    const room = sitting();
    expect(room.tries(ben, gather('Mine', 1))).toBeNull();
    expect(room.tries(ben, gather('Hers', 2))).toBe('notYours');
    expect(room.tries(ben, gather('Mine and hers', 1, 2))).toBe('notYours');
    expect(room.tries(ben, gather('From nowhere'))).toBe('notYours');
    expect(room.tries(ben, { type: 'addSource', suggestion: 1, source: { kind: 'comment', comment: 2 } })).toBe('notYours');
    expect(room.tries(olga, gather('Watched', 1))).toBe('notAllowed');
    for (const desk of [ana, cai]) expect(room.tries(desk, gather('Heard in the hall', 1, 2))).toBeNull();
    expect(room.tries(ana, gather('Said without a source'))).toBeNull();
    const passage = { draftId: room.draftId, runs: [], quote: 'clause 3', before: '', after: '' };
    expect(room.tries(ben, { ...gather('On a passage'), sources: [{ kind: 'passage', anchor: passage }] })).toBeNull();
  });

  test('[SUG3] only those whose words it was made of say whether it is meant so; rewording asks them anew', () => {
    const room = sitting().does(cai, gather('Two lanes with lights', 1, 2));
    expect(room.tries(cai, { type: 'confirmSuggestion', suggestion: 1 })).toBe('notYours');
    expect(room.tries(ana, { type: 'disputeSuggestion', suggestion: 1 })).toBe('notYours');
    room.does(ben, { type: 'confirmSuggestion', suggestion: 1 }).does(dora, { type: 'disputeSuggestion', suggestion: 1, note: 'No lanes' });
    expect([...the(room, 1).confirmations].map(([id, { meant, note }]) => [id, meant, note?.text])).toEqual([
      ['ben', true, undefined],
      ['dora', false, 'No lanes'],
    ]);
    expect(room.tries(ben, { type: 'confirmSuggestion', suggestion: 1 })).toBe('alreadySo');
    expect(room.tries(dora, { type: 'disputeSuggestion', suggestion: 1, note: 'n'.repeat(501) })).toBe('textTooLong');
    room.does(dora, { type: 'confirmSuggestion', suggestion: 1 });
    expect(the(room, 1).confirmations.get('dora')?.meant).toBe(true);
    room.does(cai, { type: 'rewordSuggestion', suggestion: 1, ask: 'Two lanes, and lights' });
    expect(the(room, 1)).toMatchObject({ ask: { text: 'Two lanes, and lights' }, confirmations: new Map() });
    expect(the(room, 1).rewordedAt).not.toBeNull();
  });

  test('[SUG4] merging keeps numbers and sources, and is undone', () => {
    const room = sitting().does(cai, gather('A', 1)).does(cai, gather('B', 2)).does(cai, gather('C', 3));
    room.does(cai, { type: 'mergeSuggestion', suggestion: 1, into: 2 }).does(cai, { type: 'mergeSuggestion', suggestion: 2, into: 3 });
    expect([...room.state.suggestions].map(({ status, mergedInto }) => [status, mergedInto])).toEqual([
      ['merged', 2],
      ['merged', 3],
      ['listed', null],
    ]);
    expect(the(room, 1).sources).toHaveLength(1);
    expect(room.tries(cai, { type: 'mergeSuggestion', suggestion: 3, into: 1 })).toBe('alreadySo');
    expect(room.tries(cai, { type: 'mergeSuggestion', suggestion: 3, into: 3 })).toBe('alreadySo');
    expect(room.tries(cai, { type: 'mergeSuggestion', suggestion: 3, into: 9 })).toBe('unknownSuggestion');
    expect(room.tries(ben, { type: 'undoMerge', suggestion: 1 })).toBe('notAllowed');
    room.does(ana, { type: 'undoMerge', suggestion: 1 });
    expect(the(room, 1)).toMatchObject({ status: 'listed', mergedInto: null });
    expect(room.tries(ana, { type: 'undoMerge', suggestion: 1 })).toBe('alreadySo');
  });

  test('[SUG5] [ST23] what is split is one commit, so what its parts would rest on together has a bound', () => {
    const quote = '字'.repeat(2_000);
    const sources = Array.from({ length: 100 }, () => ({ kind: 'comment', comment: 1, quote }) as const);
    const room = sitting().does(cai, { type: 'gatherSuggestion', ask: 'A', sources });
    const parts = Array.from({ length: 20 }, (_, index) => ({ ask: `part ${index}` }));
    expect(room.tries(cai, { type: 'splitSuggestion', suggestion: 1, parts })).toBe('tooMany');
    expect(room.tries(cai, { type: 'splitSuggestion', suggestion: 1, parts: parts.slice(0, 2) })).not.toBe('tooMany');
  });

  test('[SUG5] splitting gives each part all the sources, the merged ones too, in one commit', () => {
    const room = sitting().does(cai, gather('A', 1)).does(cai, gather('B', 2)).does(cai, gather('C', 3));
    room.does(cai, { type: 'mergeSuggestion', suggestion: 1, into: 2 }).does(cai, { type: 'mergeSuggestion', suggestion: 2, into: 3 });
    expect(room.tries(cai, { type: 'splitSuggestion', suggestion: 3, parts: [{ ask: 'alone' }] })).toBe('malformed');
    expect(room.tries(cai, { type: 'splitSuggestion', suggestion: 3, parts: [{ ask: 'one' }, { ask: ' ' }] })).toBe('emptyText');
    expect(room.tries(cai, { type: 'splitSuggestion', suggestion: 1, parts: [{ ask: 'x' }, { ask: 'y' }] })).toBe('alreadySo');
    room.does(cai, { type: 'splitSuggestion', suggestion: 3, parts: [{ ask: 'one', problem: 'p' }, { ask: 'two' }] });
    const commit = room.log.filter(({ seq }) => seq === room.log.at(-1)?.seq);
    expect(commit.map(({ event }) => event.type)).toEqual(['suggestion.gathered', 'suggestion.gathered', 'suggestion.dropped']);
    expect(the(room, 3).status).toBe('dropped');
    for (const number of [4, 5]) {
      expect([...authorsOf(room.state, the(room, number))].sort()).toEqual(['ben', 'cai', 'dora']);
      expect(the(room, number).status).toBe('listed');
    }
  });

  test('[SUG6] [SUG7] dropping and listing again, by the desk and by its maker', () => {
    const room = sitting().does(ben, gather('Mine', 1)).does(dora, gather('Hers', 2));
    for (const type of ['dropSuggestion', 'relistSuggestion'] as const) {
      expect(room.tries(dora, { type, suggestion: 1 })).toBe('notYours');
      expect(room.tries(olga, { type, suggestion: 1 })).toBe('notAllowed');
      room.does(ben, { type, suggestion: 1 });
      expect(room.tries(ana, { type, suggestion: 1 })).toBe('alreadySo');
      room.does(cai, { type, suggestion: 2 });
    }
    expect([...room.state.suggestions].map(({ number, status }) => [number, status])).toEqual([
      [1, 'listed'],
      [2, 'listed'],
    ]);
    expect(room.tries(dora, { type: 'rewordSuggestion', suggestion: 1, ask: 'Better' })).toBe('notYours');
    expect(room.tries(ben, { type: 'rewordSuggestion', suggestion: 1, ask: 'Better' })).toBeNull();
    expect(room.tries(ben, { type: 'splitSuggestion', suggestion: 1, parts: [{ ask: 'a' }, { ask: 'b' }] })).toBeNull();
    expect(room.tries(ben, { type: 'mergeSuggestion', suggestion: 3, into: 4 })).toBe('notAllowed');
  });

  test('[SUG8] support is one act a person, and can be taken back', () => {
    const room = sitting().does(cai, gather('A', 1));
    room.does(dora, { type: 'supportSuggestion', suggestion: 1 }).does(ben, { type: 'supportSuggestion', suggestion: 1 });
    expect(room.tries(dora, { type: 'supportSuggestion', suggestion: 1 })).toBe('alreadySo');
    expect(the(room, 1).supporters).toEqual(['dora', 'ben']);
    room.does(dora, { type: 'endSuggestionSupport', suggestion: 1 });
    expect(room.tries(dora, { type: 'endSuggestionSupport', suggestion: 1 })).toBe('alreadySo');
    expect(the(room, 1).supporters).toEqual(['ben']);
    expect(room.tries(olga, { type: 'supportSuggestion', suggestion: 1 })).toBe('notAllowed');
    room.does(ana, { type: 'changeSettings', settings: { ...room.state.settings, whoComments: 'participants' } });
    expect(room.tries(olga, { type: 'supportSuggestion', suggestion: 1 })).toBeNull();
  });

  test('[SUG9] [VIS2] what a suggestion quotes of a comment goes with the comment', () => {
    const room = sitting().says(ben, 'secret-words in it');
    room.does(cai, { ...gather('A suggestion', 4), sources: [{ kind: 'comment', comment: 4, quote: 'secret-words' }] });
    room.does(cai, { type: 'addSource', suggestion: 1, source: { kind: 'comment', comment: 4, quote: 'secret-too' } });
    const whole = snapshotFor(room.state, 'everyone');
    expect(JSON.stringify(whole)).toContain('secret-words');
    room.does(ana, { type: 'hideComment', comment: 4, reason });
    const told = (): string =>
      JSON.stringify([
        snapshotFor(room.state, 'participants'),
        room.log.map(({ event }) => redactEvent(event, room.state, 'participants')),
      ]);
    expect(told()).not.toContain('secret-');
    expect(JSON.stringify(snapshotFor(room.state, 'moderators'))).toContain('secret-too');
    const live = withholdComment(room.state, 4, 'participants');
    expect(JSON.stringify(snapshotFor(live, 'moderators'))).not.toContain('secret-');
    expect(JSON.stringify(snapshotFor(withholdComment(room.state, 4, 'moderators'), 'moderators'))).toContain('secret-too');
    room.does(ana, { type: 'restoreComment', comment: 4 });
    expect(told()).toContain('secret-too');
    room.does(ben, { type: 'withdrawComment', comment: 4 });
    expect(JSON.stringify(snapshotFor(room.state, 'moderators'))).not.toContain('secret-');
  });
});
