/*
 * Loaded into a server before its own code (`node --import`). Who asks for `figures` at the local socket named in LOOP_MONITOR is told how
 * long the event loop stood still at most since the last time, how much processor time the process has used, and its memory; who asks for
 * `held`, how many MB its objects take.
 */
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const place = process.env.LOOP_MONITOR;
if (isMainThread && place !== undefined) {
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const answers = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (asked) => {
      if (asked.toString() === 'held') {
        // What is left after everything unused has been collected.
        collect();
        socket.end(String(process.memoryUsage().heapUsed / 2 ** 20));
        loop.reset();
        return;
      }
      // A stall is noted by a timer that comes too late, so one has to come before the answer.
      setTimeout(() => {
        const { user, system } = process.cpuUsage();
        socket.end(JSON.stringify({ stallMs: loop.max / 1e6, cpuMs: (user + system) / 1e3, rssMb: process.memoryUsage.rss() / 2 ** 20 }));
        loop.reset();
      }, 15);
    });
  });
  answers.listen(place).unref();
}
