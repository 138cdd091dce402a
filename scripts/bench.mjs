/*
 * `npm run bench -- room`: what a keystroke, a comment and a join cost, beside a bare relay. See scripts/bench/room.ts.
 * `npm run bench -- acks`: how long an edit waits until it is durable, beside a bare append. See scripts/bench/acks.ts.
 * `npm run bench -- packing`: what a long log takes up and costs to open, before and after it is packed. See scripts/bench/packing.ts.
 * `npm run bench -- typing`: what a key costs in a page where many others write. See scripts/bench/typing.ts.
 * `npm run bench -- page`: how long a member waits for a room on a cheap phone and a slow line. See scripts/bench/page.ts.
 */
import './require-node.mjs';

import('./setup.mjs').then(({ ensureBuilt, ensureInstalled, runMain, runTogether }) =>
  runMain(async () => {
    await ensureInstalled();
    const [name, ...rest] = process.argv.slice(2);
    if (!['room', 'acks', 'packing', 'typing', 'page'].includes(name ?? ''))
      throw new Error('There are these measurements: npm run bench -- room, acks, packing, typing, page');
    if (name === 'page') await ensureBuilt();
    return runTogether([{ args: [`scripts/bench/${name}.ts`, ...rest], env: {} }]);
  }),
);
