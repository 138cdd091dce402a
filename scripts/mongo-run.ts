import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startMongo } from '../tests/support/mongoServer.ts';
import { childEnv, root } from './setup.mjs';

/** How a command ended, and why there was no server for it, if there was none. */
export interface MongoRun {
  readonly code: number;
  readonly missing: string | null;
}

/**
 * Runs a command with the address of a server in SHANGLIANG_TEST_MONGO_URL, and stops the server afterwards, however the command ends.
 * Where no server can be had the command runs without the variable, or not at all, as `runWithout` says.
 */
export async function runWithMongo(command: string, args: readonly string[], options: { readonly runWithout: boolean }): Promise<MongoRun> {
  const server = await startMongo((line) => {
    console.log(line);
  });
  if ('missing' in server) {
    return { code: options.runWithout ? await runCommand(command, args, {}) : 0, missing: server.missing };
  }
  console.log(`MongoDB for tests: ${server.name}`);
  try {
    return { code: await runCommand(command, args, { SHANGLIANG_TEST_MONGO_URL: server.url }), missing: null };
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
