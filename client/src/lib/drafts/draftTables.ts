import { Node } from '@tiptap/core';
import type { Editor, Extensions, NodeConfig } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import type { Command, EditorState, Transaction, Plugin } from '@tiptap/pm/state';
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
  toggleHeader,
} from '@tiptap/pm/tables';
import { MAX_TABLE_COLUMNS, MAX_TABLE_ROWS } from '#shared/document/schema.ts';

/** How large a new table is. */
const NEW_SIZE = 3;

/** What can be done to the table at the caret. */
export const tableActs = [
  'rowAbove',
  'rowBelow',
  'columnBefore',
  'columnAfter',
  'headerRow',
  'dropRow',
  'dropColumn',
  'dropTable',
] as const;
export type TableAct = (typeof tableActs)[number];

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

/** What is read of a pasted element; named here because the schema is also loaded where there is no DOM. */
interface Tag {
  getAttribute(name: string): string | null;
}

const spanOf = (most: number, name: string) => (element: Tag) => {
  const number = Number.parseInt(element.getAttribute(name) ?? '', 10);
  return Number.isNaN(number) ? 1 : Math.min(Math.max(number, 1), most);
};

const cell = (name: string, tag: 'th' | 'td', tableRole: string): Partial<NodeConfig> & { name: string; tableRole: string } => ({
  name,
  tableRole,
  content: 'block+',
  isolating: true,
  addAttributes: () => ({
    colspan: { default: 1, parseHTML: spanOf(MAX_TABLE_COLUMNS, 'colspan') },
    rowspan: { default: 1, parseHTML: spanOf(MAX_TABLE_ROWS, 'rowspan') },
    colwidth: { default: null, parseHTML: () => null, rendered: false },
  }),
  parseHTML: () => [{ tag }],
  renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
});

const TableCell = Node.create(cell('tableCell', 'td', 'cell'));
const TableHeader = Node.create(cell('tableHeader', 'th', 'header_cell'));

const rowConfig = {
  name: 'tableRow',
  tableRole: 'row',
  content: '(tableCell | tableHeader)*',
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: () => ['tr', 0] as const,
};
const TableRow = Node.create(rowConfig as Partial<NodeConfig>);

/** A table stands at the top of a draft only, therefore it is no `block`: the document names it beside them. */
const tableConfig: Partial<NodeConfig> & { name: string; tableRole: string } = {
  name: 'table',
  tableRole: 'table',
  content: 'tableRow+',
  isolating: true,
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: () => ['div', { class: 'table-scroll' }, ['table', ['tbody', 0]]],
  extendNodeSchema: ({ config }) => ({ tableRole: (config as { tableRole?: string }).tableRole }),
  addKeyboardShortcuts() {
    const { editor } = this;
    return {
      Tab: () => run(editor, goToNextCell(1)) || (actOnTable(editor, 'rowBelow') && run(editor, goToNextCell(1))),
      'Shift-Tab': () => run(editor, goToNextCell(-1)),
      Backspace: () => dropWholeTable(editor),
      Delete: () => dropWholeTable(editor),
    };
  },
  addProseMirrorPlugins: () => [calmTableEditing()],
};
const Table = Node.create(tableConfig);

/** Tables, on ProseMirror's own commands. Columns have no widths. */
export const draftTables: Extensions = [Table, TableRow, TableHeader, TableCell];

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

/** Whether the caret is in a table. */
export function isTableAtCaret(state: EditorState): boolean {
  return isInTable(state);
}

/** Puts an empty table behind the block at the caret, or in its place where that is an empty paragraph, and the caret into it. */
export function insertTable(editor: Editor): boolean {
  const { state } = editor;
  const { schema, selection, tr } = state;
  if (isInTable(state)) return false;
  const paragraph = () => schema.nodes.paragraph?.create();
  const row = (name: string) =>
    schema.nodes.tableRow?.create(
      null,
      Array.from({ length: NEW_SIZE }, () => schema.nodes[name]?.create(null, paragraph())).filter((made) => made !== undefined),
    );
  const rows = ['tableHeader', ...Array.from({ length: NEW_SIZE - 1 }, () => 'tableCell')].map(row).filter((made) => made !== undefined);
  const table = schema.nodes.table?.create(null, rows);
  if (table === undefined) return false;
  const { $to } = selection;
  const block = $to.depth === 0 ? null : $to.node(1);
  const isEmptyParagraph = block !== null && block.type.name === 'paragraph' && block.content.size === 0;
  const from = isEmptyParagraph ? $to.before(1) : block === null ? selection.to : $to.after(1);
  const to = isEmptyParagraph ? $to.after(1) : from;
  // One has to be able to write on behind it.
  const isLast = to === state.doc.content.size;
  const behind = isLast ? paragraph() : undefined;
  tr.replaceWith(from, to, behind === undefined ? [table] : [table, behind]);
  tr.setSelection(TextSelection.near(tr.doc.resolve(from + 1)));
  editor.view.dispatch(tr.scrollIntoView());
  return true;
}

/** With all cells selected, Backspace takes the table away and not only what stands in it. */
function dropWholeTable(editor: Editor): boolean {
  const { selection } = editor.state;
  if (!(selection instanceof CellSelection) || !selection.isColSelection() || !selection.isRowSelection()) return false;
  return run(editor, deleteTable);
}
