import * as Y from 'yjs';
import { QuoteSearch } from './quote-search.ts';
import { isTextBlock, nodeRules } from './schema.ts';

/** Nodes below this depth are left out: the content check refuses them long before, and a walk must end. */
const WALK_DEPTH = 64;

/** Half-open range of offsets into TextIndex.text, in UTF-16 code units. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** Identities of characters that were typed in one go: client, clock of the first, how many (UTF-16 code units). */
export type Run = readonly [client: number, clock: number, length: number];

/** Where identities of a run stand now: `skip` of the run's characters come before them. `at` counts in TextIndex.solid. */
export interface Survivors {
  readonly skip: number;
  readonly at: number;
  readonly length: number;
}

/** A stretch of a draft where text offset, solid offset and ProseMirror position advance together. */
interface Stretch {
  readonly offset: number;
  readonly solid: number;
  readonly position: number;
  length: number;
}

/**
 * What one walk over a draft yields: its text, where each character stands for ProseMirror, and who every character is in Yjs.
 * It looks at visible content only, so it is the same on every replica that shows the same draft, whatever was collected or
 * reloaded. It does not follow later changes: build a new one.
 *
 * ProseMirror's positions follow its own rule: each node that can hold others costs one before and one after its content, a
 * leaf costs one, text costs its length in UTF-16 code units.
 */
export class TextIndex {
  /**
   * The words of the draft without markup: one line for each paragraph, heading and list paragraph in reading order, joined by
   * `\n`; a hard break is a `\n` too. Line ends that got into a text itself read as spaces, so `\n` always is a border.
   */
  readonly text: string;
  /** The same without any border: the characters of all texts, one after the other. */
  readonly solid: string;
  readonly #stretches: readonly Stretch[];
  readonly #clients: readonly number[];
  readonly #clocks: readonly number[];
  /** Solid offset at which the n-th run of identities begins; one more entry holds the end. */
  readonly #starts: readonly number[];
  #byClient: Map<number, number[]> | null = null;
  #search: QuoteSearch | null = null;

  constructor(walk: Walk) {
    this.text = walk.textParts.join('');
    this.solid = walk.solidParts.join('');
    this.#stretches = walk.stretches;
    this.#clients = walk.clients;
    this.#clocks = walk.clocks;
    this.#starts = [...walk.starts, walk.solid];
  }

  /** The ProseMirror position of a text offset; offsets outside the text count as its nearest end. */
  positionOf(offset: number): number {
    const stretch = this.#stretches[Math.max(this.#lastStretch('offset', offset), 0)];
    if (stretch === undefined) return 0;
    return stretch.position + clamp(offset - stretch.offset, stretch.length);
  }

  /**
   * The text offset of a ProseMirror position. A position between two lines counts as the beginning of the next one for the
   * start of a range, as the end of the previous one for its end.
   */
  offsetOf(position: number, side: 'start' | 'end'): number {
    const index = this.#lastStretch('position', position);
    const stretch = this.#stretches[index];
    if (stretch === undefined) return 0;
    const within = position - stretch.position;
    if (within > stretch.length && side === 'start') return this.#stretches[index + 1]?.offset ?? this.text.length;
    return stretch.offset + clamp(within, stretch.length);
  }

