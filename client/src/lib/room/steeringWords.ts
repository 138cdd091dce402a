import type { Reason } from '#shared/domain/participants/events.ts';
import type { RoomSettings } from '#shared/domain/room/events.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import { commentOf } from '#shared/domain/state.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { Messages } from '../i18n/catalogue.ts';
import { preparingAct } from '../preparing/recordWords.ts';
import type { Change } from './standing.ts';

export interface Naming {
  readonly m: Messages;
  nameOf(id: string): string;
}

/** A reason as a person reads it. */
export function reasonWords({ code, note }: Reason, { steering }: Messages['room']): string {
  const reason = steering.reasons[code];
  return note?.text === undefined ? reason : steering.reasonWithNote(reason, note.text);
}

function settingsWords(settings: RoomSettings, { dialog }: Messages['room']['steering']): string {
  const words = [dialog.visibilities[settings.visibility], dialog.whoCommentsOptions[settings.whoComments]];
  return [...words, settings.guests ? dialog.guestsOn : dialog.guestsOff].join(' · ');
}

/** What somebody did, without his name: the record writes "name did". The reason stands apart, and so does the comment it is about. */
export function actWords(
  event: RoomEvent,
  state: RoomState,
  { m, nameOf, moment }: Naming & { moment(at: number): string },
): { readonly act: string; readonly reason: string | null; readonly comment: number | null } {
  const { record } = m.room.steering;
  const { roles } = m.shell;
  const plain = (act: string) => ({ act, reason: null, comment: null });
  /** With the draft's title, where a room has several. */
  const inDraft = (act: string, id: string) =>
    state.drafts.size < 2 ? act : m.room.drafts.recordIn(act, state.drafts.get(id)?.title?.text ?? m.room.drafts.untitled);
  const author = (number: number) => nameOf(commentOf(state, number)?.authorId ?? '');
  switch (event.type) {
    case 'room.created':
      return plain(record.created);
    case 'room.described':
      return plain(record.described);
    case 'room.settingsChanged':
      return plain(record.settings(settingsWords(event.settings, m.room.steering)));
    case 'room.commentingOpened':
      return plain(record.commentingOpened);
    case 'room.commentingClosed':
      return plain(record.commentingClosed);
    case 'room.paused':
      return { act: m.room.moderation.recordPaused, reason: event.note?.text ?? null, comment: null };
    case 'room.resumed':
      return plain(m.room.moderation.recordResumed);
    case 'room.closed':
      return plain(record.closed);
    case 'room.reopened':
      return plain(record.reopened);
    case 'participant.roleChanged':
      return plain(record.role(nameOf(event.participantId), roles[event.was], roles[event.role]));
    case 'participant.muted':
      return { act: record.muted(nameOf(event.participantId)), reason: reasonWords(event.reason, m.room), comment: null };
    case 'participant.unmuted':
      return plain(record.unmuted(nameOf(event.participantId)));
    case 'participant.removed':
      return { act: record.removed(nameOf(event.participantId)), reason: reasonWords(event.reason, m.room), comment: null };
    case 'participant.readmitted':
      return plain(record.readmitted(nameOf(event.participantId)));
    case 'participant.suspended':
      return plain(record.suspended(nameOf(event.participantId)));
    case 'participant.resumed':
      return plain(record.resumed(nameOf(event.participantId)));
    case 'draft.renamed':
      return plain(m.room.drafts.recordRenamed(event.title.text ?? ''));
    case 'draft.clausesNumbered':
      return plain(inDraft(m.room.drafts.recordNumbered, event.draftId));
    case 'draft.locked':
      return plain(inDraft(record.locked, event.draftId));
    case 'draft.unlocked':
      return plain(inDraft(record.unlocked, event.draftId));
    case 'draft.versionNamed':
      return plain(inDraft(record.versionNamed(event.label.text ?? ''), event.draftId));
    case 'draft.revisionSealed':
      return plain(inDraft(record.sealed(event.revision), event.draftId));
    case 'comment.hidden': {
      const act = record.hidden(event.comment, author(event.comment));
      return { act, reason: reasonWords(event.reason, m.room), comment: event.comment };
    }
    case 'text.erased': {
      const { of } = event;
      const reason = event.reason === null ? null : reasonWords(event.reason, m.room);
      const { record: erased } = m.room.erasing;
      if (of.kind === 'comment') return { act: erased.comment(of.comment, author(of.comment)), reason, comment: of.comment };
      const act = of.kind === 'suggestion' ? erased.suggestion(of.suggestion) : of.kind === 'file' ? erased.file : erased.passage;
      return { act: of.kind === 'passage' ? inDraft(act, of.draftId) : act, reason, comment: null };
    }
    case 'participant.erased': {
      const { ownPerson, person } = m.room.erasing.record;
      const reason = event.reason === null ? null : reasonWords(event.reason, m.room);
      return { act: event.as === 'author' ? ownPerson : person, reason, comment: null };
    }
    case 'comment.restored':
      return { act: record.restored(event.comment, author(event.comment)), reason: null, comment: event.comment };
    default:
      // One of a newer version than this page.
      return plain(preparingAct(event, state, m.room, moment) ?? record.unknown);
  }
}

/** The sentence about a change of what one may do. */
export function changeWords(change: Change, { m, nameOf }: Naming): string {
  const { changes } = m.room.steering;
  const name = change.by === null ? m.room.someone : nameOf(change.by);
  switch (change.kind) {
    case 'muted':
      return changes.muted(name, change.reason === null ? m.room.steering.reasons.other : reasonWords(change.reason, m.room));
    case 'role':
      return changes.role(name, m.shell.roles[change.role]);
    case 'locked':
    case 'unlocked': {
      const { draft } = change;
      const { drafts } = m.room;
      return draft === undefined ? changes[change.kind](name) : drafts.recordIn(changes[change.kind](name), draft ?? drafts.untitled);
    }
    case 'commentingClosed':
    case 'commentingOpened':
    case 'roomClosed':
    case 'roomReopened':
    case 'unmuted':
    case 'readmitted':
      return changes[change.kind](name);
  }
}
