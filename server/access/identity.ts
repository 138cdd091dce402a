/** Who a connection or request belongs to. `principal` names an account or a guest; null is a stranger. */
export interface Identity {
  readonly principal: string | null;
  readonly kind: 'account' | 'guest' | 'stranger';
  readonly via: 'cookie' | 'token' | 'none';
  readonly sessionId: string | null;
  /** The personal link that made this sign-in, if one did. */
  readonly linkId: string | null;
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
  displayName: null,
  admin: false,
  scopes: [],
};

/** What a program's token may be allowed. A cookie may do all that its owner may. */
export const scopes = ['read', 'write'] as const;

export function hasScope(identity: Identity, scope: (typeof scopes)[number]): boolean {
  return identity.via !== 'token' || identity.scopes.includes(scope);
}