  /** Range of solid offsets that a range of text offsets covers. */
  solidRange(range: TextRange): TextRange {
    return { from: this.#solidOf(range.from), to: this.#solidOf(range.to) };
  }

  /** Range of text offsets that covers a range of solid offsets which is not empty, without a border at either end. */
  textRange(solid: TextRange): TextRange {
    return { from: this.#offsetOfSolid(solid.from), to: this.#offsetOfSolid(solid.to - 1) + 1 };
  }

  /** Identities of the characters in a range of solid offsets. */
  runsIn(solid: TextRange): Run[] {
    const runs: Run[] = [];
    for (let index = Math.max(lastNotAfter(this.#starts, solid.from, Number), 0); index < this.#clients.length; index += 1) {
      const start = this.#starts[index] ?? 0;
      if (start >= solid.to) break;
      const from = Math.max(start, solid.from);
      const to = Math.min(this.#starts[index + 1] ?? start, solid.to);
      if (to > from) runs.push([this.#clients[index] ?? 0, (this.#clocks[index] ?? 0) + from - start, to - from]);
    }
    return runs;
  }

  /** Which characters of a run are visible, and where, in the order of the run. */
  survivorsOf([client, clock, length]: Run): Survivors[] {
    const found: Survivors[] = [];
    const mine = this.#runsByClient().get(client);
    if (mine === undefined) return found;
    const clockOf = (index: number): number => this.#clocks[index] ?? 0;
    for (let n = Math.max(lastNotAfter(mine, clock, clockOf), 0); n < mine.length; n += 1) {
      const index = mine[n] ?? 0;
      const start = this.#starts[index] ?? 0;
      const first = Math.max(clockOf(index), clock);
      const end = Math.min(clockOf(index) + (this.#starts[index + 1] ?? start) - start, clock + length);
      if (clockOf(index) >= clock + length) break;
      if (end > first) found.push({ skip: first - clock, at: start + first - clockOf(index), length: end - first });
    }
    return found;
  }

  /** Solid offsets at which a string stands, ascending; null where they are more than `most`, or too many to tell. */
  occurrences(needle: string, most: number): number[] | null {
    this.#search ??= new QuoteSearch(this.solid);
    return this.#search.occurrences(needle, most);
  }

  #runsByClient(): Map<number, number[]> {
    if (this.#byClient !== null) return this.#byClient;
    const byClient = new Map<number, number[]>();
    this.#clients.forEach((client, index) => {
      const mine = byClient.get(client);
      if (mine === undefined) byClient.set(client, [index]);
      else mine.push(index);
    });
    for (const mine of byClient.values()) mine.sort((a, b) => (this.#clocks[a] ?? 0) - (this.#clocks[b] ?? 0));
    this.#byClient = byClient;
    return byClient;
  }

  /** Index of the last stretch that begins at this place or before it, or -1. */
  #lastStretch(by: 'offset' | 'solid' | 'position', value: number): number {
    return lastNotAfter(this.#stretches, value, (stretch) => stretch[by]);
  }

  #solidOf(offset: number): number {
    const stretch = this.#stretches[this.#lastStretch('offset', offset)];
    return stretch === undefined ? 0 : stretch.solid + clamp(offset - stretch.offset, stretch.length);
  }

  #offsetOfSolid(solid: number): number {
    const stretch = this.#stretches[this.#lastStretch('solid', solid)];
    return stretch === undefined ? 0 : stretch.offset + clamp(solid - stretch.solid, stretch.length);
  }
}

/** Walks a draft once. A draft of 43,000 characters takes a few milliseconds. */
export function buildTextIndex(fragment: Y.XmlFragment): TextIndex {
  const walk = new Walk();
  walk.blocks(fragment, 0);
  return new TextIndex(walk);
}

class Walk {
  readonly textParts: string[] = [];
  readonly solidParts: string[] = [];
  readonly stretches: Stretch[] = [];
  readonly clients: number[] = [];
  readonly clocks: number[] = [];
  readonly starts: number[] = [];
  solid = 0;
  #offset = 0;
  #position = 0;
  #nextClock = 0;

  blocks(parent: Y.XmlFragment, depth: number): void {
    if (depth > WALK_DEPTH) return;
    for (let item = firstVisible(parent); item !== null; item = item.next) {
      const type = typeOf(item);
      if (!(type instanceof Y.XmlElement)) continue;
      const rule = nodeRules.get(type.nodeName);
      this.#position += 1;
      if (rule?.children.size === 0) continue;
      if (rule !== undefined && isTextBlock(rule)) this.#line(type);
      else this.blocks(type, depth + 1);
      this.#position += 1;
    }
  }

  #line(block: Y.XmlElement): void {
    if (this.stretches.length > 0) this.#border();
    this.#stretch();
    for (let item = firstVisible(block); item !== null; item = item.next) {
      const type = typeOf(item);
      if (type instanceof Y.XmlText) this.#text(type);
      else if (type instanceof Y.XmlElement) {
        this.#border();
        this.#position += 1;
        this.#stretch();
      }
    }
  }

  #border(): void {
    this.textParts.push('\n');
    this.#offset += 1;
  }

  #stretch(): void {
    this.stretches.push({ offset: this.#offset, solid: this.solid, position: this.#position, length: 0 });
  }

  #text(text: Y.XmlText): void {
    let words = '';
    for (let item = text._start; item !== null; item = item.right) {
      if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
      this.#identities(item.id, this.solid + words.length, item.length);
      words += item.content.str;
    }
    const stretch = this.stretches[this.stretches.length - 1];
    if (words === '' || stretch === undefined) return;
    words = withoutLineEnds(words);
    this.textParts.push(words);
    this.solidParts.push(words);
    stretch.length += words.length;
    this.solid += words.length;
    this.#offset += words.length;
    this.#position += words.length;
  }

  #identities({ client, clock }: Y.ID, start: number, length: number): void {
    if (this.clients[this.clients.length - 1] !== client || this.#nextClock !== clock) {
      this.clients.push(client);
      this.clocks.push(clock);
      this.starts.push(start);
    }
    this.#nextClock = clock + length;
  }
}

/** First child of a type that is not deleted. */
export function firstVisible(parent: { readonly _start: Y.Item | null }): Y.Item | null {
  const first = parent._start;
  return first === null || !first.deleted ? first : first.next;
}

/** The type an item holds, or null where it holds something else. */
export function typeOf(item: Y.Item): unknown {
  return item.content instanceof Y.ContentType ? item.content.type : null;
}

function withoutLineEnds(text: string): string {
  return /[\n\r]/.test(text) ? text.replace(/[\n\r]/g, ' ') : text;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** Index of the last entry of a list in ascending order whose value is not greater than `value`, or -1. */
function lastNotAfter<Entry>(list: readonly Entry[], value: number, of: (entry: Entry) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (of(list[middle] as Entry) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
