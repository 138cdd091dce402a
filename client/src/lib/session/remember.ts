const yearSeconds = 365 * 24 * 60 * 60;

/** Remembers a choice of the interface on this device for a year, where the server can read it before it draws the page. */
export function rememberChoice(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${yearSeconds}; samesite=lax`;
}
