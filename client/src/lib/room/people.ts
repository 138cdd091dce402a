import type { PersonView } from '#shared/protocol/messages.ts';

export type People = ReadonlyMap<string, PersonView>;

export const noPeople: People = new Map();

/** Whom a person speaks for and where he comes from, in one short line; empty for who has no labels. */
export function labelsOf(person: PersonView | undefined): string {
  return [person?.sector, person?.organisation].filter((word) => word !== undefined && word !== '').join(' · ');
}

/** The people with more of them named; the same object where there are none. */
export function withPeople(people: People, more: readonly PersonView[]): People {
  return more.length === 0 ? people : new Map([...people, ...more.map((person) => [person.id, person] as const)]);
}
