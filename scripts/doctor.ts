import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Checkpoint } from '../shared/domain/proof/checkpoint.ts';
import { findingWords, remarkWords } from '../shared/protocol/findingWords.ts';
import type { Examination } from '../server/doctor/examine.ts';
import { examine } from '../server/doctor/examine.ts';
import { readRecord } from '../server/doctor/readRecord.ts';
import { openDiskFiles } from '../server/files/diskFiles.ts';
import { openGridFiles } from '../server/store/mongo/gridFiles.ts';
import { inspectMongo } from '../server/store/mongo/inspectMongo.ts';
import { inspectSqlite } from '../server/store/sqlite/inspectSqlite.ts';

const usage = `
  npm run doctor                                the installation of MONGODB_URL, else the one in DATA_DIR (./data)
  npm run doctor -- data/shangliang.db          a database of SQLite, or the folder it lies in; a server may be running on it
  npm run doctor -- mongodb://127.0.0.1/name    a MongoDB (a single server is accepted)

  npm run doctor -- parks.room.jsonl            a room's export file

  Looks at every entry of both logs of every room, at sealed versions, saved states, indexes, records and background files.
  Changes nothing. Ends with 1 if anything is wrong, and names the first entry of each room and draft that does not hold.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    say(usage);
    return;
  }
  const target = positionals[0] ?? process.env['MONGODB_URL'] ?? process.env['DATA_DIR'] ?? 'data';
  if (target.endsWith('.jsonl')) {
    await exportFile(target);
    return;
  }
  const { description, result } = /^mongodb(\+srv)?:/.test(target) ? await mongo(target) : await sqlite(target);
  say(`  ${description}`);
  const { counts, findings, remarks } = result;
  say(
    `  ${counts.rooms} rooms, ${counts.entries} entries, ${counts.texts} texts (${counts.erasedTexts} erased), ${counts.drafts} drafts, ` +
      `${counts.edits} edits (${counts.erasedEdits} erased), ${counts.revisions} sealed versions, ${counts.snapshots} saved states, ` +
      `${counts.records} records, ${counts.files} files`,
  );
  for (const remark of remarks) say(`  note: ${remarkWords(remark)}`);
  for (const finding of findings) say(`  WRONG: ${findingWords(finding, 'en')}`);
  say(findings.length === 0 ? '  Everything holds.' : `  ${findings.length} things are wrong.`);
  if (findings.length > 0) process.exitCode = 1;
}

interface Seen {
  readonly description: string;
  readonly result: Examination;
}

async function exportFile(target: string): Promise<void> {
  const record = await readRecord(createInterface({ input: createReadStream(target), crlfDelay: Infinity }));
  if (!('is' in record)) {
    const { entries, texts, withheldTexts } = record.proof.counts;
    const edits = [...record.drafts.values()].reduce((sum, list) => sum + list.length, 0);
    say(`  ${target}: room ${record.roomId}, as ${record.view} may read it`);
    say(
      `  ${entries} entries, ${texts} texts (${withheldTexts} withheld), ${edits} entries of drafts, ${record.checkpoints.length} signed marks`,
    );
    say('  Everything holds.');
    return;
  }
  say(
    `  WRONG: ${record.is === 'wrong' ? findingWords(record.finding, 'en') : `line ${record.line} is none of this format, or is missing.`}`,
  );
  process.exitCode = 1;
}

async function sqlite(target: string): Promise<Seen> {
  const file = existsSync(target) && statSync(target).isDirectory() ? path.join(target, 'shangliang.db') : target;
  const inspection = inspectSqlite(file);
  const folder = path.join(path.dirname(file), 'files');
  const files = existsSync(folder) ? await openDiskFiles(folder) : null;
  try {
    return { description: inspection.description, result: await examine(inspection, files, keptMarks(path.dirname(file))) };
  } finally {
    await inspection.close();
  }
}

/** Signed marks that were kept beside the database: they outlive its being set back. */
function keptMarks(folder: string): readonly Checkpoint[] {
  const file = path.join(folder, 'checkpoints.jsonl');
  if (!existsSync(file)) return [];
  // The last line may have been cut short by a crash.
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Checkpoint] : []));
}

async function mongo(url: string): Promise<Seen> {
  const inspection = await inspectMongo({ url, allowStandalone: true });
  const files = await openGridFiles({ url, allowStandalone: true });
  try {
    const marks = keptMarks(process.env['DATA_DIR'] ?? 'data');
    return { description: inspection.description, result: await examine(inspection, files, marks) };
  } finally {
    await files.close();
    await inspection.close();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
