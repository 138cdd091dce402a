import type { Worker } from 'node:worker_threads';
import { messageOf, StoreOpenError } from '../openError.ts';
import { StoreUnavailable } from '../ports.ts';
import type { WriterAnswers, WriterFailure, WriterOp, WriterQuestion, WriterReply, WriterRequest } from './writerProtocol.ts';

/** The writing thread as the main thread sees it. */
export interface WriterThread {
  /** Rejects with StoreUnavailable if the disk or the thread failed, with StoreOpenError if `open` could not open the file. */
  ask<Op extends WriterOp>(request: Extract<WriterRequest, { op: Op }>): Promise<WriterAnswers[Op]>;
  /** Answers what was asked, then closes the file and ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  readonly op: WriterOp;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs the thread that `start` gives. When it dies, what it had not answered is rejected with StoreUnavailable (whether it was
 * written is unknown), and the next question starts a new one.
 */
export function createWriterThread(start: () => Worker): WriterThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let lastId = 0;
  let closed = false;

  function lose(lost: Worker, reason: string): void {
    if (worker !== lost) return;
    worker = null;
    const unanswered = [...waiting.values()];
    waiting.clear();
    for (const { reject } of unanswered) reject(new StoreUnavailable(reason));
  }

  function running(): Worker {
    if (worker !== null) return worker;
    const started = start();
    started.on('message', (reply: WriterReply) => {
      const question = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (reply.ok) question?.resolve(reply.answer as never);
      else question?.reject(errorOf(reply.failure, question.op));
    });
    started.on('error', (error) => {
      lose(started, `The writing thread failed: ${messageOf(error)}`);
    });
    started.on('exit', () => {
      lose(started, 'The writing thread ended.');
    });
    worker = started;
    return started;
  }

  function ask<Op extends WriterOp>(request: Extract<WriterRequest, { op: Op }>): Promise<WriterAnswers[Op]> {
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      const question: WriterQuestion = { id, request };
      // Throws, and so rejects, if the request cannot be cloned; then nobody waits for it.
      running().postMessage(question);
      waiting.set(id, { op: request.op, resolve, reject });
    });
  }

  return {
    ask: (request) => (closed ? Promise.reject(new StoreUnavailable('The store is closed.')) : ask(request)),
    async close() {
      if (closed) return;
      closed = true;
      const ending = worker;
      if (ending === null) return;
      const exited = new Promise((resolve) => ending.once('exit', resolve));
      await ask({ op: 'close' });
      await exited;
    },
  };
}

function errorOf({ kind, message }: WriterFailure, op: WriterOp): Error {
  if (kind === 'bug') return new Error(message);
  return kind === 'open' && op === 'open' ? new StoreOpenError(message) : new StoreUnavailable(message);
}
