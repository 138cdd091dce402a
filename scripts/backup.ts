import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, openSync, fsyncSync, closeSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { backup } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { findingWords } from '../shared/protocol/findingWords.ts';
import { examine } from '../server/doctor/examine.ts';
import { openDiskFiles } from '../server/files/diskFiles.ts';
import { openConnection } from '../server/store/sqlite/connection.ts';
import { inspectSqlite } from '../server/store/sqlite/inspectSqlite.ts';

const usage = `
  npm run backup -- backups/2026-11-24/shangliang.db          of the installation in DATA_DIR (./data); --data names another

  Copies the database while the server runs, and the background files into the folder beside the copy (those that are there
  already are not copied again). The copy is then looked at like by \`npm run doctor\`. It appears under its name only when it is whole.
  Not in it: secret.key and checkpoint.key. Keep them elsewhere; a restored installation needs them.

  To restore: stop the server, put the copy in place of data/shangliang.db, remove data/shangliang.db-wal and -shm, put the files
  back, start. A MongoDB is copied with mongodump; see docs/OPERATIONS.md.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  const [target] = positionals;
  if (values.help || target === undefined) {
    say(usage);
    if (!values.help) process.exitCode = 1;
    return;
  }
  if (existsSync(target)) throw new Error(`${target} is there already; name a new file.`);
  const dataDir = values.data ?? process.env['DATA_DIR'] ?? 'data';
  const folder = path.dirname(path.resolve(target));
  mkdirSync(folder, { recursive: true });
  const part = `${path.resolve(target)}.part`;
  rmSync(part, { force: true });
  const source = openConnection(path.join(dataDir, 'shangliang.db'), { readOnly: true });
  try {
    await backup(source, part);
  } finally {
    source.close();
  }
  synced(part);
  // The database first: what it names is stored before it is named.
  const copied = copyFiles(path.join(dataDir, 'files'), path.join(folder, 'files'));
  const inspection = inspectSqlite(part);
  const { counts, findings } = await examine(inspection, await openDiskFiles(path.join(folder, 'files')));
  await inspection.close();
  for (const finding of findings) say(`  WRONG: ${findingWords(finding, 'en')}`);
  if (findings.length > 0) process.exitCode = 1;
  for (const rest of ['-wal', '-shm']) rmSync(`${part}${rest}`, { force: true });
  renameSync(part, target);
  synced(folder);
  say(
    `  ${target}: ${counts.rooms} rooms, ${counts.entries} entries, ${counts.edits} edits, ${counts.records} records, ${copied} new files`,
  );
}

/** Copies contents that are not there yet; gives how many. */
function copyFiles(from: string, to: string): number {
  let copied = 0;
  if (!existsSync(from)) return 0;
  for (const shelf of readdirSync(from).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    mkdirSync(path.join(to, shelf), { recursive: true });
    for (const name of readdirSync(path.join(from, shelf)).filter((file) => /^[0-9a-f]{64}$/.test(file))) {
      const place = path.join(to, shelf, name);
      if (existsSync(place) && statSync(place).size === statSync(path.join(from, shelf, name)).size) continue;
      copyFileSync(path.join(from, shelf, name), place);
      synced(place);
      copied += 1;
    }
  }
  return copied;
}

function synced(place: string): void {
  const handle = openSync(place, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
