import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const nightly = process.env.NIGHTLY === '1';

export default defineConfig({
  // Compiles the runes of .svelte.ts files, so that client state can be tested without a browser.
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          pool: 'forks',
          include: ['shared/**/*.test.ts', 'server/**/*.test.ts', 'client/src/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/**/*.test.ts'],
          setupFiles: ['tests/support/wholeAfterwards.ts'],
          exclude: ['**/node_modules/**', 'tests/e2e/**', 'build/**'],
          // A watchdog for tests that wait for a state, not a target: machines differ by a factor of ten.
          testTimeout: nightly ? 600_000 : 30_000,
          hookTimeout: 60_000,
          retry: 0,
        },
      },
    ],
  },
});
