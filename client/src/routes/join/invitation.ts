import type { InvitationPreview } from '#shared/protocol/messages.ts';
import type { Api } from '../../lib/api/client.ts';
import type { Refusal, Result } from '../../lib/api/refusal.ts';

/** How one may enter a room: with an account one has, with one that is made now, or as a guest. */
export type Way = 'guest' | 'account' | 'signIn';

/** The secret in what was pasted: a whole link, or the secret alone. Null where there is none. */
export function secretIn(pasted: string): string | null {
  const text = pasted.trim();
  const found = /\/join\/?#([\w-]{20,100})$/.exec(text)?.[1] ?? /^([\w-]{20,100})$/.exec(text)?.[1];
  return found ?? null;
}

/** What the link leads to. A secret that cannot be one is told apart from the rest as little as an unknown one. */
export async function previewOf(api: Api, secret: string): Promise<Result<InvitationPreview>> {
  const answer = await api.post<InvitationPreview>('/api/invitations/preview', { secret });
  return !answer.ok && answer.rejection.code === 'malformed' ? { ok: false, rejection: { code: 'linkUnknown' } } : answer;
}

/** Takes the place in the room; with the account one is signed in with, or as a guest with this name. */
export async function enter(api: Api, secret: string, guestName?: string): Promise<Result<{ roomId: string }>> {
  return api.post('/api/invitations/accept', { secret, ...(guestName === undefined ? {} : { guestName }) });
}

/** Refusals about the link itself: another try cannot help. */
export function linkIsDead({ code }: Refusal): boolean {
  return code === 'linkUnknown' || code === 'linkExpired' || code === 'linkRevoked';
}
