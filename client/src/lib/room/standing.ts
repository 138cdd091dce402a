import type { Reason } from '#shared/domain/participants/events.ts';
import type { Role } from '#shared/domain/participants/roles.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { RoomState, SteeringEntry } from '#shared/domain/state.ts';

/** Something that changed what a person may do. `by` is a participant's id, or `system`, or null where it is not known. */
export type Change =
  | {
      readonly kind: 'commentingClosed' | 'commentingOpened' | 'roomClosed' | 'roomReopened';
      readonly by: string | null;
    }
  /** `draft`: its title, where the room has several. */
  | { readonly kind: 'locked' | 'unlocked'; readonly by: string | null; readonly draft?: string | null }
  | { readonly kind: 'muted'; readonly by: string | null; readonly reason: Reason | null }
  | { readonly kind: 'unmuted' | 'readmitted'; readonly by: string | null }
  | { readonly kind: 'role'; readonly by: string | null; readonly role: Role };

function lastAct(state: RoomState, type: RoomEvent['type'], participantId?: string): SteeringEntry | undefined {
  for (let index = state.steering.length - 1; index >= 0; index -= 1) {
    const entry = state.steering.get(index);
    if (entry?.event.type !== type) continue;
    if (participantId === undefined || ('participantId' in entry.event && entry.event.participantId === participantId)) return entry;
  }
  return undefined;
}

/** Why a person is muted, from the record, or null if the record does not say. */
export function muteReason(state: RoomState, participantId: string): Reason | null {
  const event = lastAct(state, 'participant.muted', participantId)?.event;
  return event?.type === 'participant.muted' ? event.reason : null;
}

/**
 * What changed for a person between two states of a room, except by his own act. It compares states and not events, so that a
 * room loaded anew tells as much as one that was followed.
 */
export function changesFor(before: RoomState, after: RoomState, me: string | null): readonly Change[] {
  if (before === after || before.status === 'absent') return [];
  const changes: Change[] = [];
  const by = (type: RoomEvent['type'], person?: string) => lastAct(after, type, person)?.actorId ?? null;
  if (before.status !== after.status) {
    changes.push(
      after.status === 'closed' ? { kind: 'roomClosed', by: by('room.closed') } : { kind: 'roomReopened', by: by('room.reopened') },
    );
  }
  if (before.commenting !== after.commenting) {
    changes.push(
      after.commenting === 'closed'
        ? { kind: 'commentingClosed', by: by('room.commentingClosed') }
        : { kind: 'commentingOpened', by: by('room.commentingOpened') },
    );
  }
  for (const draft of after.drafts.values()) {
    const was = before.drafts.get(draft.id);
    if (was === undefined || was.locked === draft.locked) continue;
    const which = after.drafts.size > 1 ? { draft: draft.title?.text ?? null } : {};
    const [kind, event] = draft.locked ? (['locked', 'draft.locked'] as const) : (['unlocked', 'draft.unlocked'] as const);
    changes.push({ kind, by: by(event), ...which });
  }
  const then = me === null ? undefined : before.participants.get(me);
  const now = me === null ? undefined : after.participants.get(me);
  if (me !== null && then !== undefined && now !== undefined) {
    if (then.role !== now.role) changes.push({ kind: 'role', by: by('participant.roleChanged', me), role: now.role });
    if (then.standing !== now.standing) {
      if (now.standing === 'muted') changes.push({ kind: 'muted', by: by('participant.muted', me), reason: muteReason(after, me) });
      else if (now.standing === 'active' && then.standing === 'muted') changes.push({ kind: 'unmuted', by: by('participant.unmuted', me) });
      else if (now.standing === 'active') changes.push({ kind: 'readmitted', by: by('participant.readmitted', me) });
    }
  }
  return changes.filter((change) => change.by === null || change.by !== me);
}
