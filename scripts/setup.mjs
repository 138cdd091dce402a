/*
 * What must be there before anything of ours can run: installed packages (with the Node that runs our TypeScript) and a built client.
 * Plain JavaScript without packages, since it runs on whatever Node (>= 18) a machine has, before the first install.
 *
 * Both results carry a stamp: the hash of what they were made from, written only after the work is done. A run that was cut short leaves
 * no stamp, so the next one does the work again.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const windows = process.platform === 'win32';

/** Where Node keeps what it made of our sources: with it the server is there in a little more than half the time. */
const compileCache = join(root, 'node_modules', '.cache', 'compiled');
const installStamp = join(root, 'node_modules', '.installed');
const buildStamp = join(root, 'build', 'client.stamp');

/** What the built client is made from. */
const buildSources = ['client', 'shared', 'svelte.config.js', 'vite.config.ts', 'package.json', 'package-lock.json'];
const generatedFolders = new Set(['node_modules', '.svelte-kit']);

/** A failure with a sentence for the person at the terminal; anything else that is thrown is a bug. */
export class SetupFailure extends Error {}

/** The Node of the lock file, which runs our TypeScript as it stands. */
export const nodePath = () =>
  windows ? join(root, 'node_modules', 'node', 'bin', 'node.exe') : join(root, 'node_modules', '.bin', 'node');

/** The environment for what we start: the Node of the lock file is the `node` on its path. @param {Record<string, string>} extra */
export const childEnv = (extra = {}) => {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, ...extra };
  const path = env.PATH ?? env.Path ?? '';
  // Windows spells it Path; two spellings of one variable would leave the choice to chance.
  delete env.Path;
  env.PATH = [join(root, 'node_modules', '.bin'), path].join(delimiter);
  return env;
};

/**
 * The server as `npm start` starts it: with what Node compiled the last time, and so that memory it used once goes back to the system: new objects
 * in 32 MB and not in 128, blocks of a megabyte and more (a password's hash takes 19) given back at once, two pools of the C library
 * and not one for each thread. glibc reads the two variables, other libraries do without. What is set already counts. Figures:
 * docs/PERFORMANCE.md.
 * @returns {{ args: string[], env: Record<string, string> }}
 */
export const serverProgram = () => {
  const { NODE_OPTIONS = '', MALLOC_ARENA_MAX = '2', MALLOC_MMAP_THRESHOLD_ = '1048576' } = process.env;
  const flags = NODE_OPTIONS.includes('semi-space-size') ? [] : ['--max-semi-space-size=16'];
  const env = { NODE_ENV: 'production', NODE_COMPILE_CACHE: compileCache, MALLOC_ARENA_MAX, MALLOC_MMAP_THRESHOLD_ };
  return { args: [...flags, 'server/main.ts'], env };
};

/** @param {string} file */
const stampIn = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');

/** Hash of the lock file and the platform: a folder copied from another machine holds that machine's binaries. */
const installHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');

/** Files at or under `path` (relative to the root) that the client is built from, in a fixed order. @param {string} path @returns {string[]} */
const sourcesAt = (path) => {
  const full = join(root, path);
  if (!existsSync(full) || /\.test\.ts$/.test(path)) return [];
  if (!statSync(full).isDirectory()) return [path];
  const names = readdirSync(full).filter((name) => !generatedFolders.has(name));
  return names.sort().flatMap((name) => sourcesAt(`${path}/${name}`));
};

