import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fillRoom } from './demo/fillRoom.ts';
import { freePort } from './freePort.ts';
import { Person } from './demo/person.ts';
import { plansEn } from './demo/plansEn.ts';
import { plansZh } from './demo/plansZh.ts';

const usage = `
  npm run demo                                            fills the installation in ./data, which must be empty
  npm run demo -- --url http://127.0.0.1:3000 --handle ana --password ...
                                                          fills a running installation; the password may also stand in DEMO_PASSWORD

  Rooms in all states, in Chinese and English, made through the same doors as everybody's. All people in them are simulated.
`;

/** Fills an installation with rooms to look at. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      handle: { type: 'string' },
      password: { type: 'string' },
      data: { type: 'string', default: 'data' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(usage);
    return;
  }
  if (values.url === undefined) await fillFresh(values.data);
  else await fillRunning(values.url, values.handle ?? '', values.password ?? process.env['DEMO_PASSWORD'] ?? '');
}

async function fillRunning(url: string, handle: string, password: string): Promise<void> {
  if (handle === '' || password === '') throw new Error(`Whose rooms shall they be? Give --handle and --password.\n${usage}`);
  const host = new Person(new URL(url).origin);
  await host.ask('POST', '/api/session', { handle, password });
  await fill(host);
}

/** Starts a server on an empty folder of data, fills it and stops it again. */
async function fillFresh(dataDir: string): Promise<void> {
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new Error(
      `${dataDir} holds an installation already. Start it and give its address: npm run demo -- --url ... --handle ... --password ...`,
    );
  }
  const port = await freePort();
  const child = spawn(process.execPath, ['server/main.ts'], {
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, CLIENT: 'off', PUBLIC_URL: '', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('is ready:')) resolve();
      });
      child.once('exit', () => reject(new Error(`the server did not start:\n${printed}`)));
    });
    const token = /\/setup#([\w-]+)/.exec(printed)?.[1] ?? '';
    const password = randomBytes(9).toString('base64url');
    const host = new Person(`http://127.0.0.1:${port}`);
    await host.ask('POST', '/api/setup', { token, handle: 'demo', displayName: '主持人 Moderator', password });
    await fill(host);
    say(`\n  Start it with \`npm start\` and sign in as  demo  with the password  ${password}\n`);
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
  }
}

async function fill(host: Person): Promise<void> {
  for (const plan of [...plansZh, ...plansEn]) {
    const { id } = await fillRoom(host, plan, Date.now());
    say(`  ${plan.ending.padEnd(9)}  /rooms/${id}  ${plan.title}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
