import * as Y from 'yjs';
import { DRAFT_FIELD, isTextBlock, markRules, MAX_DEPTH, nodeRules, rootChildren } from '#shared/document/schema.ts';
import type { Chance } from '../anchors/random.ts';

/*
 * Drafts made at random from the server's allow-list alone: whatever it lets through, likely or not. Lists without items, items without
 * a paragraph, cells that overlap, texts cut into pieces, attributes that are not written. Every word in them is another one.
 */

/** Values to try for each attribute, where it is written at all. Each has to be one the allow-list takes. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  level: [1, 2, 3],
  start: [1, 7, 999_999],
  type: [null],
  checked: [true, false],
  colspan: [1, 1, 2, 5],
  rowspan: [1, 1, 3],
  colwidth: [null],
};

const addresses = ['https://example.org/', 'mailto:ana@example.org'];
const markValues: Readonly<Record<string, (chance: Chance) => object>> = {
  bold: () => ({}),
  italic: () => ({}),
  strike: () => ({}),
  link: (chance) => ({ href: chance.pick(addresses), ...(chance.next() < 0.5 ? { target: null } : {}) }),
};

/** Fills a draft with up to `most` blocks, at depths up to the deepest. Gives how many words were written. */
export function writeShape(fragment: Y.XmlFragment, chance: Chance, most: number): number {
  let words = 0;
  let blocks = 0;
  const attributes = (element: Y.XmlElement): void => {
    for (const [name, rule] of nodeRules.get(element.nodeName)?.attributes ?? []) {
      if (chance.next() < 0.3) continue;
      const value = chance.pick(values[name] ?? []);
      if (!rule.allows(value)) throw new Error(`${element.nodeName}.${name} cannot be ${String(value)}`);
      element.setAttribute(name, value as string);
    }
  };
  const text = (line: Y.XmlFragment): void => {
    const piece = new Y.XmlText();
    line.push([piece]);
    for (let runs = chance.between(0, 3); runs > 0; runs -= 1) {
      const marks = [...markRules.keys()].filter(() => chance.next() < 0.2);
      words += 1;
      piece.insert(piece.length, `w${words} `, Object.fromEntries(marks.map((name) => [name, markValues[name]?.(chance)])));
    }
  };
  const fill = (parent: Y.XmlFragment, allowed: ReadonlySet<string>, depth: number, isLine: boolean): void => {
    const narrow = [...allowed].filter((name) => name !== 'text');
    for (let count = chance.pick([0, 1, 1, 1, 2, 3]); count > 0 && blocks < most; count -= 1) {
      if (isLine && chance.next() < 0.7) {
        text(parent);
        continue;
      }
      // The deepest place is for a text: what could hold one stands a level above it.
      if (depth >= MAX_DEPTH) continue;
      blocks += 1;
      const element = new Y.XmlElement(chance.pick(narrow));
      parent.push([element]);
      attributes(element);
      const rule = nodeRules.get(element.nodeName);
      if (rule !== undefined && rule.children.size > 0) fill(element, rule.children, depth + 1, isTextBlock(rule));
    }
  };
  for (let round = 0; round < 8; round += 1) fill(fragment, rootChildren, 1, false);
  return words;
}

/** A document of its own with such a draft. */
export function shapeOf(chance: Chance, most = 40): { readonly doc: Y.Doc; readonly words: number } {
  const doc = new Y.Doc();
  doc.clientID = 1;
  let words = 0;
  doc.transact(() => (words = writeShape(doc.getXmlFragment(DRAFT_FIELD), chance, most)));
  return { doc, words };
}
