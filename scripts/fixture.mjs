/* `npm run fixture`: rebuilds a published case and recounts it. See scripts/fixture.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/fixture.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
