import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from '../store/sqlite/openSqlite.ts';
import { Invitations } from './invitations.ts';

const day = 24 * 60 * 60 * 1000;

test('[ST10] links that ran out are told so for half a year, and then swept', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'shangliang-sweep-'));
  const store = await openSqlite({ file: path.join(folder, 'x.db') });
  let now = 1_790_000_000_000;
  const invitations = new Invitations(store.records, () => now);
  const made = await invitations.create('r1', 'member', '', 1, 'ana', 10);
  if (!made.ok) throw new Error('no link');
  now += 180 * day;
  expect(await invitations.sweep()).toBe(0);
  expect(await invitations.follow(made.value.secret)).toMatchObject({ rejection: { code: 'linkExpired' } });
  now += day;
  expect(await invitations.sweep()).toBe(1);
  expect(await invitations.follow(made.value.secret)).toMatchObject({ rejection: { code: 'linkUnknown' } });
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
