import type { AddressesView } from '#shared/protocol/messages.ts';
import type { Api } from '../api/client.ts';

/** Where other people open this installation. `alone`: only this computer does. */
export interface OutsideAddress {
  /** Origins, the likeliest first; never empty. */
  readonly all: readonly string[];
  readonly alone: boolean;
}

/** Whether a host name reaches no further than the computer it is said on. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * What to print and to project. The address one sees oneself is good for others too, unless it is loopback; then what the
 * server knows of the network it is in takes its place.
 */
export async function outsideAddress(api: Api, own: Pick<URL, 'origin' | 'hostname'>): Promise<OutsideAddress> {
  const answer = await api.get<AddressesView>('/api/addresses');
  const known = answer.ok ? answer.value.addresses : [];
  if (!isLoopback(own.hostname)) return { all: [...new Set([own.origin, ...known])], alone: false };
  return known.length > 0 ? { all: known, alone: false } : { all: [own.origin], alone: true };
}
