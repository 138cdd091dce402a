/* `npm start`: installs and builds what is missing, then hands over to the server. */
import './require-node.mjs';

import('./setup.mjs').then(({ compileCache, ensureBuilt, ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    await ensureBuilt();
    return runTogether([
      { args: ['server/main.ts', ...process.argv.slice(2)], env: { NODE_ENV: 'production', NODE_COMPILE_CACHE: compileCache } },
    ]);
  }),
);
