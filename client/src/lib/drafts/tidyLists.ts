import { commands as stock, Extension, InputRule } from '@tiptap/core';
import type { EditorState } from '@tiptap/pm/state';

/*
 * A draft may hold a list whose item begins with a heading or another list, since the edits of two people can meet in one. What one
 * person does makes none by accident: an item begins with a line.
 */

/** Whether the caret is in a paragraph that may become an item of a list: not in a heading, and not in the first line of another item. */
function canBecomeItem({ selection: { $from } }: EditorState): boolean {
  if ($from.parent.type.name !== 'paragraph') return false;
  const isInItem = $from.depth > 1 && $from.node(-1).type.name.endsWith('Item');
  return !isInItem || $from.index(-1) > 0;
}

/** Rules of typing that wrap a paragraph: `- `, `1. `, `[ ] `, `> `. Elsewhere these characters are what they are. */
export function onlyWhereAnItemMayBegin(rules: readonly InputRule[]): InputRule[] {
  return rules.map(
    ({ find, undoable, handler }) =>
      new InputRule({ find, undoable, handler: (given) => (canBecomeItem(given.state) ? handler(given) : null) }),
  );
}

/** The buttons for lists take a heading, or the first line of another kind of list, for a paragraph. */
export const TidyLists = Extension.create({
  name: 'tidyLists',
  addCommands: () => ({
    toggleList: (list, item, keepMarks, attributes) => (given) => {
      const toggle = stock.toggleList(list, item, keepMarks, attributes);
      const { state, can, chain } = given;
      const { $from, $to } = state.selection;
      const isOneLine = $from.sameParent($to) && $from.depth > 0;
      const itemName = typeof item === 'string' ? item : item.name;
      const isSameKind = $from.depth > 1 && $from.node(-1).type.name === itemName;
      if (!isOneLine || isSameKind || canBecomeItem(state)) return toggle(given);
      return given.dispatch === undefined ? can().clearNodes() : chain().clearNodes().wrapInList(list, attributes).run();
    },
  }),
});
