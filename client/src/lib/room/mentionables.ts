import type { Mentionable } from './mentions.ts';
import type { RoomStore } from './roomStore.svelte.ts';

/** The people of a room who can be named, those who were removed or erased left out; oneself only with `self`. */
export function mentionables(store: RoomStore, nameOf: (id: string) => string, self = false): readonly Mentionable[] {
  const { state, me } = store;
  const here = new Set(store.presence.here.map(({ participantId }) => participantId));
  return [...state.participants.values()]
    .filter(({ id, standing, erased }) => standing !== 'removed' && erased === undefined && (self || id !== me))
    .map(({ id }) => ({ id, name: nameOf(id), here: here.has(id), spokeAt: state.commented.get(id)?.lastAt ?? 0 }));
}
