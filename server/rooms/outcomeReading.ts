import type { Actor } from '#shared/domain/decision.ts';
import { clauseLabels } from '#shared/domain/drafts/clauses.ts';
import { outcomeOf } from '#shared/domain/outcome.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { capabilitiesOf } from '#shared/domain/participants/roles.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Comment, DraftState, RoomState, Suggestion } from '#shared/domain/state.ts';
import { authorsOf, commentOf } from '#shared/domain/state.ts';
import { redactSuggestion } from '#shared/domain/visibility.ts';
import type { Words } from '#shared/domain/words.ts';
import type { PersonView } from '#shared/protocol/messages.ts';
import type {
  OutcomeAnswer,
  OutcomeComment,
  OutcomeSource,
  OutcomeSuggestion,
  OutcomeText,
  OutcomeView,
  OwnComment,
} from '#shared/protocol/outcomeView.ts';
import type { DraftDocument } from '../drafts/draftText.ts';
import type { LiveRoom } from './liveRoom.ts';

export interface OutcomeParts {
  readonly people: { inRoom(roomId: string): Promise<readonly PersonView[]> };
  readonly document: (roomId: string, draftId: string) => Promise<DraftDocument>;
  readonly now: () => number;
}

/**
 * Why this actor may not read what remains of a room, or null. A closed room's is for whoever reads the room; before that it is
 * a preview for those who keep its record.
 */
export function whyNoOutcome(state: RoomState, actor: Actor): Rejection | null {
  if (state.status === 'closed') return null;
  if (actor.kind !== 'participant') return { code: 'roomOpen' };
  const person = state.participants.get(actor.id);
  const keepsRecord = person !== undefined && person.standing !== 'removed' && capabilitiesOf[person.role].includes('speech:record');
  return keepsRecord ? null : { code: 'roomOpen' };
}

/** What is read of a room before it is written: its comments are rows that are made one by one. */
export type OutcomeRows = Omit<OutcomeView, 'comments'> & { readonly comments: Iterable<OutcomeComment> };

export type OutcomeRead = Omit<OutcomeAnswer, 'outcome'> & { readonly outcome: OutcomeRows };

/** Which comments come along: all, or those a reader meets before he opens any rows. */
export type OutcomeScope = 'all' | 'cited';

/**
 * What remains of a room, and what became of the actor's own comments. `cited`: of the comments come those that an agreement, a
 * disagreement or a suggestion rests on, and the actor's own with the answers to them; the figures still count all.
 * Rejects with StoreUnavailable.
 */
export async function readOutcome(parts: OutcomeParts, room: LiveRoom, actor: Actor, scope: OutcomeScope = 'all'): Promise<OutcomeRead> {
  const { state } = room;
  const texts = await Promise.all([...state.drafts.values()].map((draft) => readText(parts, room.id, draft)));
  const names = await parts.people.inRoom(room.id);
  const only = scope === 'all' ? null : citedBy(state, actor);
  const outcome = outcomeRows(room.id, state, texts, names, parts.now(), only);
  if (actor.kind !== 'participant' || !state.participants.has(actor.id)) return { outcome, yours: null };
  return { outcome, yours: { participantId: actor.id, comments: ownComments(state, actor.id) } };
}

async function readText(parts: OutcomeParts, roomId: string, draft: DraftState): Promise<OutcomeText> {
  const { document, contentHash, clauses } = await parts.document(roomId, draft.id);
  const order = clauses.filter((id) => id !== null);
  const labels = clauseLabels(order, draft.numbered);
  let next = 0;
  const { revision } = draft;
  return {
    draftId: draft.id,
    title: draft.title?.text ?? null,
    revision: revision !== null && revision.contentHash === contentHash ? { number: revision.number, at: revision.at } : null,
    document,
    labels: clauses.map((id) => (id === null ? null : (labels[next++] ?? null))),
  };
}

/** As `outcomeRows`, with the comments in a list. */
export function outcomeView(...given: Parameters<typeof outcomeRows>): OutcomeView {
  const rows = outcomeRows(...given);
  return { ...rows, comments: [...rows.comments] };
}

/** The figures of a room, counted once for all who read them: a state never changes. */
function countsOf(state: RoomState): Outcome {
  let counts = counted.get(state);
  if (counts === undefined) counted.set(state, (counts = outcomeOf(state)));
  return counts;
}

const counted = new WeakMap<RoomState, Outcome>();

