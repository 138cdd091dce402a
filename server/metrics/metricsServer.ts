import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { PrometheusMeters } from './prometheus.ts';

/** Answers `GET /metrics` and nothing else, on an address of its own: it is for the machine's keeper, not for visitors. */
export function createMetricsServer(prometheus: Pick<PrometheusMeters, 'text' | 'contentType'>): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Only GET /metrics is answered here.\n');
      return;
    }
    prometheus.text().then(
      (text) => response.writeHead(200, { 'content-type': prometheus.contentType, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('The figures could not be gathered.\n'),
    );
  });
}
