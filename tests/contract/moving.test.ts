import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '#server/doctor/examine.ts';
import { contentsDigest, copyStore } from '#server/store/copyStore.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import type { Recorded } from '../support/recordedRoom.ts';
import { recordedRoom } from '../support/recordedRoom.ts';
import { newSqlitePlace } from './places.ts';

let recorded: Recorded;
let digest: string;

beforeAll(async () => {
  recorded = await recordedRoom();
  const source = inspectSqlite(recorded.file);
  digest = await contentsDigest(source);
  await source.close();
});
afterAll(() => recorded.installation.dispose());

test('[TRU7] an installation moves into an empty store with the same hash, and into no other', async () => {
  const place = await newSqlitePlace();
  const target = await place.open();
  const source = inspectSqlite(recorded.file);
  let things = 0;
  await copyStore(source, target, (so) => (things = so));
  expect(things).toBeGreaterThan(15);
  await expect(copyStore(source, target, () => undefined)).rejects.toThrow('holds an installation already');
  const arrived = inspectSqlite(place.file);
  expect(await contentsDigest(arrived)).toBe(digest);
  expect((await examine(arrived, null)).findings).toEqual([]);
  await target.records.remove('person', 'r1-ben');
  expect(await contentsDigest(arrived)).not.toBe(digest);
  await arrived.close();
  await source.close();
  await place.remove();
});
