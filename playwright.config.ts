import { defineConfig, devices } from '@playwright/test';
import { chromiumArgs, chromiumPath } from './scripts/chromium.ts';

const executablePath = chromiumPath();

/** The journeys start their own servers, each with a data folder of its own, so nothing is started here. */
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  // Each file has servers and browsers of its own; at night figures are taken, one by one.
  workers: process.env.NIGHTLY === '1' ? 1 : 2,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  // Watchdogs for slow machines, not targets.
  timeout: process.env.NIGHTLY === '1' ? 600_000 : 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    // The language of a journey is its own choice, never the machine's.
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { args: [...chromiumArgs], ...(executablePath ? { executablePath } : {}) },
  },
});
