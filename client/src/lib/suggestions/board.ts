import type { RoomState, Suggestion } from '#shared/domain/state.ts';
import { authorsOf } from '#shared/domain/state.ts';

export const boardFilters = ['all', 'unconfirmed', 'mine', 'merged'] as const;
export type BoardFilter = (typeof boardFilters)[number];

/**
 * What the people whose words a suggestion was made of say about it. `own`: its maker made it of his own words; `nobodys`: it
 * rests on no comment, so nobody can be asked.
 */
export type Meaning = 'confirmed' | 'disputed' | 'unconfirmed' | 'own' | 'nobodys';

export function meaningOf(state: RoomState, suggestion: Suggestion): Meaning {
  const answers = [...suggestion.confirmations.values()];
  if (answers.some(({ meant }) => !meant)) return 'disputed';
  if (answers.length > 0) return 'confirmed';
  const authors = authorsOf(state, suggestion);
  if (authors.length === 0) return 'nobodys';
  return authors.includes(suggestion.by) ? 'own' : 'unconfirmed';
}

/** Listed suggestions whose authors have not said yet whether they are what was meant, or said that they are not; oldest first. */
export function unconfirmedOf(state: RoomState): readonly Suggestion[] {
  return state.suggestions
    .toArray()
    .filter((suggestion) => suggestion.erased === undefined && passes(state, suggestion, 'unconfirmed', null));
}

/** Suggestions that somebody else made of this person's words, and about which he has not said anything yet; oldest first. */
export function waitingFor(state: RoomState, me: string | null): readonly Suggestion[] {
  if (me === null) return [];
  return state.suggestions
    .toArray()
    .filter(
      (suggestion) =>
        suggestion.status === 'listed' &&
        suggestion.erased === undefined &&
        suggestion.by !== me &&
        !suggestion.confirmations.has(me) &&
        authorsOf(state, suggestion).includes(me),
    );
}

/** Whether a suggestion is this person's: made by him or of his words. */
function isMine(state: RoomState, suggestion: Suggestion, me: string | null): boolean {
  return me !== null && (suggestion.by === me || authorsOf(state, suggestion).includes(me));
}

function passes(state: RoomState, suggestion: Suggestion, filter: BoardFilter, me: string | null): boolean {
  switch (filter) {
    case 'all':
      return suggestion.status === 'listed';
    case 'unconfirmed':
      return suggestion.status === 'listed' && ['unconfirmed', 'disputed'].includes(meaningOf(state, suggestion));
    case 'mine':
      return suggestion.status === 'listed' && isMine(state, suggestion, me);
    case 'merged':
      return suggestion.status !== 'listed';
  }
}

/** Whether a suggestion holds all words of a query, or is the number that was typed. */
function matches(suggestion: Suggestion, query: string, nameOf: (id: string) => string, state: RoomState): boolean {
  const wanted = query.normalize('NFKC').toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  if (wanted.length === 0) return true;
  const texts = [
    suggestion.ask.text,
    suggestion.problem?.text,
    suggestion.reason?.text,
    ...suggestion.sources.map((source) => (source.kind === 'comment' ? source.quote?.text : source.anchor.quote.text)),
    ...authorsOf(state, suggestion).map(nameOf),
  ];
  const held = texts
    .filter((text) => text !== undefined)
    .join('\n')
    .normalize('NFKC')
    .toLocaleLowerCase();
  return wanted.every((word) => held.includes(word) || word.replace(/^#/, '') === String(suggestion.number));
}

export interface Looking {
  readonly filter: BoardFilter;
  readonly query: string;
  readonly me: string | null;
  nameOf(id: string): string;
}

/** The suggestions that pass filter and search, the newest first. */
export function boardOf(state: RoomState, { filter, query, me, nameOf }: Looking): readonly Suggestion[] {
  return state.suggestions
    .toArray()
    .filter((suggestion) => passes(state, suggestion, filter, me) && matches(suggestion, query, nameOf, state))
    .reverse();
}

/** Those that were merged into this one, through others too, in the order of their numbers. */
export function mergedInto(state: RoomState, number: number): readonly Suggestion[] {
  const family = new Set([number]);
  const all = state.suggestions.toArray().filter(({ status }) => status === 'merged');
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const one of all) if (one.mergedInto !== null && family.has(one.mergedInto)) family.add(one.number);
  }
  return all.filter((one) => one.number !== number && family.has(one.number));
}
