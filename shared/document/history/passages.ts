import * as Y from 'yjs';
import { RunSet } from '../erasing/runSet.ts';
import type { Run } from '../text-index.ts';
import { typeOf } from '../text-index.ts';
import type { Ledger } from './ledger.ts';

/** Nodes below this depth are left out, as everywhere. */
const WALK_DEPTH = 64;
/** What still stands dies at no entry. */
const NEVER = 0x7fffffff;
/** So many other places are looked up and no more. */
const mostPlaces = 2_000;
const entriesPerTurn = 1_000;

/** All the characters a text ever held, in their order; what came and went is among them. */
interface Strip {
  readonly chars: string[];
  readonly clients: number[];
  readonly clocks: number[];
  /** Ordinals of the entries that brought and deleted each character. */
  readonly born: number[];
  readonly died: number[];
  /** Links that begin before the character at this place. */
  readonly links: { readonly at: number; readonly client: number; readonly clock: number }[];
}

/** Where a passage stands, or stood: its characters, the addresses of links that begin in it, and what lies under it. */
export interface FoundPlaces {
  readonly places: number;
  /** There may be further ones that were not looked up. */
  readonly more: boolean;
  readonly runs: readonly Run[];
  /** What was written and deleted in the very place: before it, after it and in between. */
  readonly under: { readonly words: readonly string[]; readonly runs: readonly Run[] };
}

/** What a passage is in the whole history of a draft. */
export interface FoundPassage {
  /** The words, one line for each text they stand in. */
  readonly lines: readonly string[];
  readonly here: FoundPlaces;
  /** Everywhere else that exactly these lines stood at some time, under other identities. */
  readonly elsewhere: FoundPlaces;
}

/** Words that are looked for: the characters of one place, or a line wherever it stands. */
export type WantedPassage = { readonly runs: readonly Run[] } | { readonly words: string };

/** From which entry of the log on characters stood in the text, and up to which; null while one of them still does. */
export interface Span {
  readonly since: number;
  readonly until: number | null;
}

/**
 * Looks a passage up in a document that forgets nothing. Null where one of its characters is not there, or the line stood nowhere. It
 * yields where somebody else may have a turn; the document must not change meanwhile.
 */
export function* findPassage(doc: Y.XmlFragment, ledger: Ledger, wanted: WantedPassage): Generator<void, FoundPassage | null> {
  const strips: Strip[] = [];
  for (const strip of stripsOf(doc, ledger)) {
    strips.push(strip);
    yield;
  }
  const here = new Places();
  const own = new RunSet('runs' in wanted ? wanted.runs : []);
  const isOwn = (strip: Strip, place: number): boolean => own.has(strip.clients[place] ?? 0, strip.clocks[place] ?? 0);
  const lines = 'words' in wanted ? [wanted.words] : [];
  let found = 0;
  for (const strip of own.isEmpty ? [] : strips) {
    const places = strip.chars.flatMap((_, place) => (isOwn(strip, place) ? [place] : []));
    if (places.length === 0) continue;
    found += places.length;
    lines.push(places.map((place) => strip.chars[place]).join(''));
    here.take(strip, places);
  }
  if (found !== own.runs().reduce((sum, [, , length]) => sum + length, 0)) return null;
  const elsewhere = new Places();
  for (const strip of strips) {
    for (const line of new Set(lines)) {
      for (const occurrence of occurrences(strip, line)) {
        if (elsewhere.count === mostPlaces) break;
        if (occurrence === null) yield;
        else if (!occurrence.every((place) => isOwn(strip, place))) elsewhere.take(strip, occurrence);
      }
    }
  }
  return here.count + elsewhere.count === 0 ? null : { lines, here: here.found(), elsewhere: elsewhere.found() };
}

/** When any of these characters stood in the text. */
export function spanOf(ledger: Ledger, runs: readonly Run[]): Span {
  let since = NEVER;
  let until = 0;
  for (const [client, clock, length] of runs) {
    for (const { born, died } of ledger.fates(client, clock, length)) {
      since = Math.min(since, born);
      until = Math.max(until, died === 0 ? NEVER : died);
    }
  }
  return { since: since === NEVER ? 0 : since, until: until === NEVER ? null : until };
}

class Places {
  readonly #runs: Run[] = [];
  readonly #under: Run[] = [];
  readonly #words: string[] = [];
  readonly #seen = new Set<string>();

  get count(): number {
    return this.#seen.size;
  }

  take(strip: Strip, places: readonly number[]): void {
    const ids = places.map((place) => idAt(strip, place));
    const name = ids.join();
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    this.#runs.push(...ids);
    // A link that begins in the passage is about it: its address goes with the words.
    const [first = 0] = places;
    const last = places.at(-1) ?? 0;
    for (const { at, client, clock } of strip.links) if (at >= first && at <= last) this.#runs.push([client, clock, 1]);
    const under = placesUnder(strip, places);
    this.#under.push(...under.map((place) => idAt(strip, place)));
    if (under.length > 0) this.#words.push(under.map((place) => strip.chars[place]).join(''));
  }

