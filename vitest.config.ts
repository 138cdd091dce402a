import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './tests/support/slowFirst.ts';

const nightly = process.env.NIGHTLY === '1';

const everywhere = {
  environment: 'node',
  pool: 'forks' as const,
  setupFiles: ['tests/support/wholeAfterwards.ts'],
  // A watchdog for tests that wait for a state, not a target: machines differ by a factor of ten.
  testTimeout: nightly ? 600_000 : 30_000,
  hookTimeout: 60_000,
  retry: 0,
};

export default defineConfig({
  // Compiles the runes of .svelte.ts files, so that client state can be tested without a browser.
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  test: {
    // Vitest leaves one core idle, and of two that is half: most tests wait for servers of their own. At night figures are taken, one by one.
    maxWorkers: nightly ? 1 : Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        extends: true,
        test: {
          ...everywhere,
          name: 'beside',
          // What lies beside its code is small, and keeps nothing: to load everything anew for each file took three times as long.
          isolate: false,
          include: ['shared/**/*.test.ts', 'server/**/*.test.ts', 'client/src/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          ...everywhere,
          name: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'tests/e2e/**', 'build/**'],
        },
      },
    ],
  },
});
