import { unreachable } from '../../lib/unreachable.ts';
import { anchorProblem, decidePosting, sealAnchor, utf8Length } from '../comments/decide.ts';
import type { Context, Decision } from '../decision.ts';
import { accepted, refused, seal } from '../decision.ts';
import type { RoomEvent } from '../facts.ts';
import type { Rejection } from '../rejections.ts';
import type { RoomState, Suggestion } from '../state.ts';
import { commentOf, suggestionOf } from '../state.ts';
import type { GivenSource, GivenSuggestionText, Source, SuggestionCommand, SuggestionText } from './events.ts';

/** What the sources of all parts of a suggestion that is split may take up together. */
const mostSplitBytes = 2 * 1024 * 1024;

function textProblem(given: GivenSuggestionText, { limits }: Context): Rejection | null {
  if (given.ask.trim() === '') return { code: 'emptyText' };
  const most = limits.suggestionLength;
  const got = Math.max(given.ask.length, given.problem?.length ?? 0, given.reason?.length ?? 0);
  return got > most ? { code: 'textTooLong', most, got } : null;
}

function sealText(given: GivenSuggestionText, context: Context): SuggestionText {
  const optional = (text: string | undefined) => (text === undefined || text.trim() === '' ? null : seal(text.trim(), context));
  return { ask: seal(given.ask.trim(), context), problem: optional(given.problem), reason: optional(given.reason) };
}

function sourceProblem(state: RoomState, source: GivenSource, context: Context): Rejection | null {
  if (source.kind === 'passage') return anchorProblem(state, source.anchor, context);
  const comment = commentOf(state, source.comment);
  if (comment === undefined) return { code: 'unknownComment' };
  if (comment.erased !== undefined) return { code: 'textErased' };
  if (comment.status !== 'published') return { code: comment.status === 'withdrawn' ? 'commentWithdrawn' : 'commentHidden' };
  const got = source.quote?.length ?? 0;
  const most = context.limits.suggestionLength;
  return got > most ? { code: 'textTooLong', most, got } : null;
}

function sealSource(source: GivenSource, context: Context): Source {
  if (source.kind === 'passage') return { kind: 'passage', anchor: sealAnchor(source.anchor, context) };
  const quote = source.quote?.trim() ?? '';
  return { kind: 'comment', comment: source.comment, quote: quote === '' ? null : seal(quote, context) };
}

function decideGathering(state: RoomState, command: Extract<SuggestionCommand, { type: 'gatherSuggestion' }>, context: Context): Decision {
  const { limits } = context;
  if (state.suggestions.length >= limits.suggestionsPerRoom) return refused({ code: 'tooMany', most: limits.suggestionsPerRoom });
  if (command.sources.length > limits.sourcesPerSuggestion) return refused({ code: 'tooMany', most: limits.sourcesPerSuggestion });
  const problem =
    textProblem(command, context) ??
    command.sources.map((source) => sourceProblem(state, source, context)).find((found) => found !== null) ??
    null;
  if (problem !== null) return refused(problem);
  const sources = command.sources.map((source) => sealSource(source, context));
  const suggestion = state.suggestions.length + 1;
  return accepted({ type: 'suggestion.gathered', v: 1, suggestion, sources, ...sealText(command, context) });
}

/**
 * A suggestion in its author's own words. The words are a comment too, so that others can answer it and the record can trace the
 * suggestion to a voice; all of it is one commit.
 */
function decideMaking(state: RoomState, command: Extract<SuggestionCommand, { type: 'makeSuggestion' }>, context: Context): Decision {
  const { limits } = context;
  if (state.suggestions.length >= limits.suggestionsPerRoom) return refused({ code: 'tooMany', most: limits.suggestionsPerRoom });
  const problem = textProblem(command, context);
  if (problem !== null) return refused(problem);
  const said = [command.ask, command.problem, command.reason].map((text) => text?.trim() ?? '').filter((text) => text !== '');
  const posting = decidePosting(state, { type: 'postComment', body: said.join('\n'), anchor: command.anchor }, context);
  if (!posting.ok) return posting;
  const source = { kind: 'comment', comment: state.comments.length + 1, quote: null } as const;
  const suggestion = state.suggestions.length + 1;
  return accepted(
    ...posting.events,
    { type: 'suggestion.gathered', v: 1, suggestion, sources: [source], ...sealText(command, context) },
    { type: 'suggestion.confirmed', v: 1, suggestion },
  );
}

/** The sources of a suggestion and of all that was merged into it: its parts rest on all of them. */
function sourcesWithMerged(state: RoomState, suggestion: Suggestion): readonly Source[] {
  const family = new Set([suggestion.number]);
  for (let grew = true; grew;) {
    grew = false;
    for (const { number, mergedInto } of state.suggestions as Iterable<Suggestion>) {
      if (mergedInto === null || !family.has(mergedInto) || family.has(number)) continue;
      family.add(number);
      grew = true;
    }
  }
  return [...family].flatMap((number) => suggestionOf(state, number)?.sources ?? []);
}

