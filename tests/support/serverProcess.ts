import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../scripts/freePort.ts';
import { serverProgram } from '../../scripts/setup.mjs';
import { aboutToRemove } from './leftBehind.ts';

export interface ServerOptions {
  /** Serve the built pages as well; needs `npm run build` before. */
  readonly pages?: boolean;
  readonly mongoUrl?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Serve the same data as another one, which is to remove it. */
  readonly beside?: ServerProcess;
}

/** The real server as a child process on a free loopback port and a folder of its own. */
export class ServerProcess {
  readonly port: number;
  readonly dataDir: string;
  readonly #options: ServerOptions;
  #child: ChildProcess | null = null;
  #output = '';

  private constructor(port: number, dataDir: string, options: ServerOptions) {
    this.port = port;
    this.dataDir = dataDir;
    this.#options = options;
  }

  /** Starts a server and waits until it is ready. */
  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const dataDir = options.beside?.dataDir ?? mkdtempSync(path.join(tmpdir(), 'shangliang-test-'));
    const server = new ServerProcess(await freePort(), dataDir, options);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The process, while it runs. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Whether it ended though nobody told it to. */
  get hasEnded(): boolean {
    return this.#child !== null && (this.#child.exitCode !== null || this.#child.signalCode !== null);
  }

  /** Everything the process has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Secret of the link that makes the first administrator, as the server printed it. */
  get setupSecret(): string {
    const found = /\/setup#([\w-]+)/.exec(this.#output)?.[1];
    if (found === undefined) throw new Error(`the server printed no setup link:\n${this.#output}`);
    return found;
  }

  /** Starts (again) on the same port and data. Rejects with what was printed if the process ends instead. */
  async start(): Promise<void> {
    this.#output = '';
    // As `npm start` does.
    const { args, env } = serverProgram();
    const child = spawn(process.execPath, args, {
      env: {
        ...process.env,
        ...env,
        PORT: String(this.port),
        DATA_DIR: this.dataDir,
        CLIENT: this.#options.pages === true ? 'on' : 'off',
        ...(this.#options.mongoUrl === undefined ? { MONGODB_URL: '' } : { MONGODB_URL: this.#options.mongoUrl, MONGODB_STANDALONE: '1' }),
        ...this.#options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (this.#output.includes('is ready:')) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}:\n${this.#output}`)));
    });
  }

  /** kill -9: no goodbye, no flush. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ctrl-C; gives the exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGINT');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    const [code] = await exited;
    return code;
  }

  /** Waits until it ends by itself; gives the exit code, or null where a signal ended it. */
  async ended(): Promise<number | null> {
    const child = this.#child;
    if (child === null) return null;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.#child = null;
    return child.exitCode;
  }

  /** Stops it and removes its data, once it was looked at. */
  async dispose(): Promise<void> {
    await this.kill();
    await aboutToRemove(this.dataDir).finally(() => this.#remove());
  }

  #remove(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
