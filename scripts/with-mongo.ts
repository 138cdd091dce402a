/* Runs a command with a MongoDB to test on; scripts/with-mongo.mjs says how. */
import { runWithMongo } from './mongo-run.ts';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('Name a command: node scripts/with-mongo.mjs <command> [arguments]');
  process.exitCode = 1;
} else {
  const { codes, missing } = await runWithMongo([{ command, args }], { runWithout: true });
  if (missing !== null) console.log(`skipped: what needs a MongoDB (${missing})`);
  process.exitCode = codes[0] ?? 1;
}
