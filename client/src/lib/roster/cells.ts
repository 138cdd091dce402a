export type Separator = '\t' | ',' | ';' | '，' | '；';

/** Rows of cells as spreadsheets and people write them. Quotes hold separators and line breaks, and are doubled to mean themselves. */
export function cellsOf(text: string): readonly (readonly string[])[] {
  const plain = text.replace(/^\ufeff/, '').replace(/\r\n?|\u2028|\u2029|\v|\u0085/g, '\n');
  const separator = separatorOf(plain);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cleaned(cell));
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.some((one) => one !== '')) rows.push(row);
    row = [];
  };
  for (let at = 0; at < plain.length; at += 1) {
    const letter = plain[at] ?? '';
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (plain[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell.trim() === '' && closes(plain, at)) {
      quoted = true;
      cell = '';
    } else if (letter === separator) endCell();
    else if (letter === '\n') endRow();
    else cell += letter;
  }
  endRow();
  return rows;
}

/** A quote that nobody closes is a letter, or half the list would be one name. */
function closes(text: string, at: number): boolean {
  return text.indexOf('"', at + 1) >= 0;
}

/** Whatever most lines have; a tab beats all others, since nobody types one. Null where each line is one cell. */
function separatorOf(text: string): Separator | null {
  if (text.includes('\t')) return '\t';
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const counted = ([',', '，', ';', '；'] as const)
    .map((separator) => ({ separator, lines: lines.filter((line) => line.includes(separator)).length }))
    .toSorted((one, other) => other.lines - one.lines)[0];
  return counted === undefined || counted.lines * 2 < lines.length || counted.lines === 0 ? null : counted.separator;
}

/** Without what cannot be seen: marks of direction and width, spaces of all kinds at the ends and doubled. */
export function cleaned(cell: string): string {
  return cell
    .normalize('NFC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]/g, '')
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+/g, (spaces) => (spaces.includes('\u3000') ? '\u3000' : ' '))
    .replace(/^[ \u3000]+|[ \u3000]+$/g, '');
}
