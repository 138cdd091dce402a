import type { Node } from '@tiptap/pm/model';

/** Where searched words stand, in ProseMirror positions. */
export interface FoundPlace {
  readonly from: number;
  readonly to: number;
}

/**
 * All places of some words in a document, in reading order, that do not overlap. Capital and small letters are the same, and so
 * are full and half width; a place lies within one line, and spaces of any kind match each other.
 */
export function foundPlaces(doc: Node, words: string): readonly FoundPlace[] {
  const wanted = folded(words);
  const places: FoundPlace[] = [];
  if (wanted.trim() === '') return places;
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    // What is no text counts one, as it does in positions; nothing that is typed into the field matches it.
    const line = folded(node.textBetween(0, node.content.size, '\0', '\0'));
    for (let at = line.indexOf(wanted); at !== -1; at = line.indexOf(wanted, at + wanted.length)) {
      places.push({ from: position + 1 + at, to: position + 1 + at + wanted.length });
    }
    return false;
  });
  return places;
}

/** The same text in one spelling, code unit for code unit, so that places in it are places in the text. */
export function folded(text: string): string {
  let result = '';
  for (let at = 0; at < text.length; at += 1) result += foldedUnit(text[at] ?? '');
  return result;
}

const units = new Map<string, string>();

function foldedUnit(unit: string): string {
  const known = units.get(unit);
  if (known !== undefined) return known;
  const made = /\s/u.test(unit) ? ' ' : unit.normalize('NFKC').toLowerCase();
  const result = made.length === 1 ? made : unit;
  if (units.size < 10_000) units.set(unit, result);
  return result;
}

/** The first place at a position or behind it, else the first of all; -1 where there is none. */
export function placeFrom(places: readonly FoundPlace[], position: number): number {
  if (places.length === 0) return -1;
  const at = places.findIndex(({ from }) => from >= position);
  return at === -1 ? 0 : at;
}
