import FileDown from '@lucide/svelte/icons/file-down';
import FileUp from '@lucide/svelte/icons/file-up';
import type { Messages } from '../i18n/catalogue.ts';
import type { MenuItem } from '../ui/menuItem.ts';

/** The dialogs of preparing a room that its menu opens. */
export type PreparingDialog = 'export' | 'import';

type Words = Messages['room']['preparing'];
type Show = (which: PreparingDialog) => void;

/** Lines of the room's menu for everybody who reads it. */
export function takingOut(m: Words, show: Show): MenuItem[] {
  return [{ label: m.export.item, icon: FileDown, onselect: () => show('export') }];
}

/** The line for who writes the draft; the menu leaves it out, or says why not now. */
export function bringingIn(m: Words, show: Show): Exclude<MenuItem, 'line'> {
  return { label: m.import.item, icon: FileUp, onselect: () => show('import') };
}
