import { unreachable } from '../../lib/unreachable.ts';
import type { Decision } from '../decision.ts';
import { accepted, refused } from '../decision.ts';
import type { EventMeta, RoomEvent } from '../facts.ts';
import type { DraftState, RoomState } from '../state.ts';
import type { DraftCommand, DraftEvent } from './events.ts';

/** Decides the standing of a draft. What is typed in it is no command: it has a log of its own. */
export function decideDraft(state: RoomState, command: DraftCommand): Decision {
  const draft = state.drafts.get(command.draftId);
  if (draft === undefined) return refused({ code: 'unknownDraft' });
  const draftId = draft.id;
  switch (command.type) {
    case 'lockDraft':
      return draft.locked ? refused({ code: 'alreadySo' }) : accepted({ type: 'draft.locked', v: 1, draftId });
    case 'unlockDraft':
      return draft.locked ? accepted({ type: 'draft.unlocked', v: 1, draftId }) : refused({ code: 'alreadySo' });
    case 'sealRevision': {
      if (draft.revision !== null && draft.revision.contentHash === command.contentHash) return refused({ code: 'alreadySo' });
      const { lineage, ordinal, logDigest, contentHash } = command;
      const revision = (draft.revision?.number ?? 0) + 1;
      return accepted({ type: 'draft.revisionSealed', v: 1, draftId, revision, lineage, ordinal, logDigest, contentHash });
    }
    default:
      return unreachable(command, refused({ code: 'malformed', field: 'type' }));
  }
}

function withDraft(state: RoomState, id: string, change: Partial<DraftState>): RoomState {
  const draft = state.drafts.get(id);
  return draft === undefined ? state : { ...state, drafts: new Map(state.drafts).set(id, { ...draft, ...change }) };
}

export function evolveDraft(state: RoomState, event: DraftEvent, meta: EventMeta): RoomState {
  switch (event.type) {
    case 'draft.created': {
      const draft: DraftState = { id: event.draftId, lineage: event.lineage, locked: false, revision: null };
      return { ...state, drafts: new Map(state.drafts).set(event.draftId, draft) };
    }
    case 'draft.locked':
      return withDraft(state, event.draftId, { locked: true });
    case 'draft.unlocked':
      return withDraft(state, event.draftId, { locked: false });
    case 'draft.revisionSealed': {
      const { revision: number, ordinal, contentHash } = event;
      return withDraft(state, event.draftId, { revision: { number, ordinal, contentHash, at: meta.at } });
    }
    default:
      return unreachable(event, state);
  }
}

/**
 * Whether an event may end somebody's right to write in a draft. After such an event the server writes a barrier into the log
 * of every draft of the room before it acknowledges the command: nothing by who lost the right can stand behind it.
 */
export function endsWriting(event: RoomEvent): boolean {
  switch (event.type) {
    case 'room.closed':
    case 'draft.locked':
    case 'participant.roleChanged':
    case 'participant.muted':
    case 'participant.removed':
      return true;
    default:
      return false;
  }
}

/** Whether an event seals the text as it stands into a revision: a lock, or the close of the room. */
export function sealsRevision(event: RoomEvent): boolean {
  return event.type === 'draft.locked' || event.type === 'room.closed';
}
