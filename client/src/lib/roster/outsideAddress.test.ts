import { expect, test } from 'vitest';
import { apiWith } from '../api/client.ts';
import { outsideAddress } from './outsideAddress.ts';

const knowing = (...addresses: string[]) => apiWith(() => Promise.resolve(new Response(JSON.stringify({ addresses }))));

test('[LAN3] on this very computer the address of the network is shown, since nobody else can open localhost', async () => {
  const own = new URL('http://localhost:3000/rooms/x');
  expect(await outsideAddress(knowing('http://192.168.1.5:3000'), own)).toEqual({ all: ['http://192.168.1.5:3000'], alone: false });
  expect(await outsideAddress(knowing(), own)).toEqual({ all: ['http://localhost:3000'], alone: true });
});

test('[LAN3] an address that one reaches from elsewhere is the one that is shown', async () => {
  const own = new URL('http://hall.test:3000/');
  expect(await outsideAddress(knowing('http://192.168.1.5:3000'), own)).toEqual({
    all: ['http://hall.test:3000', 'http://192.168.1.5:3000'],
    alone: false,
  });
  const unplugged = apiWith(() => Promise.reject(new TypeError()));
  expect(await outsideAddress(unplugged, own)).toEqual({ all: ['http://hall.test:3000'], alone: false });
});
