/* `npm run pack`: packs the logs of an installation's drafts now, beside a running server or without one. See scripts/pack.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/pack.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
