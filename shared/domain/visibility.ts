import type { Actor } from './decision.ts';
import { capabilitiesOf } from './participants/roles.ts';
import type { RoomEvent } from './facts.ts';
import { can } from './rules.ts';
import type { Comment, RoomState, Suggestion } from './state.ts';
import { commentOf } from './state.ts';
import type { Source } from './suggestions/events.ts';
import { mapWords, withoutText } from './words.ts';

/** Audience classes, from the widest to the narrowest; a class sees all that the one before it sees. */
export const audiences = ['everyone', 'participants', 'moderators'] as const;
export type Audience = (typeof audiences)[number];

/** Which class may see the place of an event at all. An event type without a line does not compile. */
export const audienceOf: Readonly<Record<RoomEvent['type'], Audience>> = {
  'room.created': 'everyone',
  'room.described': 'everyone',
  'room.settingsChanged': 'everyone',
  'room.commentingOpened': 'everyone',
  'room.commentingClosed': 'everyone',
  'room.paused': 'everyone',
  'room.resumed': 'everyone',
  'room.scheduled': 'everyone',
  'room.archived': 'everyone',
  'room.unarchived': 'everyone',
  'room.deleted': 'everyone',
  'room.deletionUndone': 'everyone',
  'file.added': 'everyone',
  'file.removed': 'everyone',
  'room.closed': 'everyone',
  'room.reopened': 'everyone',
  'participant.joined': 'everyone',
  'participant.roleChanged': 'everyone',
  'participant.muted': 'everyone',
  'participant.unmuted': 'everyone',
  'participant.removed': 'everyone',
  'participant.readmitted': 'everyone',
  'participant.suspended': 'everyone',
  'participant.resumed': 'everyone',
  'draft.created': 'everyone',
  'draft.renamed': 'everyone',
  'draft.clausesNumbered': 'everyone',
  'draft.locked': 'everyone',
  'draft.unlocked': 'everyone',
  'draft.versionNamed': 'everyone',
  'draft.revisionSealed': 'everyone',
  'comment.posted': 'everyone',
  'comment.published': 'everyone',
  'comment.edited': 'everyone',
  'comment.withdrawn': 'everyone',
  'comment.supported': 'everyone',
  'comment.supportEnded': 'everyone',
  'comment.resolved': 'everyone',
  'comment.reopened': 'everyone',
  'comment.hidden': 'everyone',
  'comment.restored': 'everyone',
  'suggestion.gathered': 'everyone',
  'suggestion.reworded': 'everyone',
  'suggestion.sourced': 'everyone',
  'suggestion.confirmed': 'everyone',
  'suggestion.disputed': 'everyone',
  'suggestion.merged': 'everyone',
  'suggestion.mergeUndone': 'everyone',
  'suggestion.dropped': 'everyone',
  'suggestion.relisted': 'everyone',
  'suggestion.supported': 'everyone',
  'suggestion.supportEnded': 'everyone',
  'text.erased': 'everyone',
  'participant.erased': 'everyone',
};

/** Whose class, role or right to read an event may change: that of nobody, of the participant it names, or of everybody. */
type Reach = 'nobody' | 'participant' | 'everybody';

/** What each event changes for those who look on. An event type without a line does not compile. */
const reachOf = {
  'room.created': 'everybody',
  'room.described': 'nobody',
  'room.settingsChanged': 'everybody',
  'room.commentingOpened': 'nobody',
  'room.commentingClosed': 'nobody',
  'room.paused': 'nobody',
  'room.resumed': 'nobody',
  'room.scheduled': 'nobody',
  'room.archived': 'nobody',
  'room.unarchived': 'nobody',
  'room.deleted': 'everybody',
  'room.deletionUndone': 'everybody',
  'file.added': 'nobody',
  'file.removed': 'nobody',
  'room.closed': 'nobody',
  'room.reopened': 'nobody',
  'participant.joined': 'participant',
  'participant.roleChanged': 'participant',
  'participant.muted': 'participant',
  'participant.unmuted': 'participant',
  'participant.removed': 'participant',
  'participant.readmitted': 'participant',
  'participant.suspended': 'participant',
  'participant.resumed': 'participant',
  'draft.created': 'nobody',
  'draft.renamed': 'nobody',
  'draft.clausesNumbered': 'nobody',
  'draft.locked': 'nobody',
  'draft.unlocked': 'nobody',
  'draft.versionNamed': 'nobody',
  'draft.revisionSealed': 'nobody',
  'comment.posted': 'nobody',
  'comment.published': 'nobody',
  'comment.edited': 'nobody',
  'comment.withdrawn': 'nobody',
  'comment.supported': 'nobody',
  'comment.supportEnded': 'nobody',
  'comment.resolved': 'nobody',
  'comment.reopened': 'nobody',
  'comment.hidden': 'nobody',
  'comment.restored': 'nobody',
  'suggestion.gathered': 'nobody',
  'suggestion.reworded': 'nobody',
  'suggestion.sourced': 'nobody',
  'suggestion.confirmed': 'nobody',
  'suggestion.disputed': 'nobody',
  'suggestion.merged': 'nobody',
  'suggestion.mergeUndone': 'nobody',
  'suggestion.dropped': 'nobody',
  'suggestion.relisted': 'nobody',
  'suggestion.supported': 'nobody',
  'suggestion.supportEnded': 'nobody',
  'text.erased': 'nobody',
  'participant.erased': 'participant',
} as const satisfies Readonly<Record<RoomEvent['type'], Reach>>;

