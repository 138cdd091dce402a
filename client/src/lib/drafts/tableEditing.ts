import type { Editor } from '@tiptap/core';
import type { Command, EditorState, Plugin, PluginKey, Transaction } from '@tiptap/pm/state';
import {
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  CellSelection,
  deleteColumn,
  deleteRow,
  deleteTable,
  fixTables,
  goToNextCell,
  isInTable,
  selectedRect,
  tableEditing,
  tableEditingKey,
  toggleHeader,
} from '@tiptap/pm/tables';
import { MAX_TABLE_COLUMNS, MAX_TABLE_ROWS } from '#shared/document/schema.ts';
import { takeOver } from './takeOver.ts';
import type { TableAct } from './tableActs.ts';

/*
 * What edits tables, on ProseMirror's own commands. It is fetched when a page is idle or a draft holds a table: see draftTables.ts,
 * which has what a draft needs to show one.
 */

const commands: Readonly<Record<TableAct, Command>> = {
  rowAbove: addRowBefore,
  rowBelow: addRowAfter,
  columnBefore: addColumnBefore,
  columnAfter: addColumnAfter,
  headerRow: toggleHeader('row'),
  dropRow: deleteRow,
  dropColumn: deleteColumn,
  dropTable: deleteTable,
};

const plain = tableEditing() as Plugin<number | null>;

/** Where the selecting of cells began, after a transaction: the position of a cell, null for none. */
export function anchorAfter(transaction: Transaction, anchor: number | null): number | null {
  return plain.spec.state?.apply.call(plain, transaction, anchor, transaction as never, transaction as never) ?? null;
}

/** Lets a plugin that stands in an editor already edit tables; `key` is that of its state, which is where the selecting began. */
export function editTablesIn(place: Plugin, key: PluginKey): void {
  // ProseMirror's table editing finds its state by its own key: from here on that is the one of the plugin that stands in for it.
  (tableEditingKey as unknown as { key: string }).key = (key as unknown as { key: string }).key;
  takeOver(place, calmTableEditing());
}

/**
 * ProseMirror's table editing fills up whatever table is not rectangular, whoever made it so. Two people who add a row and a column
 * at once would each have it filled by every open editor, also by those who only read. So a table is filled up by who changes its
 * shape, with that change, and by nobody who types in it or looks at it; until then a cell is missing on the screen.
 */
function calmTableEditing(): Plugin {
  const plugin = tableEditing();
  const append = plugin.spec.appendTransaction;
  plugin.spec.appendTransaction = (transactions, before, after) => {
    const reshaped = transactions.some((each) => each.docChanged && !isFromOthers(each)) && shapeOf(before) !== shapeOf(after);
    // With the same state twice no table counts as changed, and only the selection is put right.
    return append?.call(plugin, transactions, reshaped ? before : after, after);
  };
  return plugin;
}

function isFromOthers(transaction: Transaction): boolean {
  const sync = transaction.getMeta('y-sync$') as { isChangeOrigin?: boolean } | undefined;
  return sync?.isChangeOrigin === true;
}

/** Spelling of how many cells the rows of all tables have. */
function shapeOf({ doc }: EditorState): string {
  const shape: string[] = [];
  doc.forEach((table) => {
    if (table.type.name !== 'table') return;
    table.forEach((row) => {
      row.forEach(({ attrs }) => shape.push(`${String(attrs.colspan)}x${String(attrs.rowspan)}`));
      shape.push('/');
    });
    shape.push('|');
  });
  return shape.join(' ');
}

function run(editor: Editor, command: Command): boolean {
  return command(editor.state, (transaction) => editor.view.dispatch(transaction), editor.view);
}

/** Does one thing to the table at the caret; false where there is none, or where it would become too large. */
export function actOnTable(editor: Editor, act: TableAct): boolean {
  if (!isInTable(editor.state)) return false;
  // What two people left unfilled is filled up first: a command counts on a rectangle.
  const filled = fixTables(editor.state);
  if (filled !== undefined) editor.view.dispatch(filled);
  const { map } = selectedRect(editor.state);
  if ((act === 'rowAbove' || act === 'rowBelow') && map.height >= MAX_TABLE_ROWS) return false;
  if ((act === 'columnBefore' || act === 'columnAfter') && map.width >= MAX_TABLE_COLUMNS) return false;
  return run(editor, commands[act]);
}

/** The caret into the next cell, for which a row is added behind the last one. */
export function toNextCell(editor: Editor): boolean {
  return run(editor, goToNextCell(1)) || (actOnTable(editor, 'rowBelow') && run(editor, goToNextCell(1)));
}

export function toCellBefore(editor: Editor): boolean {
  return run(editor, goToNextCell(-1));
}

/** With all cells selected, Backspace takes the table away and not only what stands in it. */
export function dropWholeTable(editor: Editor): boolean {
  const { selection } = editor.state;
  if (!(selection instanceof CellSelection) || !selection.isColSelection() || !selection.isRowSelection()) return false;
  return run(editor, deleteTable);
}
