import type { Outcome } from '#shared/domain/outcome.ts';

/** The four numbers of a room, in the order they are shown in. */
export const countKinds = ['people', 'participations', 'comments', 'suggestions'] as const;
export type CountKind = (typeof countKinds)[number];

/** How many rows stand behind a number. */
export function countOf(outcome: Outcome, kind: CountKind): number {
  return outcome[kind].length;
}
