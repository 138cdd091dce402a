import { describe, expect, test } from 'vitest';
import { ana, ben, cai, olga, Scenario } from '../../../../tests/support/roomScenario.ts';
import { boardOf, meaningOf, mergedInto, waitingFor } from './board.ts';
import type { BoardFilter } from './board.ts';

/** Two comments by Ben, one by Ana; Cai has made four suggestions of them, Ben one of his own words. */
function sitting(): Scenario {
  return Scenario.room()
    .does(ben, { type: 'postComment', body: '出入口间距二百米。' })
    .does(ana, { type: 'postComment', body: 'Ramps for wheelchairs' })
    .does(cai, { type: 'gatherSuggestion', ask: '间距改为二百米', sources: [{ kind: 'comment', comment: 1, quote: '二百米' }] })
    .does(cai, { type: 'gatherSuggestion', ask: 'Build ramps', sources: [{ kind: 'comment', comment: 2 }] })
    .does(cai, { type: 'gatherSuggestion', ask: 'Light the paths', sources: [] })
    .does(ben, { type: 'gatherSuggestion', ask: 'Two hundred metres', sources: [{ kind: 'comment', comment: 1 }] });
}

const look = (room: Scenario, filter: BoardFilter, query = '', me: string | null = 'ben') =>
  boardOf(room.state, { filter, query, me, nameOf: (id) => `name of ${id}` }).map(({ number }) => number);

describe('[BRD1] the board', () => {
  test('shows the newest first, and what was merged or dropped apart', () => {
    const room = sitting();
    expect(look(room, 'all')).toEqual([4, 3, 2, 1]);
    room.does(cai, { type: 'mergeSuggestion', suggestion: 4, into: 1 }).does(cai, { type: 'dropSuggestion', suggestion: 3 });
    expect(look(room, 'all')).toEqual([2, 1]);
    expect(look(room, 'merged')).toEqual([4, 3]);
    room.does(cai, { type: 'mergeSuggestion', suggestion: 1, into: 2 });
    expect(mergedInto(room.state, 2).map(({ number }) => number)).toEqual([1, 4]);
    expect(mergedInto(room.state, 3)).toEqual([]);
  });

  test('knows whose words a suggestion is made of', () => {
    const room = sitting();
    expect(look(room, 'mine')).toEqual([4, 1]);
    expect(look(room, 'mine', '', 'cai')).toEqual([3, 2, 1]);
    expect(look(room, 'mine', '', null)).toEqual([]);
  });

  test('finds words, names and numbers, in both languages and whatever the width of the letters', () => {
    const room = sitting();
    expect(look(room, 'all', '二百')).toEqual([1]);
    expect(look(room, 'all', 'ＲＡＭＰＳ build')).toEqual([2]);
    expect(look(room, 'all', 'name of ben')).toEqual([4, 1]);
    expect(look(room, 'all', '#3')).toEqual([3]);
    expect(look(room, 'all', 'nothing of the kind')).toEqual([]);
  });
});

describe('[BRD2] what the authors say', () => {
  test('only the author is asked, once, and not about what he made himself', () => {
    const room = sitting();
    const asked = (me: string | null) => waitingFor(room.state, me).map(({ number }) => number);
    expect(asked('ben')).toEqual([1]);
    expect(asked('ana')).toEqual([2]);
    expect(asked('cai')).toEqual([]);
    expect(asked(null)).toEqual([]);
    room.does(ben, { type: 'confirmSuggestion', suggestion: 1 });
    expect(asked('ben')).toEqual([]);
    room.does(cai, { type: 'rewordSuggestion', suggestion: 1, ask: 'At most two hundred metres' });
    expect(asked('ben')).toEqual([1]);
    room.does(cai, { type: 'dropSuggestion', suggestion: 1 });
    expect(asked('ben')).toEqual([]);
  });

  test('a suggestion is unconfirmed until they answer; one objection outweighs', () => {
    const room = sitting().does(cai, { type: 'addSource', suggestion: 1, source: { kind: 'comment', comment: 2 } });
    const meanings = () => room.state.suggestions.toArray().map((suggestion) => meaningOf(room.state, suggestion));
    expect(meanings()).toEqual(['unconfirmed', 'unconfirmed', 'nobodys', 'own']);
    expect(look(room, 'unconfirmed')).toEqual([2, 1]);
    room.does(ben, { type: 'confirmSuggestion', suggestion: 1 });
    expect(meanings()[0]).toBe('confirmed');
    expect(look(room, 'unconfirmed')).toEqual([2]);
    room.does(ana, { type: 'disputeSuggestion', suggestion: 1, note: 'I spoke of ramps' });
    expect(meanings()[0]).toBe('disputed');
    expect(look(room, 'unconfirmed')).toEqual([2, 1]);
    expect(room.tries(olga, { type: 'confirmSuggestion', suggestion: 1 })).toBe('notYours');
  });
});
