import path from 'node:path';
import { examine } from '#server/doctor/examine.ts';
import { openDiskFiles } from '#server/files/diskFiles.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';

/** What the doctor finds in an installation on SQLite that nobody runs any more, or that runs. */
export async function doctorOn(folder: string) {
  const inspection = inspectSqlite(path.join(folder, 'shangliang.db'));
  try {
    return await examine(inspection, await openDiskFiles(path.join(folder, 'files')));
  } finally {
    await inspection.close();
  }
}
