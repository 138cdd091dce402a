import { unreachable } from '../../lib/unreachable.ts';
import type { Context, Decision } from '../decision.ts';
import { accepted, refused, seal } from '../decision.ts';
import type { Limits } from '../limits.ts';
import type { Rejection } from '../rejections.ts';
import { clauseLabels, keptNumbers } from './clauses.ts';
import type { EventMeta, RoomEvent } from '../facts.ts';
import type { DraftState, RoomState } from '../state.ts';
import type { DraftCommand, DraftEvent, SealCause } from './events.ts';

/** Decides the standing of a draft. What is typed in it is no command: it has a log of its own. */
export function decideDraft(state: RoomState, command: DraftCommand, context: Context): Decision {
  const { limits } = context;
  if (command.type === 'createDraft') {
    const problem = titleProblem(command.title, limits);
    if (problem !== null) return refused(problem);
    if (state.drafts.size >= limits.draftsPerRoom) return refused({ code: 'tooMany', most: limits.draftsPerRoom });
    const title = seal(command.title.trim(), context);
    return accepted({ type: 'draft.created', v: 1, draftId: context.newId(), lineage: context.newId(), title });
  }
  const draft = state.drafts.get(command.draftId);
  if (draft === undefined) return refused({ code: 'unknownDraft' });
  const draftId = draft.id;
  switch (command.type) {
    case 'renameDraft': {
      const problem = titleProblem(command.title, limits);
      if (problem !== null) return refused(problem);
      return accepted({ type: 'draft.renamed', v: 1, draftId, title: seal(command.title.trim(), context) });
    }
    case 'numberClauses': {
      if (command.clauses.length > limits.clausesPerDraft) return refused({ code: 'tooMany', most: limits.clausesPerDraft });
      const clauses = command.clauses.map((id, index) => ({ id, label: String(index + 1) }));
      return accepted({ type: 'draft.clausesNumbered', v: 1, draftId, clauses });
    }
    case 'lockDraft':
      return draft.locked ? refused({ code: 'alreadySo' }) : accepted({ type: 'draft.locked', v: 1, draftId });
    case 'unlockDraft':
      return draft.locked ? accepted({ type: 'draft.unlocked', v: 1, draftId }) : refused({ code: 'alreadySo' });
    case 'nameVersion': {
      const problem = titleProblem(command.label, limits);
      if (problem !== null) return refused(problem);
      const named = draft.naming.length + draft.versions.filter(({ name }) => name !== null).length;
      if (named >= limits.namedVersionsPerDraft) return refused({ code: 'tooMany', most: limits.namedVersionsPerDraft });
      const label = seal(command.label.trim(), context);
      return accepted({ type: 'draft.versionNamed', v: 1, draftId, versionId: context.newId(), label });
    }
    case 'sealRevision': {
      const { versionId, cause } = command;
      const due = versionId === undefined ? draft.revision?.contentHash !== command.contentHash : isDue(draft, versionId);
      if (!due) return refused({ code: 'alreadySo' });
      const { lineage, ordinal, logDigest, contentHash } = command;
      const order = command.clauses?.slice(0, limits.clausesPerDraft);
      const labels = order === undefined ? [] : clauseLabels(order, draft.numbered);
      const clauses = order?.map((id, index) => ({ id, label: labels[index] ?? '' }));
      const revision = (draft.revision?.number ?? 0) + 1;
      const content = seal(contentHash, context);
      const sealed = { type: 'draft.revisionSealed', v: 1, draftId, revision, lineage, ordinal, logDigest, content } as const;
      return accepted({
        ...sealed,
        ...(clauses === undefined ? {} : { clauses }),
        ...(cause === undefined ? {} : { cause }),
        ...(versionId === undefined ? {} : { versionId }),
      });
    }
    default:
      return unreachable(command, refused({ code: 'malformed', field: 'type' }));
  }
}

/** The hash of the text of a sealed version; null where something in it was erased. */
export function sealedHash({ content, contentHash }: Extract<DraftEvent, { readonly type: 'draft.revisionSealed' }>): string | null {
  return content?.text ?? contentHash ?? null;
}

