/* `npm run move`: moves an installation from SQLite to MongoDB or back. See scripts/move.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/move.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