  found(): FoundPlaces {
    const own = new RunSet(this.#runs);
    const under = this.#under.filter(([client, clock]) => !own.has(client, clock));
    return {
      places: this.count,
      more: this.count === mostPlaces,
      runs: own.runs(),
      under: { words: this.#words, runs: new RunSet(under).runs() },
    };
  }
}

function idAt({ clients, clocks }: Strip, place: number): Run {
  return [clients[place] ?? 0, clocks[place] ?? 0, 1];
}

function* stripsOf(parent: Y.XmlFragment, ledger: Ledger, depth = 0): Generator<Strip> {
  if (depth > WALK_DEPTH) return;
  for (let item = parent._start; item !== null; item = item.right) {
    const type = typeOf(item);
    if (type instanceof Y.XmlText) yield stripOf(type, ledger);
    else if (type instanceof Y.XmlElement) yield* stripsOf(type, ledger, depth + 1);
  }
}

function stripOf(text: Y.XmlText, ledger: Ledger): Strip {
  const strip: Strip = { chars: [], clients: [], clocks: [], born: [], died: [], links: [] };
  for (let item = text._start; item !== null; item = item.right) {
    const { content, id } = item;
    if (content instanceof Y.ContentFormat && content.key === 'link' && content.value !== null)
      strip.links.push({ at: strip.chars.length, client: id.client, clock: id.clock });
    if (!(content instanceof Y.ContentString)) continue;
    for (const fate of ledger.fates(id.client, id.clock, item.length)) {
      for (let clock = fate.clock; clock < fate.clock + fate.length; clock += 1) {
        strip.chars.push(content.str[clock - id.clock] ?? '');
        strip.clients.push(id.client);
        strip.clocks.push(clock);
        strip.born.push(fate.born);
        strip.died.push(fate.died === 0 ? NEVER : fate.died);
      }
    }
  }
  return strip;
}

function stands({ born, died }: Strip, place: number, ordinal: number): boolean {
  return (born[place] ?? NEVER) <= ordinal && (died[place] ?? 0) > ordinal;
}

/** What is not there, at the last moment all of the passage is, between the characters before and behind it. */
function placesUnder(strip: Strip, places: readonly number[]): number[] {
  const own = new Set(places);
  const moment = Math.min(...places.map((place) => strip.died[place] ?? NEVER)) - 1;
  const free = (place: number): boolean => place >= 0 && place < strip.chars.length && !own.has(place) && !stands(strip, place, moment);
  const under: number[] = [];
  for (let place = (places[0] ?? 0) - 1; free(place); place -= 1) under.unshift(place);
  for (let place = places[0] ?? 0; place <= (places.at(-1) ?? -1); place += 1) if (free(place)) under.push(place);
  for (let place = (places.at(-1) ?? 0) + 1; free(place); place += 1) under.push(place);
  return under;
}

/**
 * Every set of characters that at some moment stood side by side and read `line`. New ones come about only where an entry brought a
 * character, or took one away between two others: so after each entry only the surroundings of what it changed are read. Null now and
 * then, where somebody else may have a turn.
 */
function* occurrences(strip: Strip, line: string): Generator<readonly number[] | null> {
  if (line === '' || !mayHold(strip, line)) return;
  let entries = 0;
  for (const [ordinal, changed] of changesOf(strip)) {
    entries += 1;
    if (entries % entriesPerTurn === 0) yield null;
    let tried = -1;
    for (const place of changed) {
      for (let start = leftBy(strip, place, line.length - 1, ordinal, tried + 1); start <= place; start += 1) {
        tried = start;
        if (strip.chars[start] !== line[0] || !stands(strip, start, ordinal)) continue;
        const read = readFrom(strip, start, line, ordinal);
        if (read !== null && (read.at(-1) ?? 0) >= place) yield read;
      }
    }
  }
}

function mayHold(strip: Strip, line: string): boolean {
  const chars = new Set(strip.chars);
  return line.split('').every((char) => chars.has(char));
}

/** For each entry that changed the text, by ordinal: the places it changed, rising. */
function changesOf({ chars, born, died }: Strip): readonly (readonly [number, readonly number[]])[] {
  const changes = new Map<number, number[]>();
  const note = (ordinal: number, place: number): void => {
    const places = changes.get(ordinal);
    if (places === undefined) changes.set(ordinal, [place]);
    else if (places.at(-1) !== place) places.push(place);
  };
  for (let place = 0; place < chars.length; place += 1) {
    note(born[place] ?? 0, place);
    if ((died[place] ?? NEVER) !== NEVER) note(died[place] ?? 0, place);
  }
  return [...changes].sort(([one], [other]) => one - other);
}

/** The place of the character that stands so many characters before a place, or `first`. */
function leftBy(strip: Strip, place: number, count: number, ordinal: number, first: number): number {
  let at = Math.max(place, first);
  for (let left = count; left > 0 && at > first;) {
    at -= 1;
    if (stands(strip, at, ordinal)) left -= 1;
  }
  return at;
}

/** The places at which `line` is read from a place on, or null. */
function readFrom(strip: Strip, start: number, line: string, ordinal: number): readonly number[] | null {
  const places: number[] = [];
  for (let place = start; place < strip.chars.length && places.length < line.length; place += 1) {
    if (!stands(strip, place, ordinal)) continue;
    if (strip.chars[place] !== line[places.length]) return null;
    places.push(place);
  }
  return places.length === line.length ? places : null;
}
