/* `npm run bench -- room`: what a keystroke, a comment and a join cost, beside a bare relay. See scripts/bench/room.ts. */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    const [name, ...rest] = process.argv.slice(2);
    if (name !== 'room') throw new Error('There is one measurement: npm run bench -- room');
    return runTogether([{ args: ['scripts/bench/room.ts', ...rest], env: {} }]);
  }),
);
