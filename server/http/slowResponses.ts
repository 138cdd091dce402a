import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';

const tickMs = 1_000;

interface Mark {
  readonly queued: number;
  readonly untaken: number | undefined;
  readonly since: number;
}

/**
 * Ends the connections of readers that stand still: an answer is written as it is taken, and who takes nothing of it for `stallMs` would
 * hold what was made of it, and his place, for ever. Gives the handler that watches each answer, and what ends the watch.
 */
export function endSlowReaders(stallMs: number, now: () => number): { readonly watch: RequestHandler; readonly close: () => void } {
  const marks = new Map<ServerResponse, Mark | null>();

  function look(response: ServerResponse, before: Mark | null): void {
    const socket = response.socket as (Socket & { readonly _handle?: { readonly writeQueueSize?: number } }) | null;
    // What waits in the answer and its line. Where nothing waits, the answer is being made, and the reader is not slow.
    const queued = response.writableLength + (socket?.writableLength ?? 0);
    if (socket === null || queued === 0) {
      marks.set(response, null);
      return;
    }
    const untaken = socket._handle?.writeQueueSize;
    const stands = before !== null && before.queued === queued && before.untaken === untaken;
    const since = stands ? before.since : now();
    marks.set(response, { queued, untaken, since });
    // A polite end would wait in the system's buffers for a reader who does not read.
    if (now() - since >= stallMs) socket.resetAndDestroy();
  }

  const timer = setInterval(() => {
    for (const [response, mark] of marks) look(response, mark);
  }, tickMs);
  timer.unref();
  return {
    watch: (_request, response, next) => {
      marks.set(response, null);
      response.once('close', () => marks.delete(response));
      next();
    },
    close: () => clearInterval(timer),
  };
}
