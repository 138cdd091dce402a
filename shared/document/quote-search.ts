const GRAM = 3;
const BUCKETS = 1 << 16;
/** How many places of the rarest gram are looked at before a needle counts as too common to search for. */
const MOST_VISITS = 4_096;

/**
 * Finds short strings in one text, many times over. An index of all three-character pieces bounds the work for each search by
 * a constant, whatever the text and the needle are: a plain scan of a long text for a thousand needles would not be.
 */
export class QuoteSearch {
  readonly #text: string;
  /** First place of each bucket, and for each place the next one of its bucket, ascending. */
  readonly #first = new Int32Array(BUCKETS).fill(-1);
  readonly #next: Int32Array;
  readonly #count = new Int32Array(BUCKETS);

  constructor(text: string) {
    this.#text = text;
    this.#next = new Int32Array(text.length);
    for (let at = text.length - GRAM; at >= 0; at -= 1) {
      const bucket = bucketOf(text, at);
      this.#next[at] = this.#first[bucket] ?? -1;
      this.#first[bucket] = at;
      this.#count[bucket] = (this.#count[bucket] ?? 0) + 1;
    }
  }

  /** All places where the needle stands, ascending; null when there are more than `most`, or its pieces are too common to tell. */
  occurrences(needle: string, most: number): number[] | null {
    if (needle.length < GRAM) return this.#scan(needle, most);
    const rarest = this.#rarestGram(needle);
    const found: number[] = [];
    let visits = 0;
    for (let at = this.#first[bucketOf(needle, rarest)] ?? -1; at !== -1; at = this.#next[at] ?? -1) {
      visits += 1;
      if (visits > MOST_VISITS) return null;
      if (at < rarest || !this.#text.startsWith(needle, at - rarest)) continue;
      if (found.length === most) return null;
      found.push(at - rarest);
    }
    return found;
  }

  /** A needle shorter than a gram: a plain scan of it costs little. */
  #scan(needle: string, most: number): number[] | null {
    const found: number[] = [];
    if (needle === '') return null;
    for (let at = this.#text.indexOf(needle); at !== -1; at = this.#text.indexOf(needle, at + 1)) {
      if (found.length === most) return null;
      found.push(at);
    }
    return found;
  }

  #rarestGram(needle: string): number {
    let rarest = 0;
    let fewest = Infinity;
    for (let at = 0; at + GRAM <= needle.length; at += 1) {
      const count = this.#count[bucketOf(needle, at)] ?? 0;
      if (count < fewest) {
        fewest = count;
        rarest = at;
      }
    }
    return rarest;
  }
}

function bucketOf(text: string, at: number): number {
  return (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & (BUCKETS - 1);
}
