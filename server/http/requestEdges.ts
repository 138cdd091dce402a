import type { IncomingMessage } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { refusal } from './route.ts';

/** The page handler assumes https unless it is told the protocol; Express knows it from the trusted proxy. */
export const forPages: RequestHandler = (request, _response, next) => {
  request.headers['x-forwarded-proto'] = request.protocol;
  next();
};

/** Answers what went wrong before or in a handler: bad requests by a code, bugs by 500 and a line in the log. */
export function answerError(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    if (status >= 400 && status < 500) {
      const reply = refusal(
        status === 413 ? { code: 'textTooLong', most: 65_536, got: Number(request.headers['content-length'] ?? 0) } : { code: 'malformed' },
      );
      response.status(reply.status).json(reply.json);
      return;
    }
    log.error({ err: error, path: request.path }, 'a request failed');
    response.status(500).json({ rejection: { code: 'storeUnavailable' } });
  };
}

/** Reads the address of a request as the outermost trusted proxy saw it. */
export function addressReader(trustedProxies: number): (request: IncomingMessage) => string {
  return (request) => {
    const direct = request.socket.remoteAddress ?? '';
    if (trustedProxies === 0) return direct;
    const forwarded = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((part) => part.trim());
    return forwarded.at(-trustedProxies) ?? direct;
  };
}
