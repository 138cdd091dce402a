import type { Me } from '#shared/protocol/messages.ts';
import type { Api } from '../api/client.ts';

/** Who one is while the server cannot say: nobody, on an installation that is taken to be set up. */
export const nobody: Me = { account: null, guest: null, onlyRoom: null, setUp: true };

/** Who is signed in, for load functions. `reachable` is false where the API gave no answer. */
export async function loadMe(api: Api): Promise<{ me: Me; reachable: boolean }> {
  const answer = await api.get<Me>('/api/me');
  return answer.ok ? { me: answer.value, reachable: true } : { me: nobody, reachable: false };
}

/** The name one is known by here, or null. */
export function nameOf(me: Me): string | null {
  return me.account?.displayName ?? me.guest?.displayName ?? null;
}
