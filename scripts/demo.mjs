/* `npm run demo`: fills an installation with rooms in all states. See scripts/demo.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/demo.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
