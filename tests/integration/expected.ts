import { kinds } from './house.ts';
import type { Kind } from './house.ts';

/** What each kind of person gets: `ok`, or the code of the refusal. */
export type Expected = Readonly<Record<Kind, string>>;

export function everybody(outcome: string, others: Partial<Expected> = {}): Expected {
  // By a personal link one is in its room what its participant is, and in others what an outsider is.
  const toldAs = (code: string): string => (code === 'signInNeeded' ? 'linkRoomOnly' : code);
  const byLink = { linked: toldAs(others.member ?? outcome), linkedElsewhere: toldAs(others.outsider ?? outcome) };
  return { ...(Object.fromEntries(kinds.map((kind) => [kind, outcome])) as Record<Kind, string>), ...byLink, ...others };
}

export const needsRead = { writer: 'notAllowed' } as const;
export const needsWrite = { reader: 'notAllowed' } as const;
export const needsSignIn = { stranger: 'signInNeeded', ended: 'signInNeeded' } as const;
export const needsAccount = { ...needsSignIn, guest: 'signInNeeded', linked: 'linkRoomOnly', linkedElsewhere: 'linkRoomOnly' } as const;
/** To whom a private room is not there. */
export const unseen = {
  stranger: 'notFound',
  ended: 'notFound',
  outsider: 'notFound',
  linkedElsewhere: 'linkRoomOnly',
  removed: 'removed',
} as const;
export const no = 'notAllowed';
/** Whose role does not invite. */
export const invitesNot = { ...unseen, ...needsSignIn, guest: no, observer: no, member: no, muted: no } as const;
