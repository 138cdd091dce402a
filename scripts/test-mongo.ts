/*
 * The store's contract and every other test that needs a MongoDB (`mongo.test.ts`, `*.mongo.test.ts`), on the server that MONGODB_URL
 * names, else a mongod of the path, else FerretDB. Names the server, and ends with the line that counts the run.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runWithMongo } from './mongo-run.ts';
import { closingLine, vitestOutcome, withExitCode, type VitestReport } from './outcome.ts';
import { root } from './setup.mjs';

const report = join(root, 'test-results', 'mongo.json');
rmSync(report, { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const { code, missing } = await runWithMongo('vitest', ['run', ...reporters, 'mongo.test.ts', ...process.argv.slice(2)], {
  runWithout: false,
});
if (missing !== null) {
  console.log(`skipped: the tests on MongoDB (${missing})`);
  console.log(`\n${closingLine({ passed: 0, failed: 0, skipped: 1 })}`);
} else {
  const found = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as VitestReport) : undefined;
  const outcome = withExitCode(found && vitestOutcome(found), code);
  for (const { assertionResults } of found?.testResults ?? []) {
    for (const { status, fullName } of assertionResults)
      if (status !== 'passed' && status !== 'failed') console.log(`skipped: ${fullName}`);
  }
  console.log(`\n${closingLine(outcome)}`);
  process.exitCode = outcome.failed > 0 ? 1 : 0;
}
