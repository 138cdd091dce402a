/*
 * Everything that is checked, in one command: `npm test` runs all of it, `npm run check` the part that runs nothing of ours.
 *   --only a,b   these steps alone (their names are in the table at the end of every run)
 *   anything else goes to Vitest and Playwright, to pick tests: npm test -- --only unit shared/domain
 *   --nightly    the same steps with NIGHTLY=1, which makes slow tests take their full length, and the fault tests at full length
 * Every step runs, also after a failure, so that one run shows all there is to mend. The last line counts the run.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { auditVerdict } from './audit.ts';
import { budgetTable, pageCosts } from './budget.ts';
import { ensureChromium } from './install-chromium.ts';
import { lockComplaints, sqliteComplaints, type Lock, type Manifest } from './lock.ts';
import { closingLine, lastClosingLine, playwrightOutcome, total, vitestOutcome, withExitCode, type Outcome } from './outcome.ts';
import type { PlaywrightReport, VitestReport } from './outcome.ts';
import { capture, childEnv, ensureBuilt, npmCommand, root, SetupFailure } from './setup.mjs';

interface Step {
  name: string;
  /** Silent steps run two at a time and speak only when they fail; the others own the terminal while they run. */
  silent: boolean;
  run: () => Promise<Outcome>;
}

interface Result extends Outcome {
  name: string;
  elapsedMs: number;
}

const steps: readonly Step[] = [
  { name: 'format', silent: true, run: () => tool(['prettier', '--check', '--log-level', 'warn', '.']) },
  { name: 'lint', silent: true, run: () => tool(['eslint', '.']) },
  { name: 'types', silent: true, run: types },
  { name: 'arrows', silent: true, run: () => tool(['depcruise', ...folders('server', 'shared', 'scripts', 'tests', 'client/src')]) },
  { name: 'lock', silent: true, run: checkLock },
  { name: 'build', silent: true, run: build },
  { name: 'audit', silent: false, run: audit },
  { name: 'unit', silent: false, run: unitTests },
  { name: 'mongo', silent: false, run: mongoTests },
  { name: 'e2e', silent: false, run: browserTests },
  { name: 'faults', silent: false, run: faultTests },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, nightly: { type: 'boolean', default: false } },
});
if (values.nightly) process.env.NIGHTLY = '1';
process.exitCode = await main(values.only?.split(','));

async function main(only: string[] | undefined): Promise<number> {
  const unknown = only?.filter((name) => !steps.some((step) => step.name === name)) ?? [];
  if (unknown.length > 0) {
    console.error(`There is no step called ${unknown.join(', ')}; there are ${steps.map((step) => step.name).join(', ')}.`);
    return 1;
  }
  // The fault tests at their own size take long; a small form of them is among the unit tests.
  const usual = ({ name }: Step): boolean => name !== 'faults' || values.nightly;
  const named = ({ name }: Step, names: string[]): boolean => names.includes(name) || (name === 'build' && names.includes('e2e'));
  const wanted = steps.filter((step) => (only === undefined ? usual(step) : named(step, only)));

  // Lint and type checks read what this generates for the routes.
  const sync = await capture('svelte-kit', ['sync']);
  if (sync.code !== 0) console.error(sync.output);

  const silent = wanted.filter((step) => step.silent);
  const results = await inPairs(silent);
  for (const step of wanted.filter((each) => !each.silent)) {
    console.log(`\n── ${step.name} ──`);
    results.push(await timed(step));
  }
  return report(results);
}

/** Runs steps two at a time, since most of them keep one core busy; gives results in the order of the steps. */
async function inPairs(queue: readonly Step[]): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...queue.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await timed(next[1]);
  };
  await Promise.all([lane(), lane()]);
  return results;
}

async function timed(step: Step): Promise<Result> {
  const startedAt = Date.now();
  const outcome = await step.run();
  const result = { name: step.name, ...outcome, elapsedMs: Date.now() - startedAt };
  if (step.silent) console.log(row(result));
  return result;
}

function row(result: Result): string {
  const checked = result.passed + result.failed + result.skipped === 1;
  const word = result.failed > 0 ? 'FAILED' : result.skipped > 0 ? 'skipped' : 'ok';
  return `${result.name.padEnd(8)} ${(checked ? word : closingLine(result)).padEnd(40)} ${(result.elapsedMs / 1000).toFixed(1).padStart(7)} s`;
}

function report(results: readonly Result[]): number {
  const sum = total(results);
  console.log(`\n── summary ──\n${results.map(row).join('\n')}`);
  const nothingRan = sum.passed + sum.failed === 0;
  if (nothingRan) console.log('Nothing was tested, and that is a failure.');
  console.log(`\n${closingLine(sum)}`);
  return sum.failed > 0 || nothingRan ? 1 : 0;
}

