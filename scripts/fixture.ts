import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Person } from './demo/person.ts';
import { publishedCase } from './fixture/case.ts';
import { rebuild } from './fixture/rebuild.ts';
import { countedByHand, foldedCounts, rowsOf } from './fixture/recount.ts';
import type { FourCounts } from './fixture/recount.ts';

const usage = `
  npm run fixture                                         on a server and a folder of its own, which are gone afterwards
  npm run fixture -- --url http://127.0.0.1:3000 --handle ana --password ...
                                                          in a running installation; the password may also stand in FIXTURE_PASSWORD

  Rebuilds a published case through the same doors as everybody's: 85 accounts, 87 comments, 159 suggestions. Then its four
  numbers are counted again from the rows of the log, by the room's own fold and by hand. All people and texts are simulated.
  Exit code 1 where a number is not the published one.
`;

/** What a server of its own allows: one machine acts for 85 people. */
const raisedLimits = {
  commandsPerSecond: 1_000,
  commandBurst: 1_000,
  requestsPerSecond: 1_000,
  requestBurst: 1_000,
  commandsPerSecondPerAddress: 10_000,
  commandBurstPerAddress: 10_000,
  connectsPerMinutePerAddress: 10_000,
  signInsPerMinutePerAddress: 10_000,
};

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      handle: { type: 'string' },
      password: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(usage);
    return true;
  }
  if (values.url === undefined) return onOwnServer();
  const password = values.password ?? process.env['FIXTURE_PASSWORD'] ?? '';
  if (values.handle === undefined || password === '') throw new Error(`Whose room shall it be? Give --handle and --password.\n${usage}`);
  const host = new Person(new URL(values.url).origin);
  await host.ask('POST', '/api/session', { handle: values.handle, password });
  return run(host);
}

async function onOwnServer(): Promise<boolean> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-fixture-'));
  const limits = process.env['LIMITS'] ?? JSON.stringify(raisedLimits);
  say(`limits raised for this run: ${limits}`);
  const child = spawn(process.execPath, ['server/main.ts'], {
    env: { ...process.env, PORT: '0', DATA_DIR: dataDir, CLIENT: 'off', PUBLIC_URL: '', NODE_ENV: 'production', LIMITS: limits },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const printed = await readyWords(child);
    const found = /(http:\/\/[^\s/]+)\/setup#([\w-]+)/.exec(printed);
    if (found === null) throw new Error(`the server printed no setup link:\n${printed}`);
    const host = new Person(new URL(found[1] ?? '').origin);
    const password = randomBytes(12).toString('base64url');
    await host.ask('POST', '/api/setup', { token: found[2], handle: 'fixture', displayName: '模拟主持人', password });
    return await run(host);
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function readyWords(child: ReturnType<typeof spawn>): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('is ready:') && printed.includes('/setup#')) resolve(printed);
    });
    child.once('exit', () => reject(new Error(`the server did not start:\n${printed}`)));
  });
}

/** Rebuilds the case, recounts it, prints both; gives whether all numbers are the published ones. */
async function run(host: Person): Promise<boolean> {
  const startedAt = performance.now();
  const { roomId } = await rebuild(host, publishedCase, say);
  const rows = await rowsOf(host, roomId);
  host.leave();
  const { people, participations, suggestions } = publishedCase;
  const expected: FourCounts = { people, participations, comments: participations, suggestions };
  const folded = foldedCounts(rows);
  const byHand = countedByHand(rows);
  say(`${rows.length} rows read in ${((performance.now() - startedAt) / 1000).toFixed(1)} s since the start\n`);
  say('                      published   folded  by hand');
  let right = true;
  for (const [name, key] of [
    ['people 人数', 'people'],
    ['participations 人次', 'participations'],
    ['comments 条', 'comments'],
    ['suggestions 项', 'suggestions'],
  ] as const) {
    const same = folded[key] === expected[key] && byHand[key] === expected[key];
    right &&= same;
    const cells = [expected[key], folded[key], byHand[key]].map((value) => String(value).padStart(9)).join('');
    say(`  ${name.padEnd(20)}${cells}  ${same ? 'equal' : 'NOT EQUAL'}`);
  }
  return right;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (right) => {
    if (!right) process.exitCode = 1;
  },
  (error: unknown) => {
    process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n\n`);
    process.exitCode = 1;
  },
);
