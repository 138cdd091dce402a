import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from './open.ts';
import { isNetworkFileSystem } from './sqlite/openSqlite.ts';

test('[ST15] without an address of a MongoDB the store is a file in the data folder, which is made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shangliang-open-'));
  const store = await openStore({ dataDir: join(folder, 'data') });
  expect(store.description).toContain(join(folder, 'data', 'shangliang.db'));
  await store.health();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

test('[ST15] with one it is never the file, even if the address is wrong', async () => {
  await expect(openStore({ mongoUrl: 'postgres://127.0.0.1/', dataDir: '/dev/null' })).rejects.toMatchObject({
    name: 'StoreOpenError',
    message: expect.stringMatching(/^MONGODB_URL is no address of a MongoDB: /) as string,
  });
});

test('[ST13] network file systems are known by their type', () => {
  const [nfs, cifs, ext4, tmpfs] = [0x6969, 0xff534d42, 0xef53, 0x01021994];
  expect([nfs, cifs, ext4, tmpfs].map(isNetworkFileSystem)).toEqual([true, true, false, false]);
});
