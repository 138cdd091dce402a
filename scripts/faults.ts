/*
 * Runs the fault tests of tests/faults one after the other, each in a process of its own, and prints a table of what came of them:
 *   npm run faults                    all of them, a minute each
 *   npm run faults -- --only T1,T5    some of them
 *   npm run faults -- --seed 7        the run with that seed again
 *   npm run faults -- --nightly       at full length
 * Anything lost or doubled fails, and so does a stall or growth beyond ten times what is aimed at. The last line counts the rows; the
 * whole of it is kept in test-results/faults.json.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokenRow, faultFiles, loadFault, rowsOf } from '../tests/faults/modules.ts';
import type { FaultFile } from '../tests/faults/modules.ts';
import type { Row, Scale } from '../tests/faults/row.ts';
import { verdictOf } from '../tests/faults/row.ts';
import { startMongo } from '../tests/support/mongoServer.ts';
import { closingLine } from './outcome.ts';
import { childEnv, nodePath, root } from './setup.mjs';

const results = join(root, 'test-results');
const known = 19;
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string' },
    nightly: { type: 'boolean', default: false },
    scale: { type: 'string' },
    /** What a test's own process is given: the file its rows go to. */
    rows: { type: 'string' },
  },
});
const scale: Scale = values.scale === 'slice' || values.scale === 'nightly' ? values.scale : values.nightly ? 'nightly' : 'ci';
const seed = Number(values.seed ?? randomInt(2 ** 31));
const names = values.only?.split(',').map((name) => name.trim().toUpperCase());
const chosen = faultFiles().filter(({ test }) => names === undefined || names.includes(test));
process.exitCode = values.rows === undefined ? await runAll() : await runOne(values.rows);

/** One test in this process. */
async function runOne(file: string): Promise<number> {
  const [fault] = chosen;
  if (fault === undefined) return 1;
  writeFileSync(file, JSON.stringify(await rowsOf(fault, scale, seed)));
  // Whatever a test may have left open must not keep the others waiting.
  process.exit(0);
}

async function runAll(): Promise<number> {
  const missing = names?.filter((name) => !chosen.some(({ test }) => test === name)) ?? [];
  if (missing.length > 0 || chosen.length === 0) {
    console.error(
      `There is no ${missing.join(', ') || 'test'}; there are ${
        faultFiles()
          .map(({ test }) => test)
          .join(', ') || 'none'
      }.`,
    );
    return 1;
  }
  mkdirSync(results, { recursive: true });
  console.log(`Seed ${seed}, scale ${scale}; again with: npm run faults -- --seed ${seed}${scale === 'nightly' ? ' --nightly' : ''}`);
  const mongo = await startMongo((line) => {
    console.log(line);
  });
  console.log('missing' in mongo ? `Without MongoDB: ${mongo.missing}` : `MongoDB for tests: ${mongo.name}`);
  const rows: Row[] = [];
  try {
    for (const fault of chosen) {
      const startedAt = performance.now();
      console.log(`\n── ${fault.test}: ${fault.file} ──`);
      const found = await inOwnProcess(fault, 'missing' in mongo ? {} : { SHANGLIANG_TEST_MONGO_URL: mongo.url });
      rows.push(...found);
      console.log(`${found.map((row) => sentence(row)).join('\n')}\n${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    }
  } finally {
    if (!('missing' in mongo)) await mongo.stop();
  }
  return report(rows);
}

async function inOwnProcess(fault: FaultFile, env: Record<string, string>): Promise<readonly Row[]> {
  const file = join(results, `${fault.test}.json`);
  rmSync(file, { force: true });
  const args = ['scripts/faults.ts', '--rows', file, '--only', fault.test, '--seed', String(seed), '--scale', scale];
  const child = spawn(nodePath(), ['--expose-gc', ...args], {
    cwd: root,
    env: childEnv(env),
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const end = (): void => {
    // With the servers it has started: nobody else would end them.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const interrupted = (): void => {
    end();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  let late = false;
  const watchdog = setTimeout(
    () => {
      late = true;
      end();
    },
    (await loadFault(fault)).timeoutMs ?? (scale === 'nightly' ? 3_600_000 : 600_000),
  );
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  // A test that broke off leaves its servers behind.
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It left nothing.
  }
  clearTimeout(watchdog);
  process.off('SIGINT', interrupted);
  process.off('SIGTERM', interrupted);
  try {
    const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly Row[];
    if (code === 0) return rows;
  } catch {
    // It ended before it could say anything.
  } finally {
    rmSync(file, { force: true });
  }
  return [brokenRow(fault.test, seed, late ? 'did not end in time' : `its process ended with ${String(code ?? signal)}`)];
}

function sentence(row: Row): string {
  return `${row.test}: ${verdictOf(row)}${row.skipped === undefined ? '' : ` (${row.skipped})`}. ${row.notes}`;
}

function report(rows: readonly Row[]): number {
  const figure = (value: number | null, target: number | undefined): string =>
    value === null ? '–' : `${Math.round(value)}${target === undefined ? '' : ` / ${target}`}`;
  const table = [
    ['test', 'seed', 'what was done', 'lost', 'doubled', 'stall ms', 'memory MB', 'pass'],
    ...rows.map((row) => [
      row.test,
      String(row.seed),
      row.skipped === undefined ? row.done : `skipped: ${row.skipped}`,
      `lost: ${row.lost}`,
      String(row.doubled),
      figure(row.stallMs, row.stallTargetMs),
      figure(row.memoryMb, row.memoryTargetMb),
      verdictOf(row),
    ]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  console.log(
    `\n${table
      .map((cells) =>
        cells
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd(),
      )
      .join('\n')}`,
  );
  const there = new Set(faultFiles().map(({ test }) => test));
  const none = Array.from({ length: known }, (_, index) => `T${index + 1}`).filter((test) => !there.has(test));
  if (none.length > 0) console.log(`No test in this shape yet: ${none.join(', ')}`);
  console.log('A figure behind a stroke is what is aimed at; ten times as much fails.');
  writeFileSync(join(results, 'faults.json'), `${JSON.stringify({ seed, scale, rows }, null, 2)}\n`);
  const count = (verdict: string): number => rows.filter((row) => verdictOf(row) === verdict).length;
  const outcome = { passed: count('ok'), failed: count('FAILED'), skipped: count('skipped') };
  console.log(`\n${closingLine(outcome)}`);
  return outcome.failed > 0 || outcome.passed === 0 ? 1 : 0;
}
