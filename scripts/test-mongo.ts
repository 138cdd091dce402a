/*
 * Everything that needs a MongoDB, on the server that MONGODB_URL names, else a mongod of the path, else FerretDB: the store's contract,
 * with kills (`mongo.test.ts`, `*.mongo.test.ts`), and the journeys in a browser that have a form on MongoDB. Names the server, and ends
 * with the line that counts the run.
 *   --store       without the journeys
 *   anything else goes to Vitest, to pick tests, and leaves the journeys out
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './install-chromium.ts';
import type { MongoCommand } from './mongo-run.ts';
import { runWithMongo } from './mongo-run.ts';
import { closingLine, playwrightOutcome, total, vitestOutcome, withExitCode } from './outcome.ts';
import type { Outcome, PlaywrightReport, VitestReport } from './outcome.ts';
import { ensureBuilt, root } from './setup.mjs';

const picked = process.argv.slice(2).filter((word) => word !== '--store');
const storeAlone = process.argv.includes('--store') || picked.length > 0;
const journeys = 'on MongoDB|a database that is gone';
const reports = { store: join(root, 'test-results', 'mongo.json'), journeys: join(root, 'test-results', 'mongo-journeys.json') };
for (const report of Object.values(reports)) rmSync(report, { force: true });

const commands: MongoCommand[] = [
  {
    command: 'vitest',
    // One file after the other: what one makes the server fail at would fail in another too.
    args: [
      'run',
      '--no-file-parallelism',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reports.store}`,
      'mongo.test.ts',
      ...picked,
    ],
  },
];
const browser = storeAlone ? null : await ensureChromium();
if (browser !== null && 'path' in browser) {
  await ensureBuilt();
  const env = { CHROMIUM: browser.path, PLAYWRIGHT_JSON_OUTPUT_FILE: reports.journeys };
  commands.push({ command: 'playwright', args: ['test', '--reporter=list,json', '--grep', journeys], env });
}

const { codes, missing } = await runWithMongo(commands, { runWithout: false });
if (missing !== null) {
  console.log(`skipped: the tests on MongoDB (${missing})`);
  console.log(`\n${closingLine({ passed: 0, failed: 0, skipped: 1 })}`);
} else {
  const found = read<VitestReport>(reports.store);
  const outcomes: Outcome[] = [withExitCode(found && vitestOutcome(found), codes[0] ?? 1)];
  for (const { assertionResults } of found?.testResults ?? []) {
    for (const { status, fullName } of assertionResults)
      if (status !== 'passed' && status !== 'failed') console.log(`skipped: ${fullName}`);
  }
  if (browser !== null && 'missing' in browser) {
    console.log(`skipped: the journeys on MongoDB (${browser.missing})`);
    outcomes.push({ passed: 0, failed: 0, skipped: 1 });
  } else if (codes[1] !== undefined) {
    const played = read<PlaywrightReport>(reports.journeys);
    outcomes.push(withExitCode(played && playwrightOutcome(played), codes[1]));
  }
  const outcome = total(outcomes);
  console.log(`\n${closingLine(outcome)}`);
  process.exitCode = outcome.failed > 0 ? 1 : 0;
}

function read<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}
