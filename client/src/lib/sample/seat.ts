/** Name of the query parameter that says which seat of a sample room a page or a request is for. */
export const seatQuery = 'seat';

/** The seat of a sample room this page shows, or null for every other page. Asked where it is needed: the address tells. */
export function seatOfPage(): string | null {
  return typeof location === 'undefined' ? null : seatIn(location.search);
}

/** The seat an address names. `search` is the query of the address, with its question mark. */
export function seatIn(search: string): string | null {
  const seat = new URLSearchParams(search).get(seatQuery);
  return seat !== null && /^[a-z]{1,20}$/.test(seat) ? seat : null;
}

/** A path of the API, asked for in the name of a seat. */
export function forSeat(path: string, seat: string | null): string {
  if (seat === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${seatQuery}=${seat}`;
}
