import { execFile, spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
/** Everything of Python's lies here: node_modules is no part of the project. */
const cache = join(root, 'node_modules', '.cache', 'python');
const packages = ['pycrdt==0.14.13', 'websockets==16.0'];

/** What the program answers to an order. */
export interface OtherAnswer {
  readonly text?: string;
  /** The code the server closed with; null while it did not. */
  readonly closed: number | null;
  readonly clientId: number;
}

/** Python with pycrdt in a folder of its own, made on first use; or why there is none, for a person. */
export async function pythonWithYrs(): Promise<{ readonly python: string } | { readonly missing: string }> {
  const python = join(cache, 'bin', 'python');
  try {
    if (!existsSync(join(cache, 'ready'))) {
      await run('python3', ['-c', 'import sys; assert sys.version_info >= (3, 10)']);
      await run('python3', ['-m', 'venv', cache]);
      await run(python, ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', '--disable-pip-version-check', ...packages]);
      await run(python, ['-c', `import pycrdt, websockets; open(${JSON.stringify(join(cache, 'ready'))}, 'w').close()`]);
    }
    return { python };
  } catch (error) {
    return { missing: `no Python 3.10 with ${packages.join(' and ')}: ${error instanceof Error ? error.message.split('\n')[0] : ''}` };
  }
}

/** A client on yrs in a process of its own, told what to do line by line. */
export class OtherEngine {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: ((answer: OtherAnswer) => void)[] = [];
  #said = '';

  constructor(python: string, seed: number) {
    this.#child = spawn(python, ['-B', fileURLToPath(new URL('otherEngine.py', import.meta.url)), String(seed)]);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#answers.shift()?.(JSON.parse(line) as OtherAnswer));
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  /** Does as told and gives the answer; rejects with what the program printed if it ended instead. */
  order(
    order: { readonly do: 'join' | 'edit' | 'cut' | 'settle' | 'text' } & Readonly<Record<string, string | number>>,
  ): Promise<OtherAnswer> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`the other engine ended:\n${this.#said}`));
      this.#child.once('exit', ended);
      this.#answers.push((answer) => {
        this.#child.off('exit', ended);
        resolve(answer);
      });
      this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
