import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import Copy from '@lucide/svelte/icons/copy';
import FileDown from '@lucide/svelte/icons/file-down';
import FileUp from '@lucide/svelte/icons/file-up';
import Trash2 from '@lucide/svelte/icons/trash';
import type { RoomState } from '#shared/domain/state.ts';
import type { SentCommand } from '#shared/protocol/messages.ts';
import type { Messages } from '../i18n/catalogue.ts';
import type { MenuItem } from '../ui/menuItem.ts';

/** The dialogs of preparing a room that its menu opens. */
export type PreparingDialog = 'export' | 'import' | 'duplicate' | 'delete';

type Words = Messages['room']['preparing'];
type Show = (which: PreparingDialog) => void;
type Line = Exclude<MenuItem, 'line'>;

/** Lines of the room's menu for everybody who reads it. */
export function takingOut(m: Words, show: Show): MenuItem[] {
  return [{ label: m.export.item, icon: FileDown, onselect: () => show('export') }];
}

/** The line for who writes the draft; the menu leaves it out, or says why not now. */
export function bringingIn(m: Words, show: Show): Line {
  return { label: m.import.item, icon: FileUp, onselect: () => show('import') };
}

/** The line for who sets the room up, closed and archived ones too. */
export function copying(m: Words, show: Show): Line {
  return { label: m.duplicate.item, icon: Copy, onselect: () => show('duplicate') };
}

/** The lines for who may close the room: away into the archive and back, and away altogether. */
export function puttingAway(m: Words, state: RoomState, show: Show, give: (command: SentCommand) => () => void): readonly Line[] {
  if (state.deletedUntil !== null) return [{ label: m.standing.restore, icon: ArchiveRestore, onselect: give({ type: 'undoDeletion' }) }];
  return [
    state.archived
      ? { label: m.standing.unarchive, icon: ArchiveRestore, onselect: give({ type: 'unarchiveRoom' }) }
      : { label: m.standing.archive, icon: Archive, onselect: give({ type: 'archiveRoom' }) },
    { label: m.standing.delete, icon: Trash2, onselect: () => show('delete') },
  ];
}
