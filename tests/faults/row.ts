/*
 * The fault tests: each tries to make the server lose, double or reveal something, and counts what it achieved.
 *
 * A test is a file `tests/faults/tNN-name.ts` that exports
 *
 *     export async function run(scale: Scale, seed: number): Promise<Row | readonly Row[]>
 *
 * and nothing else is needed: `npm run faults` finds it by its name and runs it at scale `ci` in a process of its own (`--nightly`: at
 * scale `nightly`), and tests/faults/slice.test.ts runs it at scale `slice`, a few seconds, within `npm test`. So it imports nothing of
 * vitest. It takes every choice from its seed (`randomOf`), leaves no process and no file behind, and says in `done` in numbers what it
 * did. It does not throw on a finding: it returns the row with `passed: false` and what it saw in `notes`, so that the table is whole.
 * It may set `timeoutMs` (export const) where the ten minutes of a watchdog are too few at scale nightly.
 * An installation that it leaves (`ServerProcess`, `startInProcess`, `quickFolder`) goes through `inspect` (support/inspect.ts) before it is removed.
 */

/** How much is done: a few seconds within `npm test`; about a minute; up to half an hour. */
export type Scale = 'slice' | 'ci' | 'nightly';

/** What came of one test. */
export interface Row {
  /** `T1`; a test with several rows adds what each is about: `T14 disk full`. */
  readonly test: string;
  readonly seed: number;
  /** What was done, in numbers, for a person. */
  readonly done: string;
  /** Acknowledged things that are gone. Zero, or the test has failed. */
  readonly lost: number;
  /** Things that are there more often than they were done. Zero, or the test has failed. */
  readonly doubled: number;
  /** The longest the server's event loop, or an answer, stood still, in milliseconds; null where it was not looked at. */
  readonly stallMs: number | null;
  /** What is aimed at. Machines differ by a factor of ten, so only ten times as much fails. */
  readonly stallTargetMs?: number;
  /** How much the server grew, or its peak where the notes say so, in MB; null where it was not looked at. */
  readonly memoryMb: number | null;
  readonly memoryTargetMb?: number;
  /** Whether everything that was counted is as it must be; stalls and memory are judged by their targets. */
  readonly passed: boolean;
  /** Why nothing was done on this machine; then `passed` says nothing. */
  readonly skipped?: string;
  readonly notes: string;
}

/** A test's module. */
export interface Fault {
  readonly run: (scale: Scale, seed: number) => Promise<Row | readonly Row[]>;
  readonly timeoutMs?: number;
}

/** A row of a test that could not be run here. */
export function skippedRow(test: string, seed: number, why: string): Row {
  return { test, seed, done: '', lost: 0, doubled: 0, stallMs: null, memoryMb: null, passed: true, skipped: why, notes: '' };
}

/** What a row comes to. */
export function verdictOf(row: Row): 'ok' | 'FAILED' | 'skipped' {
  if (row.skipped !== undefined) return 'skipped';
  const tooMuch = (figure: number | null, target: number | undefined) => figure !== null && target !== undefined && figure > 10 * target;
  const bad =
    !row.passed ||
    row.lost !== 0 ||
    row.doubled !== 0 ||
    tooMuch(row.stallMs, row.stallTargetMs) ||
    tooMuch(row.memoryMb, row.memoryTargetMb);
  return bad ? 'FAILED' : 'ok';
}
