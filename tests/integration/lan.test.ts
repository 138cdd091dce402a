import { request } from 'node:http';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '#server/config.ts';
import type { AddressesView } from '#shared/protocol/messages.ts';
import { administrator } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';

/** Asks over loopback under another name, as a phone in the hall would over the network. */
function statusUnder(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/api/limits', headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('[LAN1] --lan opens the server to the network, says so with a warning, and shows the address and its code', async () => {
  const server = await ServerProcess.start({ env: { LAN: '1' } });
  try {
    const ana = await administrator(server.url, server.setupSecret);
    const { addresses } = await ana.ok<AddressesView>('GET', '/api/addresses');
    expect(server.output).toContain('The connection is not encrypted');
    const name = hostname().toLowerCase();
    expect(await statusUnder(server.port, `${name}:${server.port}`)).toBe(200);
    expect(await statusUnder(server.port, `evil.test:${server.port}`)).toBe(421);
    for (const address of addresses) {
      expect(server.output).toContain(address);
      expect(await statusUnder(server.port, new URL(address).host), address).toBe(200);
    }
    // A code of half blocks stands below the first address; a machine without a network says so instead.
    expect(/[▀▄█]{10}/.test(server.output)).toBe(addresses.length > 0);
    if (addresses.length === 0) expect(server.output).toContain('in no network');
  } finally {
    await server.dispose();
  }
});

test('[LAN2] without --lan the server answers to no other name, and tells no address', async () => {
  const server = await ServerProcess.start();
  try {
    const ana = await administrator(server.url, server.setupSecret);
    expect(await ana.ok('GET', '/api/addresses')).toEqual({ addresses: [] });
    expect(await statusUnder(server.port, `${hostname().toLowerCase()}:${server.port}`)).toBe(421);
    expect(server.output).not.toContain('not encrypted');
  } finally {
    await server.dispose();
  }
});

test('[LAN1] the word behind npm start is the setting, a wrong one is told, and HOST still decides where to listen', () => {
  expect(readConfig({}, ['--lan'])).toMatchObject({ lan: true, host: undefined });
  expect(readConfig({ LAN: '1' })).toMatchObject({ lan: true, host: undefined });
  expect(readConfig({ LAN: '1', HOST: '192.168.1.5' })).toMatchObject({ lan: true, host: '192.168.1.5' });
  expect(readConfig({})).toMatchObject({ lan: false, host: '127.0.0.1' });
  expect(() => readConfig({}, ['--land'])).toThrow(ConfigError);
});
