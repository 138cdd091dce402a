import type { Plugin } from '@tiptap/pm/state';

/**
 * Gives a plugin that stands in an editor already what another one does whose code came later. The later one is not registered:
 * with a new plugin an editor sets up all its plugins again, and the whole text would be drawn anew.
 */
export function takeOver(place: Plugin, later: Plugin): void {
  Object.assign(place.props, later.props);
  const append = later.spec.appendTransaction;
  if (append !== undefined) place.spec.appendTransaction = (...given) => append.apply(later, given);
}
