import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ServerOptions } from '../../support/serverProcess.ts';
import { ServerProcess } from '../../support/serverProcess.ts';
import { quickPace } from '../../support/quickPace.ts';

/** What the monitor inside a server tells. */
export interface Figures {
  /** The longest the event loop stood still since the last time it was asked, in ms. */
  readonly stallMs: number;
  /** Processor time of all threads since the process began, in ms: unlike a stall, it does not grow with what else a machine does. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** Paces that would only make a test wait, of programs that never pause too. */
export const openPaces = {
  ...quickPace,
  signInsPerMinutePerAccount: 100_000,
  signInsPerMinutePerAddress: 100_000,
  connectsPerMinutePerAddress: 10_000_000,
  framesPerSecond: 1_000_000,
  frameBurst: 1_000_000,
  frameBytesPerSecond: 1_000_000_000,
  socketsPerPerson: 1_000,
  socketsPerPersonInAll: 2_000,
};

/** A server in a process of its own, with a monitor in it. */
export class GuardedServer {
  readonly process: ServerProcess;
  readonly #folder: string;
  #most: Figures = { stallMs: 0, cpuMs: 0, rssMb: 0 };
  #first: Figures | null = null;

  private constructor(process: ServerProcess, folder: string) {
    this.process = process;
    this.#folder = folder;
  }

  static async start(limits: Readonly<Record<string, number>> = openPaces, options: ServerOptions = {}): Promise<GuardedServer> {
    const folder = mkdtempSync(path.join(tmpdir(), 'shangliang-watch-'));
    const monitor = new URL('./loopMonitor.ts', import.meta.url).href;
    const env = {
      LIMITS: JSON.stringify(limits),
      LOOP_MONITOR: path.join(folder, 'socket'),
      NODE_OPTIONS: `--import=${monitor}`,
      ...options.env,
    };
    return new GuardedServer(await ServerProcess.start({ ...options, env }), folder);
  }

  get url(): string {
    return this.process.url;
  }

  get dataDir(): string {
    return this.process.dataDir;
  }

  /** Asks the monitor; rejects where the process is gone. */
  async figures(): Promise<Figures> {
    const now = JSON.parse(await this.#ask('figures')) as Figures;
    this.#first ??= now;
    this.#most = {
      stallMs: Math.max(this.#most.stallMs, now.stallMs),
      cpuMs: now.cpuMs,
      rssMb: Math.max(this.#most.rssMb, now.rssMb),
    };
    return now;
  }

  /** Memory in use by objects, in MB, after all that is unused was collected. */
  async heldMb(): Promise<number> {
    return Number(await this.#ask('held'));
  }

  #ask(what: 'figures' | 'held'): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(path.join(this.#folder, 'socket'), () => socket.write(what));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
      socket.setTimeout(30_000, () => socket.destroy(new Error('the server does not answer')));
    });
  }

  /** The worst of all that was asked so far, and by how much memory grew since the first time. */
  async worst(): Promise<Figures & { readonly grownMb: number }> {
    const { rssMb } = await this.figures();
    const first = this.#first?.rssMb ?? rssMb;
    return { ...this.#most, grownMb: Math.max(0, this.#most.rssMb - first) };
  }

  /** Begins to count anew: what happened before is not the test's subject. */
  async beginsHere(): Promise<void> {
    await this.figures();
    this.#most = { stallMs: 0, cpuMs: 0, rssMb: 0 };
    this.#first = null;
    await this.figures();
  }

  /** kill -9, so that `process.start()` can begin anew. */
  async kill(): Promise<void> {
    await this.process.kill();
    rmSync(path.join(this.#folder, 'socket'), { force: true });
  }

  async dispose(): Promise<void> {
    await this.process.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
