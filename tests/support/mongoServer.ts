import { execFile, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { freePort } from '../../scripts/freePort.ts';

/** A server that speaks MongoDB's protocol, for tests. */
export interface TestMongo {
  readonly url: string;
  /** What it is, for a person: 'mongod, replica set rs0 on 127.0.0.1:40213'. */
  readonly name: string;
  /** Kills it with -9 and starts it again on its data; null for a server that is not ours to kill. */
  readonly crash: (() => Promise<void>) | null;
  stop(): Promise<void>;
}

/** Why there is no server, for a person. */
export interface NoMongo {
  readonly missing: string;
}

const ferretSource = fileURLToPath(new URL('../../scripts/ferret/', import.meta.url));
const ferretName = 'FerretDB 1.24.2';
const secantusVersion = '0.7.0b3';
const secantusName = `SecantusDB ${secantusVersion}`;
const run = promisify(execFile);

/**
 * Gives the server that MONGODB_URL names; else starts a `mongod` of the path as a replica set of one; else SecantusDB, which Python
 * installs once per machine into a cache (half a minute); else FerretDB, which Go builds (a minute or two). `say` is told what takes long.
 */
export async function startMongo(say: (line: string) => void = () => undefined): Promise<TestMongo | NoMongo> {
  const given = process.env.MONGODB_URL;
  if (given !== undefined && given !== '') {
    return {
      url: given,
      name: `the server of MONGODB_URL (${given.replace(/\/\/[^@/]*@/, '//')})`,
      crash: null,
      stop: () => Promise.resolve(),
    };
  }
  if (spawnSync('mongod', ['--version']).status === 0) return startMongod();
  const secantus = await installSecantus(say);
  if ('path' in secantus) return startSecantus(secantus.path);
  const program = await buildFerret(say);
  return 'missing' in program ? program : startFerret(program.path);
}

async function startMongod(): Promise<TestMongo> {
  const folder = await mkdtemp(join(tmpdir(), 'shangliang-mongod-'));
  const port = await freePort();
  const url = `mongodb://127.0.0.1:${String(port)}/?replicaSet=rs0`;
  const args = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', 'rs0', '--quiet'];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('mongod', args, { stdio: 'ignore' });
    const client = new MongoClient(`mongodb://127.0.0.1:${String(port)}/?directConnection=true`, { serverSelectionTimeoutMS: 60_000 });
    try {
      const config = { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${String(port)}` }] };
      // Refused when it is a replica set already, after a crash.
      await client
        .db('admin')
        .command({ replSetInitiate: config })
        .catch(() => undefined);
      while ((await client.db('admin').command({ hello: 1 })).isWritablePrimary !== true) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await client.close();
    }
    return child;
  };
  return served(url, `mongod, replica set rs0 on 127.0.0.1:${String(port)}`, folder, start);
}

/** A replica set of one that takes step-downs and fail points. It is in beta, and knows no election among several and no rollback. */
async function startSecantus(program: string): Promise<TestMongo> {
  const folder = await mkdtemp(join(tmpdir(), 'shangliang-secantus-'));
  const port = String(await freePort());
  const args = ['--host', '127.0.0.1', '--port', port, '--storage-path', folder, '--enable-test-commands', '--log-level', 'ERROR'];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, { serverSelectionTimeoutMS: 60_000 });
    try {
      while ((await client.db('admin').command({ hello: 1 })).isWritablePrimary !== true) {
        if (child.exitCode !== null) throw new Error(`${secantusName} ended before it listened.`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await client.close();
    }
    return child;
  };
  const url = `mongodb://127.0.0.1:${port}/?replicaSet=secantus`;
  return served(url, `${secantusName} (a MongoDB-compatible server in beta; a replica set of one) on 127.0.0.1:${port}`, folder, start);
}

async function startFerret(program: string): Promise<TestMongo> {
  const folder = await mkdtemp(join(tmpdir(), 'shangliang-ferret-'));
  const address = `127.0.0.1:${String(await freePort())}`;
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(program, [address, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ready = (async () => {
      for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('ready ')) return;
      throw new Error(`${ferretName} ended before it listened.`);
    })();
    await ready;
    return child;
  };
  return served(`mongodb://${address}/`, `${ferretName} (a MongoDB-compatible server; not a replica set) on ${address}`, folder, start);
}

async function served(url: string, name: string, folder: string, start: () => Promise<ChildProcess>): Promise<TestMongo> {
  let child = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    url,
    name,
    async crash() {
      await end('SIGKILL');
      child = await start();
    },
    async stop() {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The program, installed by Python unless it was before. It stays a process of the tests: nothing of ours links to it. */
async function installSecantus(say: (line: string) => void): Promise<{ readonly path: string } | NoMongo> {
  const home = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'shangliang');
  // A line that names the folder is written last, so that another run never finds half of it.
  const pointer = join(home, `secantusdb-${secantusVersion}`);
  const bin = process.platform === 'win32' ? 'Scripts' : 'bin';
  const programIn = (folder: string): string => join(folder, bin, process.platform === 'win32' ? 'secantusd-py.exe' : 'secantusd-py');
  const known = await readFile(pointer, 'utf8').catch(() => '');
  if (known !== '' && existsSync(programIn(known))) return { path: programIn(known) };
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import venv, ensurepip']).status === 0);
  if (python === undefined) return { missing: 'no Python 3 with venv' };
  say(`Installing ${secantusName} with Python, once on this machine; this takes half a minute …`);
  await mkdir(home, { recursive: true });
  const folder = await mkdtemp(join(home, `secantusdb-${secantusVersion}-`));
  try {
    await run(python, ['-m', 'venv', folder]);
    await run(join(folder, bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', `secantusdb==${secantusVersion}`]);
    await writeFile(pointer, folder);
    return { path: programIn(folder) };
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    const lastWords = thrown instanceof Error ? thrown.message.trim().split('\n').slice(-3).join(' ') : String(thrown);
    return { missing: `${secantusName} could not be installed: ${lastWords}` };
  }
}

/** The program, built by Go unless it has been built from exactly these sources before. */
async function buildFerret(say: (line: string) => void): Promise<{ readonly path: string } | NoMongo> {
  const hash = createHash('sha256');
  for (const name of (await readdir(ferretSource)).sort()) hash.update(name).update(await readFile(join(ferretSource, name)));
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const path = join(
    cache,
    'shangliang',
    `ferretdb-1.24.2-${hash.digest('hex').slice(0, 16)}`,
    process.platform === 'win32' ? 'ferret.exe' : 'ferret',
  );
  if (existsSync(path)) return { path };
  if (spawnSync('go', ['version']).status !== 0) {
    return { missing: `no MongoDB: MONGODB_URL is not set, and neither mongod nor Go (to build ${ferretName}) is on the path` };
  }
  say(`Building ${ferretName} with Go, once on this machine; this takes a minute or two …`);
  const workshop = await mkdtemp(join(tmpdir(), 'shangliang-ferret-build-'));
  try {
    for (const name of await readdir(ferretSource)) await copyFile(join(ferretSource, name), join(workshop, name));
    await run('go', ['build', '-buildvcs=false', '-o', 'ferret', '.'], {
      cwd: workshop,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
    });
    await mkdir(dirname(path), { recursive: true });
    // Copied beside its place first and then renamed, so that another run never finds half of it.
    const half = `${path}.${randomUUID()}`;
    await copyFile(join(workshop, 'ferret'), half);
    await rename(half, path);
    return { path };
  } catch (thrown) {
    const lastWords = thrown instanceof Error ? thrown.message.trim().split('\n').slice(-3).join(' ') : String(thrown);
    return { missing: `no MongoDB: ${ferretName} could not be built: ${lastWords}` };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}