function decideSplitting(
  state: RoomState,
  suggestion: Suggestion,
  command: Extract<SuggestionCommand, { type: 'splitSuggestion' }>,
  context: Context,
): Decision {
  if (command.parts.length < 2) return refused({ code: 'malformed', field: 'parts' });
  const room = context.limits.suggestionsPerRoom - state.suggestions.length;
  if (command.parts.length > Math.min(room, 20)) return refused({ code: 'tooMany', most: Math.min(room, 20) });
  const problem = command.parts.map((part) => textProblem(part, context)).find((found) => found !== null) ?? null;
  if (problem !== null) return refused(problem);
  const sources = sourcesWithMerged(state, suggestion);
  const most = context.limits.sourcesPerSuggestion;
  if (sources.length > most) return refused({ code: 'tooMany', most });
  // Each part has all of them, and everything that splits is one commit.
  const fit = Math.floor(mostSplitBytes / Math.max(1, utf8Length(JSON.stringify(sources))));
  if (command.parts.length > fit) return refused({ code: 'tooMany', most: fit });
  const gathered = command.parts.map((part, index): RoomEvent => {
    const number = state.suggestions.length + 1 + index;
    return { type: 'suggestion.gathered', v: 1, suggestion: number, sources, ...sealText(part, context) };
  });
  return accepted(...gathered, { type: 'suggestion.dropped', v: 1, suggestion: suggestion.number });
}

/** What cannot be done with a suggestion whose words were erased. */
const needsWords: ReadonlySet<SuggestionCommand['type']> = new Set([
  'rewordSuggestion',
  'splitSuggestion',
  'addSource',
  'confirmSuggestion',
  'disputeSuggestion',
  'supportSuggestion',
] satisfies SuggestionCommand['type'][]);

/** Decides on suggestions. Whether the person may at all has been asked before, by the rule of the command. */
export function decideSuggestion(state: RoomState, command: SuggestionCommand, context: Context): Decision {
  if (command.type === 'gatherSuggestion') return decideGathering(state, command, context);
  if (command.type === 'makeSuggestion') return decideMaking(state, command, context);
  const suggestion = suggestionOf(state, command.suggestion);
  if (suggestion === undefined) return refused({ code: 'unknownSuggestion' });
  const { number, status } = suggestion;
  if (suggestion.erased !== undefined && needsWords.has(command.type)) return refused({ code: 'textErased' });
  const actor = context.actor.kind === 'participant' ? context.actor.id : '';
  switch (command.type) {
    case 'relistSuggestion':
      return status === 'dropped' ? accepted({ type: 'suggestion.relisted', v: 1, suggestion: number }) : refused({ code: 'alreadySo' });
    case 'undoMerge':
      return status === 'merged' ? accepted({ type: 'suggestion.mergeUndone', v: 1, suggestion: number }) : refused({ code: 'alreadySo' });
    case 'rewordSuggestion': {
      const problem = textProblem(command, context);
      if (problem !== null) return refused(problem);
      return accepted({ type: 'suggestion.reworded', v: 1, suggestion: number, ...sealText(command, context) });
    }
    case 'addSource': {
      const problem = sourceProblem(state, command.source, context);
      if (problem !== null) return refused(problem);
      const most = context.limits.sourcesPerSuggestion;
      if (suggestion.sources.length >= most) return refused({ code: 'tooMany', most });
      return accepted({ type: 'suggestion.sourced', v: 1, suggestion: number, source: sealSource(command.source, context) });
    }
    case 'confirmSuggestion':
      if (suggestion.confirmations.get(actor)?.meant === true) return refused({ code: 'alreadySo' });
      return accepted({ type: 'suggestion.confirmed', v: 1, suggestion: number });
    case 'disputeSuggestion': {
      const note = command.note?.trim() ?? '';
      const most = context.limits.noteLength;
      if (note.length > most) return refused({ code: 'textTooLong', most, got: note.length });
      return accepted({ type: 'suggestion.disputed', v: 1, suggestion: number, note: note === '' ? null : seal(note, context) });
    }
    case 'mergeSuggestion': {
      const into = suggestionOf(state, command.into);
      if (into === undefined) return refused({ code: 'unknownSuggestion' });
      if (into.number === number || into.status !== 'listed' || status !== 'listed') return refused({ code: 'alreadySo' });
      return accepted({ type: 'suggestion.merged', v: 1, suggestion: number, into: into.number });
    }
    case 'splitSuggestion':
      return status === 'listed' ? decideSplitting(state, suggestion, command, context) : refused({ code: 'alreadySo' });
    case 'dropSuggestion':
      return status === 'listed' ? accepted({ type: 'suggestion.dropped', v: 1, suggestion: number }) : refused({ code: 'alreadySo' });
    case 'supportSuggestion':
    case 'endSuggestionSupport': {
      const supports = suggestion.supporters.includes(actor);
      if (supports === (command.type === 'supportSuggestion')) return refused({ code: 'alreadySo' });
      return accepted({ type: supports ? 'suggestion.supportEnded' : 'suggestion.supported', v: 1, suggestion: number });
    }
    default:
      return unreachable(command, refused({ code: 'malformed', field: 'type' }));
  }
}