/** Hash of names and contents of everything the client is built from. */
const buildHash = () => {
  const hash = createHash('sha256');
  for (const path of buildSources.flatMap(sourcesAt)) {
    const content = readFileSync(join(root, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
};

/**
 * Runs `work` under a plain title and says from the second second on how long it has taken; afterwards how long it took in all.
 * @template T @param {string} title @param {() => Promise<T>} work @returns {Promise<T>}
 */
export const step = async (title, work) => {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const live = process.stdout.isTTY === true;
  process.stdout.write(live ? `${title} …` : `${title} …\n`);
  const ticker = setInterval(() => {
    if (live) process.stdout.write(`\r${title} … ${seconds()} s`);
    else if (seconds() % 10 === 0) process.stdout.write(`  still at it after ${seconds()} s\n`);
  }, 1000);
  try {
    const result = await work();
    process.stdout.write(live ? `\r${title}: done in ${seconds()} s\n` : `  done in ${seconds()} s\n`);
    return result;
  } catch (error) {
    process.stdout.write(live ? `\r${title}: failed after ${seconds()} s\n` : `  failed after ${seconds()} s\n`);
    throw error;
  } finally {
    clearInterval(ticker);
  }
};

/**
 * Runs a program and gives its exit code and all it said.
 * @param {string} command @param {string[]} args @param {{ env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export const capture = (command, args, options = {}) =>
  new Promise((resolve) => {
    const { env = childEnv(), shell = false } = options;
    const child = spawn(command, args, { cwd: root, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'], shell });
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });

/** @param {string} output */
const lastLines = (output) => output.trimEnd().split('\n').slice(-25).join('\n');

/** npm as a command: the one that called us if there is one, since it need not be on the path. */
export const npmCommand = () => {
  const script = process.env.npm_execpath;
  if (script && /\.c?js$/.test(script) && existsSync(script)) return { command: process.execPath, first: [script], shell: false };
  return { command: 'npm', first: [], shell: windows };
};

/** Installs the packages of the lock file unless exactly these are installed. Needs the network only when there is something to install. */
export const ensureInstalled = async () => {
  const wanted = installHash();
  if (stampIn(installStamp) === wanted && existsSync(nodePath())) return;
  await step('Installing packages', async () => {
    rmSync(installStamp, { force: true });
    const npm = npmCommand();
    // Development packages build the client, and the install step of the `node` package puts our Node in place, so both are asked for
    // whatever the person's own npm settings say.
    const flags = ['ci', '--include=dev', '--include=optional', '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = await capture(npm.command, [...npm.first, ...flags], { env: process.env, shell: npm.shell });
    if (code !== 0 || !existsSync(nodePath())) {
      throw new SetupFailure(`The packages could not be installed; is the network there? npm said:\n${lastLines(output)}`);
    }
    writeFileSync(installStamp, `${wanted}\n`);
  });
};

/** Builds the client unless the built one was made from exactly these sources. */
export const ensureBuilt = async () => {
  const wanted = buildHash();
  if (stampIn(buildStamp) === wanted && existsSync(join(root, 'build', 'client', 'handler.js'))) return;
  await step('Building the client', async () => {
    rmSync(buildStamp, { force: true });
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const { code, output } = await capture(nodePath(), [vite, 'build'], { env: childEnv({ NODE_ENV: 'production' }) });
    if (code !== 0) throw new SetupFailure(`The client could not be built. The build said:\n${lastLines(output)}`);
    mkdirSync(dirname(buildStamp), { recursive: true });
    writeFileSync(buildStamp, `${wanted}\n`);
  });
};

/** Signals a child and all it has started. @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
const signalGroup = (child, signal) => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (windows) child.kill(signal);
  else process.kill(-child.pid, signal);
};

/**
 * npm runs a script through a shell that keeps a signal to itself and ends; that the shell is gone is all we learn of it.
 * @param {() => void} onGone called once, when the process that started us has ended
 */
const followParent = (onGone) => {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 250);
  timer.unref();
};

/**
 * Starts programs as one: what stops one stops all, and SIGINT and SIGTERM are passed on once each time somebody sends them.
 * Each child leads a process group of its own. Otherwise a Ctrl-C would reach it three times: from the terminal, from npm, and from us,
 * and a server takes a second signal for impatience.
 * @param {Array<{ args: string[], env: Record<string, string> }>} programs what to run with the Node of the lock file
 * @returns {Promise<number>} the exit code of the one that ended first
 */
export const runTogether = (programs) =>
  new Promise((resolve) => {
    const children = programs.map(({ args, env }) =>
      spawn(nodePath(), args, { cwd: root, env: childEnv(env), stdio: 'inherit', detached: !windows }),
    );
    let passedOnAt = 0;
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      if (Date.now() - passedOnAt < 500) return;
      passedOnAt = Date.now();
      for (const child of children) signalGroup(child, signal);
    };
    process.on('SIGINT', passOn);
    process.on('SIGTERM', passOn);
    // A closed terminal stops everything cleanly; started with nohup, which takes the output elsewhere, it goes on without one.
    if (process.stdout.isTTY) process.on('SIGHUP', () => passOn('SIGTERM'));
    if (process.env.npm_lifecycle_event && !windows) followParent(() => passOn('SIGTERM'));

    let firstCode = /** @type {number | undefined} */ (undefined);
    let running = children.length;
    /** @param {number} code */
    const ended = (code) => {
      firstCode ??= code;
      running -= 1;
      if (running === 0) resolve(firstCode);
      else for (const child of children) signalGroup(child, 'SIGTERM');
    };
    for (const child of children) {
      child.on('error', (error) => {
        process.stderr.write(`${error.message}\n`);
        ended(1);
      });
      child.on('exit', (code, signal) => ended(code ?? (signal === 'SIGINT' ? 130 : 143)));
    }
  });

/**
 * Runs a script's main function; its number is the exit code, and a failure with a sentence ends in that sentence and 1.
 * @param {() => Promise<number>} main
 */
export const runMain = async (main) => {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
};
