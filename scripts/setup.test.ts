import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { nodePath, root } from './setup.mjs';

/** Programs for runTogether, told apart by what they print. */
const patient = `
  let signals = 0;
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {
    signals += 1;
    console.log(name + ' number ' + signals);
    if (signals === 1) setTimeout(() => process.exit(7), 800);
  });
  setInterval(() => {}, 1000);
  console.log('patient is up');`;
const brief = `console.log('brief is up'); process.stdin.on('end', () => process.exit(3)).resume();`;

let started: ChildProcess | undefined;

/** Runs runTogether in a process of its own, as npm start does. */
function startTogether(...programs: string[]) {
  const list = JSON.stringify(programs.map((program) => ({ args: ['-e', program], env: {} })));
  const main = `import { runTogether } from './scripts/setup.mjs'; process.exitCode = await runTogether(${list});`;
  const { npm_lifecycle_event: _, ...env } = process.env;
  const child = spawn(nodePath(), ['--input-type=module', '-e', main], { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] });
  started = child;
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const saidThat = async (text: string) => {
    while (!output.includes(text)) await once(child.stdout, 'data');
  };
  return { child, exited, saidThat, output: () => output };
}

afterEach(() => {
  started?.kill('SIGKILL');
});

describe.skipIf(process.platform === 'win32')('runTogether', () => {
  test('two signals at once, as Ctrl-C under npm sends, reach the program as one, and its exit code is ours', async () => {
    const { child, exited, saidThat, output } = startTogether(patient);
    await saidThat('patient is up');
    // Two kinds, since the system itself merges two of one kind.
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(7);
    expect(output()).toContain('number 1');
    expect(output()).not.toContain('number 2');
  });

  test('when one program ends, the others are stopped cleanly and the first exit code counts', async () => {
    const { child, exited, saidThat, output } = startTogether(patient, brief);
    await saidThat('patient is up');
    await saidThat('brief is up');
    child.stdin.end();
    expect((await exited)[0]).toBe(3);
    expect(output()).toContain('SIGTERM number 1');
  });
});