/** The fold without the store. The rows of the comments are made when they are asked for: there may be hundreds of thousands. */
function outcomeRows(
  roomId: string,
  state: RoomState,
  texts: readonly OutcomeText[],
  names: readonly PersonView[],
  now: number,
  only: ((comment: Comment, counts: Outcome) => boolean) | null = null,
): OutcomeRows {
  const counts = countsOf(state);
  const published = state.comments.toArray().filter(({ status }) => status === 'published');
  const told = only === null ? published : published.filter((comment) => only(comment, counts));
  const comments: Iterable<OutcomeComment> = {
    *[Symbol.iterator]() {
      for (const comment of told) yield commentView(comment);
    },
  };
  const suggestions = state.suggestions
    .toArray()
    .filter(({ status }) => status !== 'dropped')
    .map((suggestion) => suggestionView(suggestion, state));
  const endedAt = state.closedAt ?? now;
  const { startsAt, createdAt } = state;
  return {
    roomId,
    title: state.title.text ?? '',
    question: state.question.text ?? '',
    visibility: state.settings.visibility,
    final: state.status === 'closed',
    startedAt: startsAt !== null && startsAt < endedAt ? startsAt : createdAt,
    endedAt,
    counts,
    comments,
    commentsLeftOut: published.length - told.length,
    suggestions,
    texts,
    people: named(counts, comments, suggestions, names),
  };
}

/** Whether a reader meets a comment before he opens any rows. */
function citedBy(state: RoomState, actor: Actor): (comment: Comment, counts: Outcome) => boolean {
  const me = actor.kind === 'participant' ? actor.id : null;
  const mine = (comment: Comment | undefined) => me !== null && comment?.authorId === me;
  let cited: ReadonlySet<number> | null = null;
  return (comment, { agreement, disagreement }) => {
    cited ??= new Set([
      ...[...agreement, ...disagreement].flatMap(({ of, from }) => (of.kind === 'comment' ? [of.number, ...from] : from)),
      ...state.suggestions.toArray().flatMap(({ sources }) => sources.flatMap((one) => (one.kind === 'comment' ? [one.comment] : []))),
    ]);
    return cited.has(comment.number) || mine(comment) || (comment.parent !== null && mine(commentOf(state, comment.parent)));
  };
}

function read(words: Words | null): string | null {
  return words?.text ?? null;
}

function commentView(comment: Comment): OutcomeComment {
  const { number, parent, authorId, enteredBy, at, stance, body, anchor, supporters, erased } = comment;
  const row = { number, parent, authorId, enteredBy, at, stance, text: body.text ?? '', quote: read(anchor?.quote ?? null), supporters };
  return erased === undefined ? row : { ...row, erased };
}

function suggestionView(suggestion: Suggestion, state: RoomState): OutcomeSuggestion {
  const { number, by, ask, problem, reason, status, mergedInto, confirmations, supporters, erased } = suggestion;
  // As the widest audience sees it: the record is the same for everybody.
  const { sources } = redactSuggestion(suggestion, state, 'everyone');
  const answered = [...confirmations];
  const said = (meant: boolean) => answered.filter(([, answer]) => answer.meant === meant).map(([id]) => id);
  return {
    number,
    by,
    ask: ask.text ?? '',
    problem: read(problem),
    reason: read(reason),
    status: status === 'merged' ? 'merged' : 'listed',
    mergedInto,
    sources: sources.map((source): OutcomeSource =>
      source.kind === 'comment'
        ? { comment: source.comment, quote: read(source.quote) }
        : { comment: null, quote: read(source.anchor.quote) },
    ),
    confirmedBy: said(true),
    disputedBy: said(false),
    unanswered: authorsOf(state, suggestion).filter((id) => !confirmations.has(id)),
    supporters,
    ...(erased === undefined ? {} : { erased }),
  };
}

function named(
  counts: Outcome,
  comments: Iterable<OutcomeComment>,
  suggestions: readonly OutcomeSuggestion[],
  names: readonly PersonView[],
): readonly PersonView[] {
  const ids = new Set(counts.people);
  for (const { authorId, enteredBy, supporters, erased } of comments)
    for (const id of [authorId, enteredBy, ...supporters, erased?.by]) ids.add(id ?? '');
  for (const { by, confirmedBy, disputedBy, unanswered, supporters, erased } of suggestions) {
    for (const id of [by, ...confirmedBy, ...disputedBy, ...unanswered, ...supporters, erased?.by ?? '']) ids.add(id);
  }
  return names.filter(({ id }) => ids.has(id));
}

function ownComments(state: RoomState, participantId: string): readonly OwnComment[] {
  return state.comments
    .toArray()
    .filter(({ authorId }) => authorId === participantId)
    .map(({ number, status, body, erased }) => ({
      number,
      status,
      text: status === 'withdrawn' || erased !== undefined ? null : (body.text ?? ''),
    }));
}
