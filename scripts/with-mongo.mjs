/*
 * Starts a server that speaks MongoDB's protocol, runs a command with its address in SHANGLIANG_TEST_MONGO_URL, and stops it:
 *   node scripts/with-mongo.mjs npx playwright test
 * Where no server can be had, the command runs without that variable; what needs a server then skips itself and says so.
 */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/with-mongo.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
