/* A bare `ws` relay in a process of its own: what comes from one goes to all others, and one byte back. It keeps and checks nothing. */
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (ws) => {
  ws.on('error', () => undefined);
  ws.on('message', (data, binary) => {
    for (const other of server.clients) if (other !== ws) other.send(data, { binary });
    ws.send('1');
  });
});
server.on('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000 });
});
process.on('disconnect', () => process.exit(0));
