import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startMongo } from '../tests/support/mongoServer.ts';
import { childEnv, root } from './setup.mjs';

/** A command of node_modules/.bin with its arguments, and what its environment has besides. */
export interface MongoCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How the commands ended, and why there was no server for them, if there was none. */
export interface MongoRun {
  readonly codes: readonly number[];
  readonly missing: string | null;
}

/**
 * Runs commands one after the other with the address of a server in SHANGLIANG_TEST_MONGO_URL, and stops the server afterwards, however
 * they end. Where no server can be had they run without the variable, or not at all, as `runWithout` says.
 */
export async function runWithMongo(commands: readonly MongoCommand[], options: { readonly runWithout: boolean }): Promise<MongoRun> {
  const runAll = async (env: Record<string, string>): Promise<readonly number[]> => {
    const codes: number[] = [];
    for (const each of commands) codes.push(await runCommand(each.command, each.args, { ...each.env, ...env }));
    return codes;
  };
  const server = await startMongo((line) => {
    console.log(line);
  });
  if ('missing' in server) {
    return { codes: options.runWithout ? await runAll({}) : [], missing: server.missing };
  }
  console.log(`MongoDB for tests: ${server.name}`);
  try {
    return { codes: await runAll({ SHANGLIANG_TEST_MONGO_URL: server.url }), missing: null };
  } finally {
    await server.stop();
  }
}

async function runCommand(command: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  const child = spawn(command, args, { cwd: root, env: childEnv(env), stdio: 'inherit' });
  // Whoever interrupts us interrupts the command as well; we stay until it has ended and the server is stopped.
  const passOn = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGINT', passOn);
  process.on('SIGTERM', passOn);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? 1;
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    return 127;
  } finally {
    process.off('SIGINT', passOn);
    process.off('SIGTERM', passOn);
  }
}
