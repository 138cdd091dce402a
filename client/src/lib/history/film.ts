import type { Stop } from './timeline.ts';

/** How long a room plays at its own pace. */
export const filmMs = 60_000;

/** A comment or a change of stage is on the screen longer than a few edits, since somebody has to read it; a version longest. */
const weights = { text: 1, talk: 4, stage: 3, version: 6 } as const;

export interface Film {
  /** When each of `shown` begins, in milliseconds from the beginning of the film. */
  readonly begins: readonly number[];
  /** Places in the list of stops. */
  readonly shown: readonly number[];
}

/**
 * A room as a film of one minute.
 * @param still with the fewest pictures: versions alone, or some stops evenly apart where there are hardly any
 */
export function filmOf(stops: readonly Stop[], still: boolean): Film {
  const shown = still ? stillsOf(stops) : stops.map((_, index) => index);
  const weigh = (index: number): number => {
    const stop = stops[index];
    if (stop === undefined || still) return 1;
    return weights[stop.what] + (stop.versions.length > 0 ? weights.version : 0);
  };
  const all = shown.reduce((sum, index) => sum + weigh(index), 0);
  let passed = 0;
  const begins = shown.map((index) => {
    const begin = (passed / Math.max(1, all)) * filmMs;
    passed += weigh(index);
    return begin;
  });
  return { begins, shown };
}

/** How long a caption stays at least, and at most, in milliseconds of a film at its own pace. */
const readMs = 3_000;
const keptMs = 6_000;

/**
 * Which of the comments that come up in a film stand under it: as many as can be read one after the other. Times in milliseconds
 * from its beginning.
 * @param speaks whether something was said at that stop that may be read
 */
export function captionsOf(
  { begins, shown }: Film,
  stops: readonly Stop[],
  speaks: (stop: Stop) => boolean,
): readonly { readonly begins: number; readonly at: number }[] {
  const captions: { begins: number; at: number }[] = [];
  shown.forEach((index, place) => {
    const stop = stops[index];
    const begin = begins[place] ?? 0;
    if (stop === undefined || !speaks(stop) || begin < (captions.at(-1)?.begins ?? -readMs) + readMs) return;
    captions.push({ begins: begin, at: stop.at });
  });
  return captions;
}

/** When what stands under the film then was said, or null where nothing does. */
export function captionAt(captions: ReturnType<typeof captionsOf>, ms: number): number | null {
  const caption = captions.findLast(({ begins }) => begins <= ms);
  return caption === undefined || ms - caption.begins > keptMs ? null : caption.at;
}

/** Place in `shown` of what is on the screen then. */
export function pictureAt({ begins }: Film, ms: number): number {
  let low = 0;
  let high = begins.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((begins[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Place in `shown` of a stop, or of the last one before it. */
export function pictureOf({ shown }: Film, stop: number): number {
  return Math.max(
    0,
    shown.findLastIndex((index) => index <= stop),
  );
}

const fewest = 4;
const evenly = 10;

function stillsOf(stops: readonly Stop[]): readonly number[] {
  const last = stops.length - 1;
  const versions = stops.flatMap(({ versions: numbers }, index) => (numbers.length > 0 ? [index] : []));
  if (versions.length >= fewest) return versions.at(-1) === last ? versions : [...versions, last];
  const count = Math.min(stops.length, evenly);
  const spread = Array.from({ length: count }, (_, n) => (count === 1 ? 0 : Math.round((n * last) / (count - 1))));
  return [...new Set([...spread, ...versions])].sort((a, b) => a - b);
}
