import { expect, test } from 'vitest';
import { localNetwork } from './localNetwork.ts';
import { hostKnown, originAllowed } from './origins.ts';

const cards = {
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true } as const],
  docker0: [{ address: '172.17.0.1', family: 'IPv4', internal: false } as const],
  wlan0: [
    { address: '192.168.1.23', family: 'IPv4', internal: false } as const,
    { address: 'fd00::23', family: 'IPv6', internal: false } as const,
    { address: 'fe80::1', family: 'IPv6', internal: false } as const,
  ],
  eth1: [{ address: '169.254.3.3', family: 'IPv4', internal: false } as const],
};

const network = localNetwork(
  () => 0,
  () => cards,
  () => 'Podium',
);

test('[LAN1] the address told to people is the one of the hall, not of a container or of a card without a network', () => {
  expect(network.addresses()).toEqual(['192.168.1.23', '172.17.0.1']);
  const only6 = localNetwork(
    () => 0,
    () => ({ eth0: [{ address: 'fd00::1', family: 'IPv6', internal: false } as const] }),
    () => '',
  );
  expect(only6.addresses()).toEqual(['[fd00::1]']);
});

test('[LAN1] a network that comes while the server runs is known soon', () => {
  let at = 0;
  let here: Record<string, (typeof cards)['wlan0']> = {};
  const changing = localNetwork(
    () => at,
    () => here,
    () => '',
  );
  expect(changing.addresses()).toEqual([]);
  here = { wlan0: cards.wlan0 };
  at = 10_000;
  expect(changing.addresses()).toEqual(['192.168.1.23']);
});

const policy = { publicUrl: null, allowedHosts: [], ownHosts: () => network.hosts() };

test.each(['192.168.1.23:3000', 'podium:3000', 'PODIUM.local:3000', '[fd00::23]:3000', 'localhost:3000'])(
  '[LAN2] %s is this machine',
  (host) => {
    expect(hostKnown({ headers: { host } }, policy)).toBe(true);
    expect(originAllowed({ headers: { host, origin: `http://${host}` } }, policy)).toBe(true);
    expect(originAllowed({ headers: { host, origin: 'http://evil.test' } }, policy)).toBe(false);
  },
);

test.each(['192.168.1.24:3000', 'evil.test:3000', 'podium.evil.test:3000', '[fd00::24]:3000'])('[LAN2] %s is not', (host) => {
  expect(hostKnown({ headers: { host } }, policy)).toBe(false);
});

test('[LAN2] without --lan only loopback is', () => {
  expect(hostKnown({ headers: { host: '192.168.1.23:3000' } }, { publicUrl: null, allowedHosts: [] })).toBe(false);
});
