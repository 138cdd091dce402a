/** How many tests or checks came out how. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

/** What is read of the report of Vitest's JSON reporter. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[];
}

/** What is read of the report of Playwright's JSON reporter. */
export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

/** The closing line that counts a run, and the only shape in which a run is counted. */
export function closingLine({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The counts of the last closing line in an output, or undefined where there is none. */
export function lastClosingLine(output: string): Outcome | undefined {
  const match = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped\s*$/gm)].at(-1);
  return match && { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3]) };
}

/** The sum of outcomes. */
export function total(outcomes: readonly Outcome[]): Outcome {
  const add = (a: Outcome, b: Outcome) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });
  return outcomes.reduce(add, { passed: 0, failed: 0, skipped: 0 });
}

/** Counts a Vitest run. A file that broke before its first test counts as one failure: its tests are nowhere else. */
export function vitestOutcome(report: VitestReport): Outcome {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Counts a Playwright run. Nothing is tried twice, but should somebody turn that on, a test that failed once has failed. */
export function playwrightOutcome({ stats }: PlaywrightReport): Outcome {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

/**
 * Holds counts against the exit code of the run they came from: a run that ended badly without naming a failed test (a crash, an error
 * outside of tests, nothing found to run) still failed.
 */
export function withExitCode(outcome: Outcome | undefined, exitCode: number): Outcome {
  const counted = outcome ?? { passed: 0, failed: 0, skipped: 0 };
  if (exitCode !== 0 && counted.failed === 0) return { ...counted, failed: 1 };
  if (outcome === undefined) return { ...counted, passed: 1 };
  return counted;
}
