/* `npm start`: installs and builds what is missing, then hands over to the server. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureBuilt, ensureInstalled, runMain, runTogether, serverProgram }) =>
  runMain(async () => {
    await ensureInstalled();
    await ensureBuilt();
    const { args, env } = serverProgram();
    return runTogether([{ args: [...args, ...process.argv.slice(2)], env }]);
  }),
);