/** Whether a naming still waits for its revision. */
function isDue(draft: DraftState, versionId: string): boolean {
  return draft.naming.some((naming) => naming.versionId === versionId);
}

function titleProblem(title: string, limits: Limits): Rejection | null {
  if (title.trim() === '') return { code: 'emptyText' };
  return title.length > limits.titleLength ? { code: 'textTooLong', most: limits.titleLength, got: title.length } : null;
}

function withDraft(state: RoomState, id: string, change: Partial<DraftState>): RoomState {
  const draft = state.drafts.get(id);
  return draft === undefined ? state : { ...state, drafts: new Map(state.drafts).set(id, { ...draft, ...change }) };
}

export function evolveDraft(state: RoomState, event: DraftEvent, meta: EventMeta): RoomState {
  switch (event.type) {
    case 'draft.created': {
      const { draftId: id, lineage, title = null } = event;
      const draft: DraftState = { id, lineage, title, locked: false, revision: null, numbered: null, versions: [], naming: [], erased: [] };
      return { ...state, drafts: new Map(state.drafts).set(id, draft) };
    }
    case 'draft.renamed':
      return withDraft(state, event.draftId, { title: event.title });
    case 'draft.clausesNumbered':
      return withDraft(state, event.draftId, { numbered: event.clauses });
    case 'draft.locked':
      return withDraft(state, event.draftId, { locked: true });
    case 'draft.unlocked':
      return withDraft(state, event.draftId, { locked: false });
    case 'draft.versionNamed': {
      const { draftId, versionId, label } = event;
      const naming = state.drafts.get(draftId)?.naming ?? [];
      return withDraft(state, draftId, { naming: [...naming, { versionId, label, by: meta.actorId, at: meta.at }] });
    }
    case 'draft.revisionSealed': {
      const { draftId, revision: number, ordinal, cause = null, versionId } = event;
      const contentHash = sealedHash(event);
      const draft = state.drafts.get(draftId);
      const numbered = event.clauses === undefined ? {} : { numbered: keptNumbers(event.clauses, draft?.numbered ?? null) };
      const name = draft?.naming.find((naming) => naming.versionId === versionId) ?? null;
      const version = { number, ordinal, contentHash, at: meta.at, cause, name: name === null ? null : { label: name.label, by: name.by } };
      return withDraft(state, draftId, {
        revision: { number, ordinal, contentHash, at: meta.at },
        versions: [...(draft?.versions ?? []), version],
        naming: (draft?.naming ?? []).filter((naming) => naming !== name),
        ...numbered,
      });
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
    case 'room.paused':
    case 'room.archived':
    case 'room.deleted':
    case 'draft.locked':
    case 'participant.roleChanged':
    case 'participant.muted':
    case 'participant.removed':
    case 'participant.suspended':
      return true;
    default:
      return false;
  }
}

/** A version that is due: the text of this draft as it stands now. */
export interface DueVersion {
  readonly draftId: string;
  readonly cause: SealCause;
}

/**
 * Which drafts are sealed as they stand after these events: one that was locked or of which something was erased, and all at a change
 * of the room's stage. Where the
 * text is the last version's still, no new one comes of it.
 */
export function draftsToSeal(events: readonly RoomEvent[], all: readonly string[]): readonly DueVersion[] {
  return events.flatMap((event): readonly DueVersion[] => {
    if (event.type === 'draft.locked') return [{ draftId: event.draftId, cause: 'locked' }];
    // Those in which the passage stood cannot be looked at any more as a whole: from here on there is one that can.
    if (event.type === 'text.erased') return event.of.kind === 'passage' ? [{ draftId: event.of.draftId, cause: 'erased' }] : [];
    const cause = stageCauses[event.type];
    return cause === undefined ? [] : all.map((draftId) => ({ draftId, cause }));
  });
}

const stageCauses: Partial<Record<RoomEvent['type'], SealCause>> = {
  'room.paused': 'paused',
  'room.commentingOpened': 'commentingOpened',
  'room.commentingClosed': 'commentingClosed',
  'room.closed': 'closed',
  'room.archived': 'archived',
};
