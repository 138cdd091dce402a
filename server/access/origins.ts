import type { IncomingMessage } from 'node:http';

export interface OriginPolicy {
  readonly publicUrl: URL | null;
  readonly allowedHosts: readonly string[];
  /** With `--lan`: what this machine is called on the local network now. */
  readonly ownHosts?: () => readonly string[];
}

/**
 * Host names (without port) this installation answers to: its public address, loopback (the pages ask this process for their
 * data there), what was allowed by name, and with `--lan` this machine's own names and addresses.
 */
function hostAllowed(host: string, policy: OriginPolicy): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (policy.allowedHosts.includes(name)) return true;
  if (policy.publicUrl?.hostname.toLowerCase() === name) return true;
  if (name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name)) return true;
  return policy.ownHosts?.().includes(name) ?? false;
}

/**
 * Whether a request may change something or open a socket: its Host is ours, and its Origin is the page of that same host. A
 * request without an Origin passes only with a bearer token, never with a cookie: a browser always says where it comes from.
 */
export function originAllowed(request: Pick<IncomingMessage, 'headers'>, policy: OriginPolicy): boolean {
  const host = request.headers.host ?? '';
  if (!hostAllowed(host, policy)) return false;
  const origin = request.headers.origin;
  if (origin === undefined) return request.headers.authorization !== undefined && request.headers.cookie === undefined;
  try {
    const from = new URL(origin);
    // Where the public address is https, a page of it that came over plain HTTP may be anybody's.
    if (policy.publicUrl?.protocol === 'https:' && from.hostname === policy.publicUrl.hostname && from.protocol !== 'https:') return false;
    return from.host.toLowerCase() === host.toLowerCase();
  } catch {
    return false;
  }
}

/** Whether a Host header names this installation; asked for every request. */
export function hostKnown(request: Pick<IncomingMessage, 'headers'>, policy: OriginPolicy): boolean {
  return hostAllowed(request.headers.host ?? '', policy);
}
