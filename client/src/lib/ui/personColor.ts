const COLORS = 8;
let seats: ReadonlyMap<string, number> = new Map();

/**
 * Gives the people of a room their colours in the order in which they came, which is the same on every screen: no two of the
 * first eight share one.
 * @param ids participant ids of the room that is shown, all of them
 */
export function seatPeople(ids: Iterable<string>): void {
  seats = new Map([...ids].map((id, index) => [id, index]));
}

/**
 * The colour of a person: 1 to 8, for `var(--p1)` to `var(--p8)`. The same id has the same colour on every screen.
 * @param id participant id; one that has no seat in the room gets a colour that follows from the id
 */
export function personColor(id: string): number {
  const seat = seats.get(id);
  if (seat !== undefined) return seatColor(seat);
  // FNV-1a, since neighbouring ids should not get neighbouring colours.
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash >>> 0) % COLORS) + 1;
}

/** The colour of the person who came as the `seat`th into a room, from 0: what `personColor` says once the room's people are seated. */
export function seatColor(seat: number): number {
  return (seat % COLORS) + 1;
}

/**
 * What stands in an avatar: the last character of a Chinese name, the first letter of any other. What stands in brackets behind
 * the name, and what stands before a dot (a sector, an organisation), does not count; a single letter at the end does.
 */
export function initialOf(displayName: string): string {
  const name =
    displayName
      .replace(/\s*[（(][^（()）]*[)）]\s*$/u, '')
      .split('·')
      .at(-1)
      ?.trim() ?? '';
  const characters = [...(name === '' ? displayName.trim() : name)];
  const last = characters.at(-1);
  if (last === undefined) return '·';
  if (/\p{Script=Han}/u.test(last) || / \p{L}$/u.test(name)) return last;
  return (characters[0] ?? last).toUpperCase();
}