/** Whose class, role or right to read these events may have changed: the ids of participants, or everybody's. */
export function regradedBy(events: readonly RoomEvent[]): ReadonlySet<string> | 'everybody' {
  const ids = new Set<string>();
  for (const event of events) {
    if (reachOf[event.type] === 'everybody') return 'everybody';
    if (reachOf[event.type] === 'participant' && 'participantId' in event) ids.add(event.participantId);
  }
  return ids;
}

/** Acts of steering, each of them in the log that everybody may read. */
const steeringTypes: ReadonlySet<RoomEvent['type']> = new Set([
  'room.created',
  'room.described',
  'room.settingsChanged',
  'room.commentingOpened',
  'room.commentingClosed',
  'room.paused',
  'room.resumed',
  'room.scheduled',
  'room.archived',
  'room.unarchived',
  'room.deleted',
  'room.deletionUndone',
  'file.added',
  'file.removed',
  'room.closed',
  'room.reopened',
  'participant.roleChanged',
  'participant.muted',
  'participant.unmuted',
  'participant.removed',
  'participant.readmitted',
  'participant.suspended',
  'participant.resumed',
  'draft.renamed',
  'draft.clausesNumbered',
  'draft.locked',
  'draft.unlocked',
  'draft.versionNamed',
  'draft.revisionSealed',
  'comment.published',
  'comment.hidden',
  'comment.restored',
  'text.erased',
  'participant.erased',
] satisfies RoomEvent['type'][]);

export function isSteering(event: RoomEvent): boolean {
  return steeringTypes.has(event.type);
}

/** The class of a viewer in a room, or null if he may not read it. */
export function audienceFor(state: RoomState, actor: Actor): Audience | null {
  if (!can(state, actor, 'room:read')) return null;
  if (actor.kind === 'anonymous') return 'everyone';
  if (actor.kind === 'system') return 'moderators';
  const person = state.participants.get(actor.id);
  if (person === undefined || person.standing === 'removed' || person.suspended === true) return 'everyone';
  return capabilitiesOf[person.role].includes('comment:moderate') ? 'moderators' : 'participants';
}

function includes(wide: Audience, viewer: Audience): boolean {
  return audiences.indexOf(wide) <= audiences.indexOf(viewer);
}

/** Whether a class may read the words of a comment today: erased and withdrawn words nobody, hidden and held words moderators only. */
export function mayReadComment(comment: Comment | undefined, viewer: Audience): boolean {
  if (comment?.erased !== undefined) return false;
  if (comment === undefined || comment.status === 'published') return true;
  return comment.status !== 'withdrawn' && viewer === 'moderators';
}

/**
 * The event as a class may see it today, or null where it may see only a digest in its place. `state` is the room as it is
 * now, not as it was when the event happened: what is hidden today is hidden in every catch-up.
 */
export function redactEvent(event: RoomEvent, state: RoomState, viewer: Audience): RoomEvent | null {
  if (!includes(audienceOf[event.type], viewer)) return null;
  if (event.type === 'comment.posted' || event.type === 'comment.edited') {
    if (!mayReadComment(commentOf(state, event.comment), viewer)) return mapWords(event, withoutText);
  }
  if (event.type === 'suggestion.gathered')
    return { ...event, sources: event.sources.map((source) => redactSource(source, state, viewer)) };
  if (event.type === 'suggestion.sourced') return { ...event, source: redactSource(event.source, state, viewer) };
  return event;
}

/** A source without the words of a comment that this class may not read today. */
function redactSource(source: Source, state: RoomState, viewer: Audience): Source {
  if (source.kind !== 'comment' || mayReadComment(commentOf(state, source.comment), viewer)) return source;
  return mapWords(source, withoutText);
}

/** A suggestion as a class may see it today. */
export function redactSuggestion(suggestion: Suggestion, state: RoomState, viewer: Audience): Suggestion {
  return { ...suggestion, sources: suggestion.sources.map((source) => redactSource(source, state, viewer)) };
}

/** The room as a class holds it, without the words of a comment that the class may not read any more, wherever they are quoted. */
export function withholdComment(state: RoomState, number: number, viewer: Audience): RoomState {
  const comment = commentOf(state, number);
  if (comment === undefined || mayReadComment(comment, viewer)) return state;
  let { suggestions } = state;
  for (const suggestion of state.suggestions as Iterable<Suggestion>) {
    const quotes = suggestion.sources.some((source) => source.kind === 'comment' && source.comment === number);
    if (quotes) suggestions = suggestions.set(suggestion.number - 1, redactSuggestion(suggestion, state, viewer));
  }
  return { ...state, suggestions, comments: state.comments.set(number - 1, redactComment(comment, viewer)) };
}

/** A comment as a class may see it today. */
export function redactComment(comment: Comment, viewer: Audience): Comment {
  if (mayReadComment(comment, viewer)) return comment;
  const body = withoutText(comment.body);
  return {
    ...comment,
    body,
    anchor: mapWords(comment.anchor, withoutText),
    versions: mapWords(comment.versions, withoutText),
  };
}
