import FileDown from '@lucide/svelte/icons/file-down';
import type { Messages } from '../i18n/catalogue.ts';
import type { MenuItem } from '../ui/menuItem.ts';

/** The dialogs of preparing a room that its menu opens. */
export type PreparingDialog = 'export';

/** Lines of the room's menu for everybody who reads it. */
export function takingOut(m: Messages['room']['preparing'], show: (which: PreparingDialog) => void): MenuItem[] {
  return [{ label: m.export.item, icon: FileDown, onselect: () => show('export') }];
}
