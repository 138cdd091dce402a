import type { Rejection } from '#shared/domain/rejections.ts';

/**
 * Who a connection or request belongs to. `principal` names an account, a guest, or one participant of one room (who came by a
 * personal link); null is a stranger.
 */
export interface Identity {
  readonly principal: string | null;
  readonly kind: 'account' | 'guest' | 'participant' | 'stranger';
  readonly via: 'cookie' | 'token' | 'none';
  readonly sessionId: string | null;
  /** The personal link that made this sign-in, if one did. */
  readonly linkId: string | null;
  /** The only room this sign-in counts in; null where it counts wherever its owner does. */
  readonly roomId: string | null;
  readonly displayName: string | null;
  readonly admin: boolean;
  readonly scopes: readonly string[];
}

export const stranger: Identity = {
  principal: null,
  kind: 'stranger',
  via: 'none',
  sessionId: null,
  linkId: null,
  roomId: null,
  displayName: null,
  admin: false,
  scopes: [],
};

/** How the principal of a sign-in begins that a personal link made; the rest is the participant's id. */
const participantPrefix = 'participant:';

/** The principal of a participant's personal link. */
export function participantPrincipal(participantId: string): string {
  return participantPrefix + participantId;
}

/** The participant that a principal of `participantPrincipal` names. */
export function participantOf(principal: string): string {
  return principal.slice(participantPrefix.length);
}

/** Whether this is a sign-in of another room: in this one it is nobody's. */
export function countsElsewhere(identity: Pick<Identity, 'roomId'>, roomId: string): boolean {
  return identity.roomId !== null && identity.roomId !== roomId;
}

/** A refusal as this person is told it: who came by a personal link is signed in, only not for this. */
export function toldTo(identity: Pick<Identity, 'kind'>, rejection: Rejection): Rejection {
  return identity.kind === 'participant' && rejection.code === 'signInNeeded' ? { code: 'linkRoomOnly' } : rejection;
}

/** What a program's token may be allowed. A cookie may do all that its owner may. */
export const scopes = ['read', 'write'] as const;

export function hasScope(identity: Identity, scope: (typeof scopes)[number]): boolean {
  return identity.via !== 'token' || identity.scopes.includes(scope);
}
