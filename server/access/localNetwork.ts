import { hostname, networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';

/** What this machine is called on the local network. */
export interface LocalNetwork {
  /** Host names and addresses a browser in the same network may reach it under, as they stand in a `Host` header without port. */
  hosts(): readonly string[];
  /** IPv4 addresses to tell people, the likeliest first; IPv6 only where there is no other. */
  addresses(): readonly string[];
}

type Interfaces = Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[] | undefined>>;

/** How long the answer of the system is used: a phone's hotspot may come and go while the server runs. */
const LOOK_MS = 5_000;
/** Networks of containers and virtual machines: nobody in the hall is in them. */
const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|utun|tun|tap|wg|tailscale|cni|flannel)/i;

/** Reads the system's network interfaces, at most every few seconds. `now` in milliseconds; the other two are the system's unless given. */
export function localNetwork(now: () => number, read: () => Interfaces = networkInterfaces, name: () => string = hostname): LocalNetwork {
  let looked = { at: Number.NEGATIVE_INFINITY, hosts: [] as readonly string[], addresses: [] as readonly string[] };
  const look = () => {
    if (now() - looked.at < LOOK_MS && now() >= looked.at) return looked;
    const found = Object.entries(read()).flatMap(([card, list]) => (list ?? []).map((entry) => ({ card, ...entry })));
    const outside = found.filter(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address));
    const called = name().toLowerCase();
    const names = called === '' ? [] : [called, ...(called.includes('.') ? [] : [`${called}.local`])];
    const hosts = [...found.map(({ family, address }) => (family === 'IPv6' ? `[${address}]` : address)), ...names];
    const v4 = outside.filter(({ family }) => family === 'IPv4').sort((one, other) => rank(one) - rank(other));
    const v6 = outside.filter(({ family }) => family === 'IPv6').map(({ address }) => `[${address}]`);
    looked = { at: now(), hosts, addresses: v4.length > 0 ? v4.map(({ address }) => address) : v6 };
    return looked;
  };
  return { hosts: () => look().hosts, addresses: () => look().addresses };
}

/** A hall's Wi-Fi gives addresses that are private; home networks begin with 192.168. */
function rank({ card, address }: { readonly card: string; readonly address: string }): number {
  if (virtual.test(card)) return 4;
  if (address.startsWith('192.168.')) return 0;
  if (address.startsWith('10.')) return 1;
  return /^172\.(1[6-9]|2\d|3[01])\./.test(address) ? 2 : 3;
}
