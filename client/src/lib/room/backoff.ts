const BASE_MS = 500;
const MOST_MS = 30_000;

/**
 * How long to wait before attempt n (from 0) to connect again, in milliseconds: anywhere between nothing and a bound that
 * doubles up to 30 s, so that a hall full of people does not come back in one instant. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  return Math.floor(random * Math.min(MOST_MS, BASE_MS * 2 ** Math.min(attempt, 16)));
}

/** How long to wait, in milliseconds, where a server that goes down asked for a spread of `within`: it is not believed for ever. */
export function spreadMs(within: number, random: number): number {
  return Math.floor(random * Math.min(MOST_MS, within));
}
