/*
 * `npm run bench -- room`: what a keystroke, a comment and a join cost, beside a bare relay. See scripts/bench/room.ts.
 * `npm run bench -- acks`: how long an edit waits until it is durable, beside a bare append. See scripts/bench/acks.ts.
 */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    const [name, ...rest] = process.argv.slice(2);
    if (name !== 'room' && name !== 'acks') throw new Error('There are two measurements: npm run bench -- room, npm run bench -- acks');
    return runTogether([{ args: [`scripts/bench/${name}.ts`, ...rest], env: {} }]);
  }),
);
