import { unreachable } from '../../lib/unreachable.ts';
import type { Context, Decision } from '../decision.ts';
import { accepted, refused, seal } from '../decision.ts';
import type { Rejection } from '../rejections.ts';
import type { EventMeta } from '../facts.ts';
import type { RoomState } from '../state.ts';
import { isTime, timeOrNull } from '../times.ts';
import type { RoomLifeCommand, RoomLifeEvent, RoomSettings } from './events.ts';

interface Description {
  readonly title: string;
  readonly question: string;
  readonly background: string;
}

function descriptionProblem(given: Description, { limits }: Context): Rejection | null {
  if (given.title.trim() === '') return { code: 'emptyText' };
  for (const [text, most] of [
    [given.title, limits.titleLength],
    [given.question, limits.backgroundLength],
    [given.background, limits.backgroundLength],
  ] as const) {
    if (text.length > most) return { code: 'textTooLong', most, got: text.length };
  }
  return null;
}

function sealDescription(given: Description, context: Context) {
  return {
    title: seal(given.title.trim(), context),
    question: seal(given.question.trim(), context),
    background: seal(given.background.trim(), context),
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Settings with what was left out filled in, always in the same order. */
function whole({ visibility, whoComments, guests, slowModeMs = 0, commentsPerPerson = 0, review = 'nobody' }: RoomSettings): RoomSettings {
  return { visibility, whoComments, guests, slowModeMs, commentsPerPerson, review };
}

function decideFile(state: RoomState, command: Extract<RoomLifeCommand, { type: 'addFile' }>, context: Context): Decision {
  const { limits } = context;
  const { fileId, name, contentType, bytes, sha256 } = command;
  if (name.trim() === '') return refused({ code: 'emptyText' });
  if (name.length > limits.titleLength) return refused({ code: 'textTooLong', most: limits.titleLength, got: name.length });
  if (bytes > limits.fileBytes) return refused({ code: 'fileTooLarge', most: limits.fileBytes, got: bytes });
  if (state.files.length >= limits.filesPerRoom) return refused({ code: 'tooMany', most: limits.filesPerRoom });
  return accepted({ type: 'file.added', v: 1, fileId, name: seal(name.trim(), context), contentType, bytes, sha256 });
}

/** Decides what concerns the room as a whole. A new room comes with its creator as moderator and one draft. */
export function decideRoomLife(state: RoomState, command: RoomLifeCommand, context: Context): Decision {
  switch (command.type) {
    case 'createRoom': {
      const problem = descriptionProblem(command, context);
      if (problem !== null) return refused(problem);
      return accepted(
        { type: 'room.created', v: 1, ...sealDescription(command, context), settings: command.settings },
        { type: 'participant.joined', v: 1, participantId: command.creatorId, role: 'moderator', via: 'creation' },
        { type: 'draft.created', v: 1, draftId: context.newId(), lineage: context.newId() },
      );
    }
    case 'describeRoom': {
      const problem = descriptionProblem(command, context);
      if (problem !== null) return refused(problem);
      return accepted({ type: 'room.described', v: 1, ...sealDescription(command, context) });
    }
    case 'changeSettings': {
      const settings = whole(command.settings);
      if (JSON.stringify(settings) === JSON.stringify(whole(state.settings))) return refused({ code: 'alreadySo' });
      return accepted({ type: 'room.settingsChanged', v: 1, settings });
    }
    case 'openCommenting':
      return state.commenting === 'open' ? refused({ code: 'alreadySo' }) : accepted({ type: 'room.commentingOpened', v: 1 });
    case 'closeCommenting':
      return state.commenting === 'closed' ? refused({ code: 'alreadySo' }) : accepted({ type: 'room.commentingClosed', v: 1 });
    case 'pauseRoom': {
      const note = command.note?.trim() ?? '';
      const most = context.limits.noteLength;
      if (note.length > most) return refused({ code: 'textTooLong', most, got: note.length });
      // A pause is one touch; the word about it may follow, and be put better.
      if (state.paused !== null && (note === '' || note === state.paused.note?.text)) return refused({ code: 'alreadySo' });
      return accepted({ type: 'room.paused', v: 1, note: note === '' ? null : seal(note, context) });
    }
    case 'resumeRoom':
      return state.paused === null ? refused({ code: 'alreadySo' }) : accepted({ type: 'room.resumed', v: 1 });
    case 'scheduleRoom':
      if (command.startsAt !== null && !isTime(command.startsAt)) return refused({ code: 'malformed', field: 'startsAt' });
      if (state.startsAt === command.startsAt) return refused({ code: 'alreadySo' });
      return accepted({ type: 'room.scheduled', v: 1, startsAt: command.startsAt });
    case 'archiveRoom':
      return state.archived ? refused({ code: 'alreadySo' }) : accepted({ type: 'room.archived', v: 1 });
    case 'unarchiveRoom':
      return state.archived ? accepted({ type: 'room.unarchived', v: 1 }) : refused({ code: 'alreadySo' });
    case 'deleteRoom':
      if (state.deletedUntil !== null) return refused({ code: 'alreadySo' });
      return accepted({ type: 'room.deleted', v: 1, untilAt: context.now + Math.ceil(context.limits.deletedRoomDays * DAY_MS) });
    case 'undoDeletion':
      if (state.deletedUntil === null) return refused({ code: 'alreadySo' });
      return context.now > state.deletedUntil ? refused({ code: 'roomDeleted' }) : accepted({ type: 'room.deletionUndone', v: 1 });
    case 'addFile':
      return decideFile(state, command, context);
    case 'removeFile': {
      const known = state.files.find(({ id }) => id === command.fileId);
      if (known?.erased !== undefined) return refused({ code: 'textErased' });
      return known !== undefined ? accepted({ type: 'file.removed', v: 1, fileId: command.fileId }) : refused({ code: 'unknownFile' });
    }
    case 'closeRoom':
      return state.status === 'closed' ? refused({ code: 'roomClosed' }) : accepted({ type: 'room.closed', v: 1 });
    case 'reopenRoom':
      return state.status === 'open' ? refused({ code: 'roomOpen' }) : accepted({ type: 'room.reopened', v: 1 });
    default:
      return unreachable(command, refused({ code: 'malformed', field: 'type' }));
  }
}

export function evolveRoomLife(state: RoomState, event: RoomLifeEvent, meta: EventMeta): RoomState {
  switch (event.type) {
    case 'room.created':
      return {
        ...state,
        status: 'open',
        title: event.title,
        question: event.question,
        background: event.background,
        settings: event.settings,
        createdAt: meta.at,
      };
    case 'room.described':
      return { ...state, title: event.title, question: event.question, background: event.background };
    case 'room.settingsChanged':
      return { ...state, settings: event.settings };
    case 'room.commentingOpened':
      return { ...state, commenting: 'open' };
    case 'room.commentingClosed':
      return { ...state, commenting: 'closed' };
    case 'room.paused':
      return { ...state, paused: { by: meta.actorId, at: state.paused?.at ?? meta.at, note: event.note } };
    case 'room.resumed':
      return { ...state, paused: null };
    case 'room.scheduled':
      return { ...state, startsAt: timeOrNull(event.startsAt) };
    case 'room.archived':
      return { ...state, archived: true };
    case 'room.unarchived':
      return { ...state, archived: false };
    case 'room.deleted':
      return { ...state, deletedUntil: event.untilAt };
    case 'room.deletionUndone':
      return { ...state, deletedUntil: null };
    case 'file.added': {
      const { fileId: id, name, contentType, bytes, sha256 } = event;
      return { ...state, files: [...state.files, { id, name, contentType, bytes, sha256, by: meta.actorId, at: meta.at }] };
    }
    case 'file.removed':
      return { ...state, files: state.files.filter(({ id }) => id !== event.fileId) };
    case 'room.closed':
      return { ...state, status: 'closed', closedAt: meta.at };
    case 'room.reopened':
      return { ...state, status: 'open', closedAt: null };
    default:
      return unreachable(event, state);
  }
}
