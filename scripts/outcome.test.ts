import { describe, expect, test } from 'vitest';
import { closingLine, lastClosingLine, playwrightOutcome, total, vitestOutcome, withExitCode } from './outcome.ts';

describe('counting a run', () => {
  test('a closing line reads back as it was written, and the last one counts', () => {
    const output = `3 passed, 0 failed, 0 skipped\nmore\n${closingLine({ passed: 12, failed: 1, skipped: 2 })}\n`;
    expect(lastClosingLine(output)).toEqual({ passed: 12, failed: 1, skipped: 2 });
    expect(lastClosingLine('say 3 passed, 0 failed, 0 skipped today')).toBeUndefined();
  });

  test('a test file that broke before its first test is a failure', () => {
    const report = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 };
    const broken = { name: 'a.test.ts', status: 'failed', assertionResults: [] };
    expect(vitestOutcome({ ...report, testResults: [broken] })).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  test('a file whose failed test is counted is not counted again', () => {
    const failed = { name: 'a.test.ts', status: 'failed', assertionResults: [{ status: 'failed', fullName: 'a' }] };
    const report = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults: [failed] };
    expect(vitestOutcome(report).failed).toBe(1);
  });

  test('a browser test that passed at the second try has failed', () => {
    expect(playwrightOutcome({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 3 } })).toEqual({
      passed: 4,
      failed: 2,
      skipped: 3,
    });
  });

  test('a bad exit code is a failure even where no test failed, or none was counted', () => {
    expect(withExitCode({ passed: 5, failed: 0, skipped: 0 }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
    expect(withExitCode(undefined, 3)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(withExitCode({ passed: 5, failed: 2, skipped: 0 }, 1)).toEqual({ passed: 5, failed: 2, skipped: 0 });
  });

  test('a check that counts nothing itself counts as one', () => {
    expect(withExitCode(undefined, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  test('outcomes add up', () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(total([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
    expect(total([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
