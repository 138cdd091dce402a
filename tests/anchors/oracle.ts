import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import type { Anchor, AnchorPlace } from '#shared/document/anchors.ts';

/** One visible character (UTF-16 code unit) of a draft: who it is (client and clock in one number), and what it says. */
interface Letter {
  readonly id: number;
  readonly letter: string;
}

function idOf(client: number, clock: number): number {
  return client * 2 ** 32 + clock;
}

/**
 * What the test knows of a draft by its own means: each visible character with its identity, read from the Y.Doc, and its place, read
 * from the ProseMirror document. It shares no code with what it judges.
 */
export class Oracle {
  /** ProseMirror position before each letter, ascending. */
  readonly #positions: readonly number[];
  readonly #letters: readonly Letter[];
  readonly #places: ReadonlyMap<number, number>;
  readonly #words: string;

  constructor(draft: Y.XmlFragment, node: Node) {
    this.#positions = positionsIn(node);
    this.#letters = lettersOf(draft);
    this.#places = new Map(this.#letters.map(({ id }, place) => [id, place]));
    this.#words = this.#letters.map(({ letter }) => letter).join('');
    if (this.#words !== node.textBetween(0, node.content.size, '', '')) throw new Error('Yjs and ProseMirror show different texts');
  }

  /** The identities a selection holds, without white space at its ends. */
  select(from: number, to: number): readonly Letter[] {
    let first = this.#lettersBefore(from);
    let end = this.#lettersBefore(to);
    const isSpace = (place: number): boolean => /\s/.test(this.#words[place] ?? 'x');
    while (first < end && isSpace(first)) first += 1;
    while (end > first && isSpace(end - 1)) end -= 1;
    return this.#letters.slice(first, end);
  }

  /** What is wrong with the place that was given to an anchor on these letters, or null. Ranges are ProseMirror positions. */
  judge(quoted: readonly Letter[], anchor: Anchor, place: AnchorPlace, ranges: readonly { from: number; to: number }[]): string | null {
    const alive = quoted.flatMap(({ id }) => this.#places.get(id) ?? []);
    const quote = quoted.map(({ letter }) => letter).join('');
    const inOneRow = alive.length === quoted.length && alive.every((at, n) => n === 0 || at === (alive[n - 1] ?? 0) + 1);
    if (inOneRow !== (place.place === 'exact')) return inOneRow ? 'untouched, but not exact' : 'exact, but touched';
    if (place.place === 'gone') return this.#wronglyGone(alive, quote, anchor);
    const shown = ranges.map(({ from, to }) => ({ first: this.#lettersBefore(from), end: this.#lettersBefore(to) }));
    const [only] = shown;
    if (only !== undefined && shown.length === 1) {
      if (this.#words.slice(only.first, only.end) === quote) return null;
      if (place.place === 'changed' && only.first === alive[0] && only.end === (alive.at(-1) ?? 0) + 1) return null;
    }
    const letters = shown.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, n) => first + n));
    if (place.place === 'changed' && shown.length > 1 && letters.join() === alive.join()) return null;
    return `other words: ${shown.map(({ first, end }) => this.#words.slice(first, end)).join('|')}`;
  }

  /** A drawer is the right place only for what cannot be told: less than half is left, and no single place has all the old words. */
  #wronglyGone(alive: readonly number[], quote: string, anchor: Anchor): string | null {
    if (alive.length * 2 >= quote.length) return 'gone, but half of it is left';
    const whole = `${anchor.before}${anchor.quote}${anchor.after}`.replaceAll('\n', '');
    const contexts = [anchor.before.length, anchor.after.length];
    // Shorter ones began or ended the draft; the longest say that the words could not be told from others when they were quoted.
    if (Math.min(...contexts) < 31 || Math.max(...contexts) > 250 || alive.length > 0) return null;
    const first = this.#words.indexOf(whole);
    const standsOnce = first !== -1 && this.#words.indexOf(whole, first + 1) === -1;
    return standsOnce ? 'gone, but it stands there with all that was around it' : null;
  }

  #lettersBefore(position: number): number {
    let low = 0;
    let high = this.#positions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#positions[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function positionsIn(node: Node): number[] {
  const positions: number[] = [];
  node.descendants((child, position) => {
    for (let n = 0; n < (child.text?.length ?? 0); n += 1) positions.push(position + n);
  });
  return positions;
}

function lettersOf(type: Y.XmlFragment | Y.XmlText): Letter[] {
  if (type instanceof Y.XmlFragment) return type.toArray().flatMap((child) => (child instanceof Y.XmlHook ? [] : lettersOf(child)));
  const letters: Letter[] = [];
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    const { client, clock } = item.id;
    for (const [n, letter] of item.content.str.split('').entries()) letters.push({ id: idOf(client, clock + n), letter });
  }
  return letters;
}

/** The identities an anchor names, one by one. */
export function identitiesOf(anchor: Anchor): number[] {
  return anchor.runs.flatMap(([client, clock, length]) => Array.from({ length }, (_, n) => idOf(client, clock + n)));
}
