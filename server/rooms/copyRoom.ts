import type { Actor } from '#shared/domain/decision.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { capabilitiesOf } from '#shared/domain/participants/roles.ts';
import { whyNot } from '#shared/domain/rules.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { mostEntryBytes } from '../store/entryBounds.ts';
import type { LiveRoom } from './liveRoom.ts';

/**
 * Why this actor may not make another room after this one, or null. He has to hold what it takes to set this one up; whether it
 * is closed or archived does not matter, since nothing in it changes. Who may not read it is told nothing of it.
 */
export function whyNoCopy(state: RoomState, actor: Actor): Rejection | null {
  const unreadable = whyNot(state, actor, 'room:read');
  if (unreadable !== null) return unreadable.code === 'removed' || unreadable.code === 'roomDeleted' ? unreadable : { code: 'notFound' };
  if (state.deletedUntil !== null) return { code: 'roomDeleted' };
  const person = actor.kind === 'participant' ? state.participants.get(actor.id) : undefined;
  if (person === undefined || person.standing === 'removed' || !capabilitiesOf[person.role].includes('room:configure'))
    return { code: 'notAllowed' };
  return person.standing === 'muted' ? { code: 'muted' } : null;
}

/** What a room that is made after another takes from it: how it is described and set up, and the texts. No person, no word said. */
export interface RoomPattern {
  readonly title: string;
  readonly question: string;
  readonly background: string;
  readonly settings: RoomState['settings'];
  /** In the order of the room; the title is null where a draft has none of its own. */
  readonly drafts: readonly { readonly title: string | null; readonly document: Json }[];
}

/** The pattern a room gives, or why it gives none. */
export async function patternOf(
  room: LiveRoom,
  drafts: { document(roomId: string, draftId: string): Promise<{ readonly document: Json }> },
): Promise<RoomPattern | Rejection> {
  const { state } = room;
  const texts: RoomPattern['drafts'][number][] = [];
  for (const draft of state.drafts.values()) {
    const { document } = await drafts.document(room.id, draft.id);
    // It becomes the first entry of a log, which is shorter than the document spelt out.
    const got = Buffer.byteLength(JSON.stringify(document));
    if (got > mostEntryBytes) return { code: 'textTooLong', most: mostEntryBytes, got };
    texts.push({ title: draft.title?.text ?? null, document });
  }
  const { title, question, background, settings } = state;
  return { title: title.text ?? '', question: question.text ?? '', background: background.text ?? '', settings, drafts: texts };
}

/**
 * Gives a room that was just made the drafts of a pattern. The first draft is there already, with the room.
 * Rejects with StoreUnavailable.
 */
export async function fillFromPattern(
  room: LiveRoom,
  maker: Actor,
  pattern: RoomPattern,
  writeFirst: (draftId: string, document: Json) => Promise<void>,
): Promise<void> {
  const act = (step: string, command: RoomCommand) => room.submit(maker, `copy-${step}-${room.id}`, command);
  for (const [index, { title, document }] of pattern.drafts.entries()) {
    const before = new Set(room.state.drafts.keys());
    if (index > 0) {
      const answer = await act(`draft-${index}`, { type: 'createDraft', title: title ?? pattern.title });
      if (!answer.ok) continue;
    }
    const draftId = index === 0 ? [...before][0] : [...room.state.drafts.keys()].find((id) => !before.has(id));
    if (draftId === undefined) continue;
    if (index === 0 && title !== null) await act('title', { type: 'renameDraft', draftId, title });
    await writeFirst(draftId, document);
  }
}
