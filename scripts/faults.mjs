/* `npm run faults`: the tests that try to make the server lose something. See scripts/faults.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/faults.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
