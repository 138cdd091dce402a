/* `npm run test:mongo`: the store's contract, and all else that needs MongoDB, on whatever server can be had. See scripts/test-mongo.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/test-mongo.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
