import type { ErasedAs, ErasedText } from '#shared/domain/erasing/events.ts';
import type { Capability } from '#shared/domain/participants/roles.ts';

/** What a person needs who erases his own text, by what it is. */
const ownNeeds: Readonly<Record<ErasedText['kind'], Capability>> = {
  comment: 'comment:withdraw',
  suggestion: 'suggestion:gather',
  file: 'file:manage',
};

export interface Eraser {
  /** The participant, or null for who has no seat. */
  readonly me: string | null;
  readonly administrator: boolean;
  may(capability: Capability): boolean;
}

/** In which capacity this viewer may erase something of these authors, or null where he may not. The server asks the same again. */
export function wayToErase(
  kind: ErasedText['kind'],
  authors: readonly (string | null)[],
  { me, administrator, may }: Eraser,
): ErasedAs | null {
  if (me !== null && authors.includes(me) && (may(ownNeeds[kind]) || may('text:erase'))) return 'author';
  if (me !== null && may('text:erase')) return 'moderator';
  return administrator ? 'administrator' : null;
}
