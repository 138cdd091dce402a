import { api } from '../api/client.ts';
import type { Refusal } from '../api/refusal.ts';

/** Ends the session here, or on all devices. Gives why that did not work, or null. Having no session is what was wanted. */
export async function signOut(where: 'here' | 'everywhere' = 'here'): Promise<Refusal | null> {
  const ended = await api.delete(where === 'here' ? '/api/session' : '/api/sessions');
  return ended.ok || ended.rejection.code === 'signInNeeded' ? null : ended.rejection;
}
