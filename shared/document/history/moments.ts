/** What is known of one entry of a draft's log without its bytes. */
export interface EntryHead {
  readonly ordinal: number;
  readonly at: number;
  readonly actorId: string;
}

/**
 * At which entries a history stops: at most about `most` of them spread evenly over the edits, the last one always, and besides
 * the last entry at or before each of `cuts` (ordinals of versions) and each of `times` (when something happened beside the
 * draft). With few edits every one is a stop.
 * @param entries updates by rising ordinal
 * @returns places in `entries`, rising
 */
export function stopsOf(entries: readonly EntryHead[], most: number, cuts: readonly number[], times: readonly number[]): number[] {
  const stops = new Set<number>();
  const step = Math.max(1, entries.length / Math.max(1, most));
  for (let at = step; at < entries.length + step; at += step) stops.add(Math.min(entries.length, Math.round(at)) - 1);
  for (const ordinal of cuts) stops.add(lastBefore(entries, (entry) => entry.ordinal <= ordinal));
  for (const time of times) stops.add(lastBefore(entries, (entry) => entry.at <= time));
  stops.delete(-1);
  return [...stops].sort((a, b) => a - b);
}

/** Place of the last entry for which `holds`, which holds for the first ones and no later ones; -1 for none. */
function lastBefore(entries: readonly EntryHead[], holds: (entry: EntryHead) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(entries[middle] as EntryHead)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
