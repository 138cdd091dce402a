/* `npm run backup`: copies the database of a running installation, and its background files. See scripts/backup.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/backup.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
