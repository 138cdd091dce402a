/** A table of a Markdown page: rows as records by column name, with the marks of Markdown taken off. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** All tables of a page, in order. */
export function tablesOf(markdown: string): readonly Table[] {
  const tables: Table[] = [];
  let block: string[][] = [];
  for (const line of [...markdown.split('\n'), '']) {
    if (line.startsWith('|')) {
      block.push(cellsOf(line));
      continue;
    }
    const [columns, , ...rows] = block;
    if (columns !== undefined) {
      tables.push({ columns, rows: rows.map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']))) });
    }
    block = [];
  }
  return tables;
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}

/** The one table with these columns, and how many rows it must have at least to be worth a test. */
export function tableWith(tables: readonly Table[], ...columns: readonly string[]): Table {
  const found = tables.filter((table) => columns.every((column) => table.columns.includes(column)));
  const [table] = found;
  if (table === undefined || found.length > 1) throw new Error(`${found.length} tables have the columns ${columns.join(', ')}`);
  if (table.rows.length === 0) throw new Error(`the table of ${columns.join(', ')} is empty`);
  return table;
}

/** A cell that is one word in code marks. */
export function code(cell: string | undefined): string {
  const found = /^`([^`]*)`$/.exec(cell ?? '');
  if (found === null) throw new Error(`not one word in code marks: ${cell ?? 'no cell'}`);
  return found[1] ?? '';
}

/** A cell that lists names in one pair of code marks, or none. */
export function list(cell: string | undefined): readonly string[] {
  if (cell === undefined || cell === '') return [];
  return code(cell)
    .split(',')
    .map((name) => name.trim());
}

/** Every word in code marks in a cell. */
export function codes(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '');
}