/** Runs commands of node_modules/.bin as one check and shows what they say if one of them fails. */
async function tool(...commands: string[][]): Promise<Outcome> {
  const runs: { code: number; output: string }[] = [];
  for (const [command, ...args] of commands) runs.push(await capture(command!, args));
  for (const { output } of runs.filter(({ code }) => code !== 0)) console.error(output.trimEnd());
  return withExitCode(undefined, Math.max(...runs.map(({ code }) => code)));
}

function folders(...names: string[]): string[] {
  return names.filter((name) => existsSync(join(root, name)));
}

function types(): Promise<Outcome> {
  const projects = ['tsconfig.json', 'tests/e2e/tsconfig.json'].map((file) => ['tsc', '-p', file]);
  return tool(...projects, ['svelte-check', '--tsconfig', './client/tsconfig.json']);
}

function checkLock(): Promise<Outcome> {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const complaints = lockComplaints(json('package.json') as Manifest, json('package-lock.json') as Lock).concat(
    sqliteComplaints(process.versions.sqlite),
  );
  for (const complaint of complaints) console.error(complaint);
  return Promise.resolve(withExitCode(undefined, complaints.length));
}

/** Published holes in what an installation runs. */
async function audit(): Promise<Outcome> {
  const npm = npmCommand();
  const flags = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000'];
  const { output } = await capture(npm.command, [...npm.first, ...flags], { env: process.env, shell: npm.shell });
  const verdict = auditVerdict(output);
  if ('skipped' in verdict) {
    console.log(`skipped: ${verdict.skipped}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  for (const complaint of verdict.complaints) console.error(complaint);
  return withExitCode(undefined, verdict.complaints.length);
}

async function build(): Promise<Outcome> {
  try {
    await ensureBuilt();
    return withExitCode(undefined, await overBudget());
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    console.error(error.message);
    return withExitCode(undefined, 1);
  }
}

/** How many pages cost more than they may; the table is shown where there is one. */
async function overBudget(): Promise<number> {
  const costs = await pageCosts(join(root, 'build/client'), join(root, 'client/.svelte-kit/output/client/.vite/manifest.json'));
  const over = costs.filter((cost) => cost.over).length;
  if (over > 0)
    console.error(`${budgetTable(costs)}\nA page loads more than it may; node scripts/budget.ts --files names the largest files.`);
  return over;
}

async function unitTests(): Promise<Outcome> {
  const file = freshReport('unit.json');
  const { code } = await show('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...positionals]);
  const found = readReport(file) as VitestReport | undefined;
  const tests = found?.testResults.flatMap((each) => each.assertionResults) ?? [];
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  for (const test of skipped.slice(0, 20)) console.log(`skipped: ${test.fullName}`);
  if (skipped.length > 20) console.log(`skipped: ${skipped.length - 20} more`);
  return withExitCode(found && vitestOutcome(found), code);
}

/** The store's contract on MongoDB's wire; the journeys on it are among the others. The script says itself what it skips, and counts itself in its closing line. */
async function mongoTests(): Promise<Outcome> {
  if (!existsSync(join(root, 'scripts', 'test-mongo.mjs'))) {
    console.log('skipped: there is no suite for MongoDB yet');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const { code, output } = await show('node', ['scripts/test-mongo.mjs', '--store']);
  return withExitCode(lastClosingLine(output), code);
}

/** The journeys in a real browser, some of them on MongoDB's wire as well where a server can be had. */
async function browserTests(): Promise<Outcome> {
  const browser = await ensureChromium();
  if ('missing' in browser) {
    const listed = await capture('playwright', ['test', '--list']);
    const count = Number(/Total: (\d+) test/.exec(listed.output)?.[1] ?? 1);
    console.log(`skipped: ${count} browser tests (${browser.missing})`);
    return { passed: 0, failed: 0, skipped: count };
  }
  const file = freshReport('e2e.json');
  const { code } = await show('node', ['scripts/with-mongo.mjs', 'playwright', 'test', ...positionals], { CHROMIUM: browser.path });
  const found = readReport(file) as PlaywrightReport | undefined;
  return withExitCode(found && playwrightOutcome(found), code);
}

/** The tests that try to make the server lose something. The script counts its rows in its closing line. */
async function faultTests(): Promise<Outcome> {
  const { code, output } = await show('node', ['scripts/faults.ts', ...(values.nightly ? ['--nightly'] : [])]);
  return withExitCode(lastClosingLine(output), code);
}

/** The path of a report of which no earlier run's copy is left to be mistaken for this one's. */
function freshReport(name: string): string {
  const file = join(root, 'test-results', name);
  rmSync(file, { force: true });
  return file;
}

function readReport(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Runs a command of node_modules/.bin and lets it speak while it runs; gives its exit code and what it said on standard output. */
function show(command: string, args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    // The output passes through a pipe, where tools cannot see whether somebody at a terminal reads it.
    const colours: Record<string, string> = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
    const child = spawn(command, args, { cwd: root, env: childEnv({ ...colours, ...env }), stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve({ code: 127, output });
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}
