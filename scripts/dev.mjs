/* `npm run dev`: the server, restarted when its sources change, and beside it Vite, which serves the pages and passes the rest on to it. */
import './require-node.mjs';

const pagesPort = process.env.PORT || '5173';
const backendPort = process.env.BACKEND_PORT || '3100';
// The address people open is Vite's, so links the server prints and origins it accepts have to be that one.
const publicUrl = process.env.PUBLIC_URL || 'http://localhost:' + pagesPort;

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    const watch = ['--watch-path=server', '--watch-path=shared', '--watch-preserve-output'];
    return runTogether([
      { args: [...watch, 'server/main.ts', ...process.argv.slice(2)], env: { PORT: backendPort, CLIENT: 'off', PUBLIC_URL: publicUrl } },
      {
        args: ['node_modules/vite/bin/vite.js', '--port', pagesPort, '--strictPort'],
        env: { BACKEND_URL: 'http://127.0.0.1:' + backendPort },
      },
    ]);
  }),
);
