import { unreachable } from '../../lib/unreachable.ts';
import type { Context, Decision } from '../decision.ts';
import { accepted, refused, seal } from '../decision.ts';
import type { Rejection } from '../rejections.ts';
import type { EventMeta } from '../facts.ts';
import type { RoomState } from '../state.ts';
import type { RoomLifeCommand, RoomLifeEvent } from './events.ts';

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
      const { visibility, whoComments, guests } = command.settings;
      const now = state.settings;
      if (now.visibility === visibility && now.whoComments === whoComments && now.guests === guests) return refused({ code: 'alreadySo' });
      return accepted({ type: 'room.settingsChanged', v: 1, settings: { visibility, whoComments, guests } });
    }
    case 'openCommenting':
      return state.commenting === 'open' ? refused({ code: 'alreadySo' }) : accepted({ type: 'room.commentingOpened', v: 1 });
    case 'closeCommenting':
      return state.commenting === 'closed' ? refused({ code: 'alreadySo' }) : accepted({ type: 'room.commentingClosed', v: 1 });
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
    case 'room.closed':
      return { ...state, status: 'closed', closedAt: meta.at };
    case 'room.reopened':
      return { ...state, status: 'open', closedAt: null };
    default:
      return unreachable(event, state);
  }
}
