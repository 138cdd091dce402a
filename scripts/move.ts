import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { examine } from '../server/doctor/examine.ts';
import type { Files } from '../server/files/ports.ts';
import { contentsDigest, copyStore } from '../server/store/copyStore.ts';
import type { Inspection } from '../server/store/inspection.ts';
import { inspectMongo } from '../server/store/mongo/inspectMongo.ts';
import { openStore } from '../server/store/open.ts';
import { openFiles } from '../server/store/openFiles.ts';
import { inspectSqlite } from '../server/store/sqlite/inspectSqlite.ts';
import { findingWords } from '../shared/protocol/findingWords.ts';

const usage = `
  npm run move -- --from data --to mongodb://127.0.0.1/shangliang       a folder with SQLite into a MongoDB
  npm run move -- --from mongodb://127.0.0.1/shangliang --to data2      and back

  Copies a whole installation into an empty one: both logs, saved states, accounts and other records, background files. Stop the
  server first. The source is looked at before, the target afterwards, and the two must have the same hash. The source stays as it
  is. Keys (secret.key, checkpoint.key) lie in the data folder and are not moved: keep using the same ones.
  A MongoDB that is a single server is accepted with MONGODB_STANDALONE=1.
`;

type Place = { readonly mongoUrl: string } | { readonly dataDir: string };
const placeOf = (given: string): Place => (/^mongodb(\+srv)?:/.test(given) ? { mongoUrl: given } : { dataDir: given });
const mongoStandalone = process.env['MONGODB_STANDALONE'] === '1';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help || values.from === undefined || values.to === undefined) {
    say(usage);
    if (!values.help) process.exitCode = 1;
    return;
  }
  const from = placeOf(values.from);
  const to = placeOf(values.to);
  const source = await inspect(from);
  const sourceFiles = await filesOf(from);
  const target = await openStore({ dataDir: 'unused', mongoStandalone, ...to });
  const targetFiles = await filesOf(to);
  try {
    await mustBeSound(source, sourceFiles);
    let said = 0;
    await copyStore(source, target, (things) => {
      if (things - said >= 5_000) say(`  ${(said = things)} entries and records ...`);
    });
    say(`  ${await copyFiles(sourceFiles, targetFiles)} background files`);
  } finally {
    await target.close();
  }
  const arrived = await inspect(to);
  try {
    const digest = await contentsDigest(source);
    if ((await contentsDigest(arrived)) !== digest) {
      throw new Error(
        'The two do not hold the same: somebody wrote meanwhile, or something was changed on its way. Throw the target away.',
      );
    }
    await mustBeSound(arrived, targetFiles);
    say(`  moved: ${source.description}\n     to: ${arrived.description}\n  Both hold the same (${digest}).`);
  } finally {
    await Promise.all([source.close(), arrived.close(), sourceFiles.close(), targetFiles.close()]);
  }
}

function inspect(place: Place): Promise<Inspection> | Inspection {
  if ('mongoUrl' in place) return inspectMongo({ url: place.mongoUrl, allowStandalone: mongoStandalone });
  return inspectSqlite(path.join(place.dataDir, 'shangliang.db'));
}

function filesOf(place: Place): Promise<Files> {
  return openFiles({ dataDir: 'unused', mongoStandalone, ...place });
}

async function mustBeSound(inspection: Inspection, files: Files): Promise<void> {
  const [first] = (await examine(inspection, files)).findings;
  if (first !== undefined) throw new Error(`${inspection.description}: ${findingWords(first, 'en')}`);
}

async function copyFiles(from: Files, to: Files): Promise<number> {
  let copied = 0;
  for (let after = ''; ;) {
    const contents = await from.list(after, 200);
    for (const { sha256 } of contents) {
      const found = await from.get(sha256);
      if (found === null) continue;
      await to.put(sha256, () => found.content);
      copied += 1;
    }
    const last = contents.at(-1);
    if (last === undefined || contents.length < 200) return copied;
    after = last.sha256;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exit(1);
});
