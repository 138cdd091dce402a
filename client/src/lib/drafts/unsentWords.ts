import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';

/** Stands between words that were typed at different places of one line. */
const GAP = ' … ';

interface Piece {
  readonly client: number;
  readonly clock: number;
  readonly text: string;
  /** Identity of the character it was typed after and before, where there was one. */
  readonly after: string | null;
  readonly before: string | null;
}

/**
 * The words that a list of Yjs updates brings and does not take away again, to be read and copied by the person who typed them: in
 * the order of the draft, a line for each line of it. `doc` is the copy they were typed into; without it, or for what stands in it
 * no more, the order follows from what was typed after what. Formatting and pure deletions bring no words.
 */
export function unsentWords(updates: readonly Uint8Array[], doc: Y.Doc | null = null): string {
  const { pieces, deleted } = read(updates);
  const placed = new Set<string>();
  const lines = doc === null ? '' : inDraft(doc, pieces, placed);
  const rest = byTyping(pieces, (id) => placed.has(id) || deleted(id));
  return [lines, rest].filter((part) => part.trim() !== '').join('\n');
}

function read(updates: readonly Uint8Array[]): { pieces: Piece[]; deleted: (id: string) => boolean } {
  const pieces: Piece[] = [];
  const seen = new Set<string>();
  const deletions: { client: number; from: number; to: number }[] = [];
  for (const update of updates) {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue;
      const { client, clock } = struct.id;
      if (seen.has(idOf(client, clock))) continue;
      seen.add(idOf(client, clock));
      pieces.push({ client, clock, text: struct.content.str, after: asId(struct.origin), before: asId(struct.rightOrigin) });
    }
    for (const [client, ranges] of ds.clients) {
      for (const { clock, len } of ranges) deletions.push({ client, from: clock, to: clock + len });
    }
  }
  const deleted = (id: string): boolean => {
    const [client, clock] = id.split(':').map(Number);
    return deletions.some((range) => range.client === client && clock !== undefined && clock >= range.from && clock < range.to);
  };
  return { pieces, deleted };
}

/** What stands visibly in the copy. Notes the identity of each character it found. */
function inDraft(doc: Y.Doc, pieces: readonly Piece[], placed: Set<string>): string {
  const index = buildTextIndex(doc.getXmlFragment(DRAFT_FIELD));
  const ranges = pieces.flatMap(({ client, clock, text }) =>
    index.survivorsOf([client, clock, text.length]).map(({ skip, at, length }) => {
      for (let n = 0; n < length; n += 1) placed.add(idOf(client, clock + skip + n));
      return index.textRange({ from: at, to: at + length });
    }),
  );
  ranges.sort((one, other) => one.from - other.from);
  let words = '';
  let end: number | null = null;
  for (const { from, to } of ranges) {
    const between = end === null ? '' : index.text.slice(end, from);
    words += (between === '' ? '' : between.includes('\n') ? '\n' : GAP) + index.text.slice(from, to);
    end = to;
  }
  return words;
}

/** What stands nowhere, in the order in which it was typed, a word typed into another one inside it. */
function byTyping(pieces: readonly Piece[], isLeftOut: (id: string) => boolean): string {
  const characters: { id: string; text: string; startsLine: boolean }[] = [];
  const placeOf = (id: string | null): number => (id === null ? -1 : characters.findLastIndex((each) => each.id === id));
  for (const { client, clock, text, after, before } of pieces) {
    const behind = placeOf(after);
    const ahead = behind === -1 ? placeOf(before) : -1;
    const at = behind !== -1 ? behind + 1 : ahead !== -1 ? ahead : characters.length;
    const added = Array.from({ length: text.length }, (_, n) => ({ id: idOf(client, clock + n), text: text[n] ?? '', startsLine: false }));
    const first = added[0];
    if (first !== undefined) first.startsLine = behind === -1 && ahead === -1;
    const next = characters[ahead];
    if (first !== undefined && next !== undefined && next.startsLine) [first.startsLine, next.startsLine] = [true, false];
    characters.splice(at, 0, ...added);
  }
  let words = '';
  let newLine = false;
  for (const { id, text, startsLine } of characters) {
    newLine ||= startsLine;
    if (isLeftOut(id)) continue;
    words += (newLine && words !== '' ? '\n' : '') + text;
    newLine = false;
  }
  return words;
}

function idOf(client: number, clock: number): string {
  return `${String(client)}:${String(clock)}`;
}

function asId(id: Y.ID | null): string | null {
  return id === null ? null : idOf(id.client, id.clock);
}
