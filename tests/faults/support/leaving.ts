import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { quickFolder } from '../model/places.ts';
import type { Row, Scale } from '../row.ts';

/** No test of ours, but one that the harness is tried with: it finds nothing wrong, and leaves what its seed says: 0 nothing at all, 1 a sound store, 2 a damaged one. */
export async function run(_scale: Scale, seed: number): Promise<Row> {
  if (seed > 0) {
    const { folder, remove } = await quickFolder('leaving');
    const file = path.join(folder, 'shangliang.db');
    await (await openSqlite({ file })).close();
    if (seed > 1) {
      const database = new DatabaseSync(file);
      database.exec('DROP INDEX commits_by_command');
      database.close();
    }
    await remove();
  }
  return { test: 'T0', seed, done: 'nothing', lost: 0, doubled: 0, stallMs: null, memoryMb: null, passed: true, notes: '' };
}
