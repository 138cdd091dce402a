/**
 * Marks a branch the types rule out. A forgotten case no longer compiles, and data from a newer version
 * (which types cannot rule out) falls back instead of throwing.
 */
export function unreachable<T>(_: never, fallback: T): T {
  return fallback;
}
