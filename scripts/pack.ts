import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Packer } from '../server/drafts/packer.ts';
import '../server/nativeHash.ts';
import { openStore } from '../server/store/open.ts';

const usage = `
  npm run pack                                the installation of MONGODB_URL, else the one in DATA_DIR (./data)
  npm run pack -- data                        the folder of one with SQLite
  npm run pack -- mongodb://127.0.0.1/name    a MongoDB (a single server is accepted)

  Packs what lies behind the older of two saved states in the logs of drafts, as the server does at night. A server may be running.
  Nothing is lost by it: npm run doctor sees the same entries before and afterwards.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', default: false } } });
  if (values.help) {
    say(usage);
    return;
  }
  const target = positionals[0] ?? process.env['MONGODB_URL'] ?? process.env['DATA_DIR'] ?? 'data';
  const isMongo = /^mongodb(\+srv)?:/.test(target);
  if (!isMongo && !existsSync(path.join(target, 'shangliang.db'))) throw new Error(`In ${target} there is no installation.`);
  const store = await openStore({ dataDir: target, ...(isMongo ? { mongoUrl: target, mongoStandalone: true } : {}) });
  try {
    let drafts = 0;
    const tell = (facts: object, message: string): void => say(`  ${message}: ${JSON.stringify(facts)}`);
    const packer = new Packer({ ...store, log: { info: () => undefined, warn: tell, error: tell } });
    await packer.sweep((draftId, { entries, segments, from, to }) => {
      drafts += 1;
      say(
        `  draft ${draftId}: ${entries} entries into ${segments} segments, ${from} bytes of updates into ${to} with all that belongs to them`,
      );
    });
    say(`  ${drafts} drafts had something to pack.`);
  } finally {
    await store.close();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
