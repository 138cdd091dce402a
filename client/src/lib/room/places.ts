/** The places of a room, in the order of the bar on a phone. */
export const places = ['people', 'text', 'discussion', 'suggestions', 'record', 'remote'] as const;
export type Place = (typeof places)[number];

/** How many places stand side by side: one on a phone, the text and one more in between, three on a wide screen. */
export type Layout = 'one' | 'two' | 'three';

export function layoutOf(wide: boolean, phone: boolean): Layout {
  return phone ? 'one' : wide ? 'three' : 'two';
}

/** What the bar on a phone offers: five places. Who steers has the remote there, and the record within it. */
export function barOf(steers: boolean): readonly Place[] {
  return places.filter((place) => place !== (steers ? 'record' : 'remote'));
}

/** What the pane beside the text shows: never the text itself, and on a wide screen not the people, who have their own place. */
export function besideOf(place: Place, layout: Layout): Exclude<Place, 'text' | 'remote'> {
  if (place === 'text' || place === 'remote' || (place === 'people' && layout === 'three')) return 'discussion';
  return place;
}
