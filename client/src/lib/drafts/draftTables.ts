import { Node } from '@tiptap/core';
import type { Editor, Extensions, NodeConfig } from '@tiptap/core';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { contentOf, MAX_TABLE_COLUMNS, MAX_TABLE_ROWS } from '#shared/document/schema.ts';
import { whenIdle } from '../ui/whenIdle.ts';
import type * as editingOfTables from './tableEditing.ts';

/** How large a new table is. */
const NEW_SIZE = 3;

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
  content: contentOf(name),
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
  content: contentOf('tableRow'),
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: () => ['tr', 0] as const,
};
const TableRow = Node.create(rowConfig as Partial<NodeConfig>);

/** A table stands at the top of a draft only, therefore it is no `block`: the document names it beside them. */
const tableConfig: Partial<NodeConfig> & { name: string; tableRole: string } = {
  name: 'table',
  tableRole: 'table',
  content: contentOf('table'),
  isolating: true,
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: () => ['div', { class: 'table-scroll' }, ['table', ['tbody', 0]]],
  extendNodeSchema: ({ config }) => ({ tableRole: (config as { tableRole?: string }).tableRole }),
  addKeyboardShortcuts() {
    const { editor } = this;
    return {
      Tab: () => withEditing(editor, ({ toNextCell }) => toNextCell(editor)),
      'Shift-Tab': () => withEditing(editor, ({ toCellBefore }) => toCellBefore(editor)),
      Backspace: () => editing?.dropWholeTable(editor) ?? false,
      Delete: () => editing?.dropWholeTable(editor) ?? false,
    };
  },
  addProseMirrorPlugins: () => [tablePlugin()],
};
const Table = Node.create(tableConfig);

/** Tables as a draft may hold them. Columns have no widths. */
export const draftTables: Extensions = [Table, TableRow, TableHeader, TableCell];

type Editing = typeof editingOfTables;
let editing: Editing | undefined;
let coming: Promise<Editing> | undefined;

/** Brings what edits tables: few drafts hold one, and it is as large as what edits the rest. Fails where there is no network. */
export function bringTableEditing(): Promise<Editing> {
  coming ??= import('./tableEditing.ts').then(
    (came) => (editing = came),
    (error: unknown) => {
      coming = undefined;
      throw error;
    },
  );
  return coming;
}

/** Where the selecting of cells began: kept from the start, since a state has the fields it began with. */
const anchorKey = new PluginKey<number | null>('tableAnchor');

/** The place of what edits tables: at once where the draft holds a table or gets one, else when the page is idle. */
function tablePlugin(): Plugin<number | null> {
  const place: Plugin<number | null> = new Plugin<number | null>({
    key: anchorKey,
    state: { init: () => null, apply: (transaction, anchor) => editing?.anchorAfter(transaction, anchor) ?? null },
    view: (view) => {
      let isWanted = false;
      const bring = () => {
        isWanted = true;
        bringTableEditing().then(
          (came) => came.editTablesIn(place, anchorKey),
          () => undefined,
        );
      };
      const look = (doc: ProseMirrorNode) => {
        if (!isWanted && doc.children.some(({ type }) => type.name === 'table')) bring();
      };
      look(view.state.doc);
      return { update: ({ state }) => look(state.doc), destroy: whenIdle(bring) };
    },
  });
  editing?.editTablesIn(place, anchorKey);
  return place;
}

/** Does something in the table at the caret, at once or as soon as it can be done; false where there is none or it did nothing. */
function withEditing(editor: Editor, act: (came: Editing) => boolean): boolean {
  if (!isTableAtCaret(editor.state)) return false;
  if (editing !== undefined) return act(editing);
  bringTableEditing().then(
    (came) => !editor.isDestroyed && act(came),
    () => undefined,
  );
  return true;
}

/** Whether the caret is in a table. */
export function isTableAtCaret({ selection }: EditorState): boolean {
  const { $head } = selection;
  for (let depth = $head.depth; depth > 0; depth -= 1) if ($head.node(depth).type.name === 'tableRow') return true;
  return false;
}

/** Puts an empty table behind the block at the caret, or in its place where that is an empty paragraph, and the caret into it. */
export function insertTable(editor: Editor): boolean {
  const { state } = editor;
  const { schema, selection, tr } = state;
  if (isTableAtCaret(state)) return false;
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
