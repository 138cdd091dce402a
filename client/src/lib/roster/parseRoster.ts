import type { Role } from '#shared/domain/participants/roles.ts';
import { cellsOf } from './cells.ts';
import { columnOf, roleOf } from './columns.ts';
import type { Column } from './columns.ts';

/** A line of the list as it was read; everything is text that can be corrected. `role` is empty where none was given. */
export interface RosterLine {
  readonly displayName: string;
  readonly handle: string;
  readonly organisation: string;
  readonly level: string;
  readonly sector: string;
  /** A role of ours, or the word that was not understood. */
  readonly role: Role | (string & {});
}

const noLine: RosterLine = { displayName: '', handle: '', organisation: '', level: '', sector: '', role: '' };
const HAN = /^\p{Script=Han}+$/u;
/** 教育界（12 人）： with the names behind it or below it, as documents list them. */
const SECTION =
  /^(?:[（(]?[\d一二三四五六七八九十]{1,3}[)）、.．]\s*)?(\p{Script=Han}{1,12}界)\s*(?:[（(]\s*\d+\s*[人名位]\s*[)）])?\s*(?:$|[:：]\s*(.*)$)/u;
/** 参会人员：, before names. */
const LABEL = /^\p{Script=Han}{2,8}\s*(?:[（(]\s*\d+\s*[人名位]\s*[)）])?\s*[:：]\s*/u;
const sums = new Set(['合计', '总计', '小计', '共计', 'total', 'sum']);
const same = new Set(['同上', '〃', '″', '"', '同前', 'ditto', '″″']);

/** Reads names from whatever a person has: a column, a spreadsheet, a table or a sentence of a document. */
export function parseRoster(text: string): readonly RosterLine[] {
  const rows = cellsOf(text);
  const head = rows.findIndex((row) => row.some((cell) => columnOf(cell) === 'displayName') && row.some((cell) => cell !== ''));
  // One cell that happens to be a heading is one only if nothing stands above it but titles.
  const heading = head >= 0 && head <= 5 ? rows[head] : undefined;
  const body = heading === undefined ? rows : rows.slice(head + 1);
  const places = heading === undefined ? guessed(body) : heading.map((cell) => columnOf(cell) ?? 'ignored');
  const lines: RosterLine[] = [];
  let section = '';
  for (const row of body) {
    if (heading !== undefined && row.join('\0') === heading.join('\0')) continue;
    const only = row.filter((cell) => cell !== '').length === 1 ? (row.find((cell) => cell !== '') ?? '') : '';
    const titled = SECTION.exec(only);
    if (titled !== null) section = titled[1] ?? '';
    const rest = titled === null ? row : [titled[2] ?? ''];
    for (const line of linesOf(rest, titled === null ? places : ['displayName'], lines.at(-1))) {
      lines.push(line.sector === '' ? { ...line, sector: section } : line);
    }
  }
  return lines;
}

function linesOf(row: readonly string[], places: readonly (Column | 'ignored')[], before: RosterLine | undefined): readonly RosterLine[] {
  if (sums.has((row.find((cell) => cell !== '') ?? '').replace(/[:：\s].*$/, '').toLowerCase())) return [];
  const found: Record<Column, string> = { ...noLine };
  for (const [index, column] of places.entries()) {
    const cell = row[index] ?? '';
    if (column === 'ignored' || cell === '') continue;
    const said = same.has(cell.toLowerCase()) && before !== undefined ? before[column] : cell;
    // Two columns for one thing, as 单位 and 职务 are: both are told.
    found[column] = found[column] === '' || found[column] === said ? said : `${found[column]} ${said}`;
  }
  const rest: RosterLine = { ...found, role: roleOf(found.role) ?? found.role };
  const names = namesIn(found.displayName);
  if (names.length === 0) return Object.values(found).some((cell) => cell !== '') ? [{ ...rest, displayName: '' }] : [];
  return names.map((displayName) => ({ ...rest, displayName }));
}

/** Without a heading: the first column that holds names, then what the others look like. */
function guessed(rows: readonly (readonly string[])[]): readonly (Column | 'ignored')[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const taken = new Set<Column>();
  return Array.from({ length: width }, (_, index) => {
    const cells = rows.map((row) => row[index] ?? '').filter((cell) => cell !== '');
    const take = (column: Column): Column | 'ignored' => {
      if (taken.has(column)) return 'ignored';
      taken.add(column);
      return column;
    };
    const all = (test: (cell: string) => boolean) => cells.length > 0 && cells.every(test);
    if (cells.length === 0 || all((cell) => /^[\d.、)）#+\-\s]+$/.test(cell)) || all((cell) => /^[男女]$/.test(cell))) return 'ignored';
    if (!taken.has('displayName')) return take('displayName');
    if (all((cell) => roleOf(cell) !== null)) return take('role');
    if (all((cell) => /界$/.test(cell) || same.has(cell))) return take('sector');
    if (all((cell) => /级$/.test(cell) || same.has(cell))) return take('level');
    return take('organisation');
  });
}

/** The names in one cell: usually one, in a document also 张三、李四 王 五. */
function namesIn(cell: string): readonly string[] {
  const unnumbered = cell
    .replace(LABEL, '')
    .replace(/^(?:[（(]?(?:\d{1,4}|[一二三四五六七八九十百]{1,4})[)）.、．:：]\s*|[•·●○■◆*–—-]\s*)/u, '');
  return unnumbered
    .split(/[、\n]/u)
    .map((part) => part.replace(/[，。；,;.\s]+$/u, ''))
    .flatMap(spaced)
    .map((name) => name.replace(/\s*[（(](?:男|女|[\p{Script=Han}]{1,4}族|[男女][，,、\s]*[\p{Script=Han}]{1,4}族)[)）]\s*$/u, '').trim())
    .filter((name) => name !== '');
}

/** Names of two characters are set apart to the width of three: 王 芳 is one name, 王芳 李建国 are two. */
function spaced(text: string): readonly string[] {
  const parts = text.split(/[\s\u3000]+/u).filter((part) => part !== '');
  if (parts.length < 2 || !parts.every((part) => HAN.test(part) && part.length <= 4)) return [parts.join(' ')];
  const names: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    const next = parts[at + 1];
    if (part.length === 1 && next?.length === 1) {
      names.push(part + next);
      at += 1;
    } else names.push(part);
  }
  return names;
}
