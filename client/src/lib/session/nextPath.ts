/**
 * Where to go after signing in: a path of this very site, or null for anything else, so that a link cannot lead away.
 * @param next the `next` parameter of the address
 */
export function safeNext(next: string | null): string | null {
  return next !== null && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : null;
}

/** The address of the sign-in page that comes back to `next`. */
export function signInPath(next: string): string {
  return `/sign-in?next=${encodeURIComponent(next)}`;
}
