/* `npm run doctor`: looks at everything an installation holds and names the first entry that is wrong. See scripts/doctor.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    return runTogether([{ args: ['scripts/doctor.ts', ...process.argv.slice(2)], env: {} }]);
  }),
);
