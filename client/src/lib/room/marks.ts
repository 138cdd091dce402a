/**
 * A set of comment numbers that is nearly always "all up to here and a few more": what a person has read, or what is shown.
 * A mark never goes away. Values are not changed in place.
 */
export interface Marks {
  /** Every number up to this one is in the set. */
  readonly through: number;
  /** The numbers above it that are in the set too. */
  readonly beyond: ReadonlySet<number>;
}

/** Beyond this many single numbers the set is closed up to the highest of them, so that it cannot grow without bound. */
export const MOST_BEYOND = 2_000;

export function marksThrough(number: number): Marks {
  return { through: number, beyond: new Set() };
}

/** The set of these numbers, of a list that reaches to `last`. */
export function marksOf(numbers: readonly number[], last: number): Marks {
  return numbers.length === last ? marksThrough(last) : mark(marksThrough(0), numbers);
}

export function isMarked(marks: Marks, number: number): boolean {
  return number <= marks.through || marks.beyond.has(number);
}

/** The set with these numbers added; the same object if it held them all. */
export function mark(marks: Marks, numbers: Iterable<number>): Marks {
  const fresh = [...numbers].filter((number) => !isMarked(marks, number));
  if (fresh.length === 0) return marks;
  const beyond = new Set([...marks.beyond, ...fresh]);
  let through = beyond.size > MOST_BEYOND ? Math.max(...beyond) : marks.through;
  while (beyond.has(through + 1)) through += 1;
  return { through, beyond: new Set([...beyond].filter((number) => number > through)) };
}

/** The numbers that are in either set; the same object as the first if it holds all of the second. */
export function union(one: Marks, other: Marks): Marks {
  if (other.through <= one.through) return mark(one, other.beyond);
  return mark({ through: other.through, beyond: other.beyond }, one.beyond);
}

/** Text for the browser's storage. */
export function marksToText(marks: Marks): string {
  return JSON.stringify([marks.through, ...[...marks.beyond].sort((one, other) => one - other)]);
}

/** What `marksToText` made, or null for anything else. */
export function marksFromText(text: string | null): Marks | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value) || !value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0)) return null;
    const [through, ...beyond] = value as number[];
    return through === undefined ? null : mark(marksThrough(through), beyond);
  } catch {
    return null;
  }
}
