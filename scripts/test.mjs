/* `npm test`: installs what is missing, then hands over to checks.ts, which says what it takes. */
import './require-node.mjs';

import('./setup.mjs').then(async ({ ensureInstalled, runMain, runTogether }) => {
  let installed = false;
  await runMain(async () => {
    await ensureInstalled();
    installed = true;
    return runTogether([{ args: ['scripts/checks.ts', ...process.argv.slice(2)], env: {} }]);
  });
  if (!installed) process.stdout.write('0 passed, 1 failed, 0 skipped\n');
});
