import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { createWriterThread } from './writerThread.ts';

/** A thread that answers `open`, dies of `health` in the way named, and never answers anything else. */
function thread(death: string): () => Worker {
  const program = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, request }) => {
      if (request.op === 'open') parentPort.postMessage({ id, ok: true, answer: 'alive' });
      if (request.op === 'health') { ${death} }
      if (request.op === 'close') { parentPort.postMessage({ id, ok: true, answer: null }); parentPort.close(); }
    });`;
  return () => new Worker(program, { eval: true, stderr: true });
}

describe('the writing thread', () => {
  test.for([
    ['an exit', 'process.exit(3)'],
    ['an exception', "throw new Error('boom')"],
  ] as const)('[ST14] %s rejects all that was asked, and the next question starts a new one', async ([, death]) => {
    const writer = createWriterThread(thread(death));
    expect(await writer.ask({ op: 'open' })).toBe('alive');
    const lost = await Promise.allSettled([
      writer.ask({ op: 'append', writes: [] }),
      writer.ask({ op: 'health' }),
      writer.ask({ op: 'removeExpired', kind: 'session', now: 0 }),
    ]);
    expect(lost.map((answer) => answer.status === 'rejected' && (answer.reason as Error).name)).toEqual(Array(3).fill('StoreUnavailable'));
    expect(await writer.ask({ op: 'open' })).toBe('alive');
    await writer.close();
  });

  test('[ST12] a closed one takes no more questions', async () => {
    const writer = createWriterThread(thread(''));
    await writer.ask({ op: 'open' });
    await Promise.all([writer.close(), writer.close()]);
    await expect(writer.ask({ op: 'open' })).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });

  test('a question that cannot be sent is refused and waits for nothing', async () => {
    const writer = createWriterThread(thread(''));
    await writer.ask({ op: 'open' });
    const writes = [() => undefined] as unknown as [];
    await expect(writer.ask({ op: 'append', writes })).rejects.toThrow(/could not be cloned/);
    await writer.close();
  });
});
