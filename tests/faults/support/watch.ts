import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import type { ServerProcess } from '../../support/serverProcess.ts';

export interface Watch {
  /** The longest a request that asks for nothing waited for its answer: what the server's event loop stood still, at least. */
  readonly stallMs: number;
  /** The most memory the process had (resident set), and what it had at the beginning; 0 where the system does not tell. */
  readonly peakMb: number;
  readonly startMb: number;
  stop(): void;
}

/** Watches a server from outside: how long it stands still, and how much memory it takes. Asks every 20 ms. */
export function watch(server: ServerProcess): Watch {
  const seen = { stallMs: 0, peakMb: residentMb(server.pid), startMb: residentMb(server.pid) };
  let askedAt: number | null = null;
  const timer = setInterval(() => {
    seen.peakMb = Math.max(seen.peakMb, residentMb(server.pid));
    if (askedAt !== null) return;
    const startedAt = performance.now();
    askedAt = startedAt;
    const done = (answered: boolean) => () => {
      if (answered) seen.stallMs = Math.max(seen.stallMs, performance.now() - startedAt);
      askedAt = null;
    };
    get(`${server.url}/healthz`, (response) => response.resume().on('end', done(true)).on('error', done(false))).on('error', done(false));
  }, 20);
  timer.unref();
  return {
    get stallMs() {
      return seen.stallMs;
    },
    get peakMb() {
      return seen.peakMb;
    },
    startMb: seen.startMb,
    stop: () => clearInterval(timer),
  };
}

/** Resident memory of a process in MB; 0 where the system does not tell. */
export function residentMb(pid: number | null): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
