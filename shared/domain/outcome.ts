import type { Comment, RoomState, Suggestion } from './state.ts';
import { authorsOf, commentOf } from './state.ts';

/**
 * What remains of a room, folded from its state. Every figure is the list of rows it counts, so that whoever reads a number can
 * open what stands behind it; the definition of each stands in SPEC (CNT1 to CNT6) and beside it on the screen.
 */
export interface Outcome {
  /** 人数: participants with at least one counted act: a published comment, a recorded speech, support, or an answer to a suggestion. */
  readonly people: readonly string[];
  /** 人次: each published comment that opens a thread and each recorded speech is one time somebody took part; replies go on with it. */
  readonly participations: readonly number[];
  /** 条: published comments, replies included. */
  readonly comments: readonly number[];
  readonly replies: readonly number[];
  /** Comments not counted above, shown as a number of their own. */
  readonly hidden: readonly number[];
  /** 项: suggestions listed after merging. */
  readonly suggestions: readonly number[];
  /** Suggestions as they were gathered, before merging; dropped ones are not counted. */
  readonly gathered: readonly number[];
  /** Listed suggestions of which an author said that this is what was meant. */
  readonly confirmed: readonly number[];
  readonly agreement: readonly Position[];
  readonly disagreement: readonly Position[];
}

/** Where the room stands on one thing: a suggestion, or a comment nobody made a suggestion of. */
export interface Position {
  readonly of: { readonly kind: 'suggestion' | 'comment'; readonly number: number };
  readonly support: readonly string[];
  readonly against: readonly string[];
  readonly reserved: readonly string[];
  /** Numbers of the comments it rests on. */
  readonly from: readonly number[];
}

/** At most one objection in ten voices still is agreement; at least two people make one. */
const MOST_OBJECTIONS = 0.1;
const LEAST_SUPPORT = 2;

/** Folds a room's state into what remains of it. Works for a room of any size; linear in its comments and suggestions. */
export function outcomeOf(state: RoomState): Outcome {
  const comments = state.comments.toArray();
  const published = comments.filter(({ status }) => status === 'published');
  const suggestions = state.suggestions.toArray();
  const families = familiesOf(suggestions);
  const listed = suggestions.filter(({ status }) => status === 'listed');
  const answers = answersOf(published);
  const positions = [
    ...listed.map(({ number }) => positionOfSuggestion(state, number, families.get(number) ?? [], answers)),
    ...loneComments(published, families).map((comment) => positionOfComment(comment, answers)),
  ];
  const agreement = positions.filter(isAgreement).sort((a, b) => b.support.length - a.support.length || a.of.number - b.of.number);
  const disagreement = positions
    .filter((position) => position.against.length > 0 && position.support.length > 0 && !isAgreement(position))
    .sort((a, b) => b.against.length + b.support.length - a.against.length - a.support.length || a.of.number - b.of.number);
  return {
    people: peopleOf(published, suggestions),
    participations: published.filter((comment) => comment.parent === null || comment.enteredBy !== null).map(({ number }) => number),
    comments: published.map(({ number }) => number),
    replies: published.filter(({ parent }) => parent !== null).map(({ number }) => number),
    hidden: comments.filter(({ status }) => status === 'hidden').map(({ number }) => number),
    suggestions: listed.map(({ number }) => number),
    gathered: [...families.values()].flatMap((family) => family.map(({ number }) => number)).sort((a, b) => a - b),
    confirmed: listed.filter(({ confirmations }) => [...confirmations.values()].some(({ meant }) => meant)).map(({ number }) => number),
    agreement,
    disagreement,
  };
}

/** Each listed suggestion with itself and all that was merged into it, through several merges too. Merged into a dropped one is dropped. */
function familiesOf(suggestions: readonly Suggestion[]): ReadonlyMap<number, readonly Suggestion[]> {
  const rootOf = (suggestion: Suggestion): Suggestion | undefined => {
    let root: Suggestion | undefined = suggestion;
    // A merge leads to one that was listed then: no circle, and no longer than there are suggestions.
    for (let steps = 0; root?.mergedInto != null && steps < suggestions.length; steps += 1) root = suggestions[root.mergedInto - 1];
    return root;
  };
  const families = new Map<number, Suggestion[]>();
  for (const suggestion of suggestions) if (suggestion.status === 'listed') families.set(suggestion.number, [suggestion]);
  for (const suggestion of suggestions) if (suggestion.status === 'merged') families.get(rootOf(suggestion)?.number ?? 0)?.push(suggestion);
  return families;
}

