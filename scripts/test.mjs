/* `npm test`: installs what is missing, then hands over to checks.ts, which says what it takes. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/checks.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
