import type { RoomEvent } from '#shared/domain/facts.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { Messages } from '../i18n/catalogue.ts';

/** What somebody did to prepare the room, for the record; null for everything else. Times are told by `moment`. */
export function preparingAct(
  event: RoomEvent,
  state: RoomState,
  { preparing: { record }, erasing }: Pick<Messages['room'], 'preparing' | 'erasing'>,
  moment: (at: number) => string,
): string | null {
  switch (event.type) {
    case 'room.scheduled':
      return event.startsAt === null ? record.unscheduled : record.scheduled(moment(event.startsAt));
    case 'room.archived':
      return record.archived;
    case 'room.unarchived':
      return record.unarchived;
    case 'room.deleted':
      return record.deleted;
    case 'room.deletionUndone':
      return record.deletionUndone;
    case 'file.added':
      return record.fileAdded(event.name.text ?? erasing.record.fileUnnamed);
    case 'file.removed':
      return record.fileRemoved(nameOf(event.fileId, state) ?? erasing.record.fileUnnamed);
    default:
      return null;
  }
}

/** The name of a file that is gone, as the record has it; erased ones have none. */
function nameOf(fileId: string, state: RoomState): string | undefined {
  for (const { event } of state.steering) if (event.type === 'file.added' && event.fileId === fileId) return event.name.text;
  return undefined;
}