function isAgreement({ support, against }: Position): boolean {
  return support.length >= LEAST_SUPPORT && against.length <= MOST_OBJECTIONS * (support.length + against.length);
}

function peopleOf(published: readonly Comment[], suggestions: readonly Suggestion[]): readonly string[] {
  const people = new Set<string>();
  for (const comment of published) for (const id of [comment.authorId, ...comment.supporters]) people.add(id);
  for (const suggestion of suggestions) for (const id of [...suggestion.supporters, ...suggestion.confirmations.keys()]) people.add(id);
  return [...people];
}

type Answers = ReadonlyMap<number, readonly Comment[]>;

/** The published comments below each root, however deep. */
function answersOf(published: readonly Comment[]): Answers {
  const rootOf = new Map<number, number>();
  const answers = new Map<number, Comment[]>();
  for (const comment of published) {
    const root = comment.parent === null ? comment.number : (rootOf.get(comment.parent) ?? comment.parent);
    rootOf.set(comment.number, root);
    if (comment.parent === null) continue;
    const below = answers.get(root);
    if (below === undefined) answers.set(root, [comment]);
    else below.push(comment);
  }
  return answers;
}

/** Who is for, against and reserved in some comments and what answers them: each person once, the objection before the support. */
function voices(comments: readonly Comment[], answers: Answers, more: readonly string[]) {
  const support = new Set(more);
  const against = new Set<string>();
  const reserved = new Set<string>();
  for (const comment of comments) {
    for (const id of comment.supporters) support.add(id);
    // What somebody proposes he is for, unless he says otherwise; who abstains is counted nowhere.
    if (comment.stance === 'against') against.add(comment.authorId);
    else if (comment.stance === 'reservation') reserved.add(comment.authorId);
    else if (comment.stance !== 'abstain') support.add(comment.authorId);
    for (const answer of answers.get(comment.number) ?? []) {
      if (answer.stance === 'for') support.add(answer.authorId);
      if (answer.stance === 'against') against.add(answer.authorId);
      if (answer.stance === 'reservation') reserved.add(answer.authorId);
    }
  }
  for (const id of [...against, ...reserved]) support.delete(id);
  return { support: [...support], against: [...against], reserved: [...reserved].filter((id) => !against.has(id)) };
}

function commentsBehind(family: readonly Suggestion[]): ReadonlySet<number> {
  return new Set(family.flatMap(({ sources }) => sources.flatMap((source) => (source.kind === 'comment' ? [source.comment] : []))));
}

function positionOfSuggestion(state: RoomState, number: number, family: readonly Suggestion[], answers: Answers): Position {
  const from = commentsBehind(family);
  const sources: Comment[] = [];
  for (const source of from) {
    const comment = commentOf(state, source);
    if (comment?.status === 'published') sources.push(comment);
  }
  const supporters = family.flatMap((member) => member.supporters);
  const { support, against, reserved } = voices(sources, answers, supporters);
  // Whose words were not understood stands neither for nor against what was made of them.
  const open = family.flatMap((member) => authorsOf(state, member).filter((id) => member.confirmations.get(id)?.meant === false));
  return {
    of: { kind: 'suggestion', number },
    support: support.filter((id) => !open.includes(id)),
    against,
    reserved: [...new Set([...reserved, ...open])].filter((id) => !against.includes(id)),
    from: sources.map((comment) => comment.number),
  };
}

function loneComments(published: readonly Comment[], families: ReadonlyMap<number, readonly Suggestion[]>): readonly Comment[] {
  const gathered = new Set([...families.values()].flatMap((family) => [...commentsBehind(family)]));
  return published.filter(({ number, parent }) => parent === null && !gathered.has(number));
}

function positionOfComment(comment: Comment, answers: Answers): Position {
  return { of: { kind: 'comment', number: comment.number }, ...voices([comment], answers, []), from: [comment.number] };
}
