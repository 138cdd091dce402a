import type { IncomingMessage } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { refusal } from './route.ts';

/** Names the visitor a page is drawn for, on the questions that the page handler asks the API of this machine. */
const drawnForHeader = 'x-drawn-for';
/** Known to this process alone, so that nobody else can speak for another address. */
const drawnForSecret = randomBytes(24).toString('base64url');

/**
 * The page handler assumes https unless it is told the protocol; Express knows it from the trusted proxy. What it asks the API comes from
 * this machine and counts for the visitor's address: it hands on the header that says so.
 */
export function forPages(addressOf: (request: IncomingMessage) => string): RequestHandler {
  return (request, _response, next) => {
    request.headers['x-forwarded-proto'] = request.protocol;
    request.headers[drawnForHeader] = `${drawnForSecret} ${addressOf(request)}`;
    next();
  };
}

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

/** Reads the address of a request as the outermost trusted proxy saw it, or of the visitor whose page is drawn with its answer. */
export function addressReader(trustedProxies: number): (request: IncomingMessage) => string {
  return (request) => {
    const [secret, visitor] = String(request.headers[drawnForHeader] ?? '').split(' ');
    if (secret === drawnForSecret && visitor !== undefined) return visitor;
    const direct = request.socket.remoteAddress ?? '';
    if (trustedProxies === 0) return direct;
    const forwarded = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((part) => part.trim());
    return forwarded.at(-trustedProxies) ?? direct;
  };
}
