import { parentPort, workerData } from 'node:worker_threads';
import { createWriterDatabase } from './writerDatabase.ts';
import type { WriterQuestion, WriterReply } from './writerProtocol.ts';

// The thread that writes. It answers one question after the other, in the order in which they came.
const writer = createWriterDatabase((workerData as { readonly file: string }).file);

parentPort?.on('message', ({ id, request }: WriterQuestion) => {
  let reply: WriterReply;
  try {
    reply = { id, ok: true, answer: writer.handle(request) };
  } catch (thrown) {
    reply = { id, ok: false, failure: writer.failureOf(thrown) };
  }
  parentPort?.postMessage(reply);
  if (request.op === 'close') parentPort?.close();
});
