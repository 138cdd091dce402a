import FilePen from '@lucide/svelte/icons/file-pen';
import FilePlus from '@lucide/svelte/icons/file-plus';
import ListRestart from '@lucide/svelte/icons/list-restart';
import type { Capability } from '#shared/domain/participants/roles.ts';
import type { Messages } from '../i18n/catalogue.ts';
import type { MenuItem } from '../ui/menuItem.ts';

type Item = Exclude<MenuItem, 'line'>;

interface Acts {
  readonly add: () => void;
  readonly rename: () => void;
  readonly renumber: () => void;
}

type Line = (capability: Capability, item: Item) => MenuItem[];

/**
 * The lines of the room's menu about its drafts. `act` leaves a line out, or says why not now, `add` for what needs place in the
 * room. `numbered`: clauses keep numbers.
 */
export function draftItems(
  m: { readonly drafts: Messages['room']['drafts']; readonly more: Messages['editor']['more'] },
  { act, add }: { readonly act: Line; readonly add: Line },
  numbered: boolean,
  does: Acts,
): MenuItem[] {
  const renumberItem = { label: m.more.renumber, detail: m.more.renumberHint, icon: ListRestart, onselect: does.renumber };
  return [
    ...(numbered ? add('draft:lock', renumberItem) : []),
    ...act('draft:manage', { label: m.drafts.rename, icon: FilePen, onselect: does.rename }),
    ...add('draft:manage', { label: m.drafts.add, icon: FilePlus, onselect: does.add }),
  ];
}
