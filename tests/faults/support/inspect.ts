import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { examine } from '#server/doctor/examine.ts';
import { openDiskFiles } from '#server/files/diskFiles.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { findingWords } from '#shared/protocol/findingWords.ts';

/**
 * What is wrong with an installation on disk, in sentences; nothing, where all holds or its store is elsewhere. Looks at the file itself, not through a server:
 * SQLite's own check of it, then everything that `npm run doctor` looks at (both logs of every room: dense, chained, folding; indexes,
 * saved states, records, files).
 */
export async function inspect(dataDir: string): Promise<readonly string[]> {
  const file = path.join(dataDir, 'shangliang.db');
  if (!existsSync(file)) return [];
  const wrong: string[] = [];
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const { integrity_check: answer } = database.prepare('PRAGMA integrity_check').get() as { integrity_check: string };
    if (answer !== 'ok') wrong.push(`integrity_check: ${answer}`);
    if (database.prepare('PRAGMA foreign_key_check').all().length > 0) wrong.push('foreign_key_check found rows');
  } finally {
    database.close();
  }
  const inspection = inspectSqlite(file);
  const folder = path.join(dataDir, 'files');
  try {
    const { findings } = await examine(inspection, existsSync(folder) ? await openDiskFiles(folder) : null);
    wrong.push(...findings.map((finding) => findingWords(finding, 'en')));
  } finally {
    await inspection.close();
  }
  return wrong;
}
