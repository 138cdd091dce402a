import type { NextFunction, Request, Response, Router } from 'express';
import type { z } from 'zod';
import type { Rejection, RejectionCode } from '#shared/domain/rejections.ts';
import type { Identity } from '../access/identity.ts';
import { hasScope } from '../access/identity.ts';
import type { OriginPolicy } from '../access/origins.ts';
import { originAllowed } from '../access/origins.ts';
import { TooManySignIns } from '../access/passwords.ts';
import { isStoreFailure } from '../rooms/storeFailure.ts';

export interface ReplyFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array | string;
}

export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  /** A file in place of JSON, under the name it is saved as. */
  readonly file?: ReplyFile;
  /** Value of a Set-Cookie header. */
  readonly cookie?: string;
}

export interface RouteContext<B> {
  readonly identity: Identity;
  readonly body: B;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The address the request came from, as the trusted proxy tells it. */
  readonly address: string;
}

/** A door of HTTP as data: the router, the protocol document and the permission matrix all read the same table. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  /** What a program's token needs. */
  readonly scope: 'read' | 'write';
  /** Who may call it at all; what concerns a room is asked of the room's rules. */
  readonly who: 'anybody' | 'signedIn' | 'account';
  readonly body?: z.ZodType;
  readonly handle: (context: RouteContext<never>) => Promise<Reply>;
}

/** Writes a route with the type of its body. */
export function route<S extends z.ZodType>(
  head: Omit<Route, 'handle' | 'body'> & { readonly body: S },
  handle: (context: RouteContext<z.infer<S>>) => Promise<Reply>,
): Route;
export function route(head: Omit<Route, 'handle' | 'body'>, handle: (context: RouteContext<undefined>) => Promise<Reply>): Route;
export function route(head: Omit<Route, 'handle'>, handle: (context: never) => Promise<Reply>): Route {
  return { ...head, handle: handle as Route['handle'] };
}

const statusOf: Partial<Record<RejectionCode, number>> = {
  signInNeeded: 401,
  wrongCredentials: 401,
  notAllowed: 403,
  removed: 403,
  muted: 403,
  notYours: 403,
  guestsNotAllowed: 403,
  wrongOrigin: 403,
  notFound: 404,
  unknownComment: 404,
  unknownDraft: 404,
  unknownParticipant: 404,
  unknownSuggestion: 404,
  unknownFile: 404,
  linkUnknown: 404,
  linkExpired: 410,
  linkRevoked: 410,
  roomDeleted: 410,
  handleTaken: 409,
  setupDone: 409,
  alreadySo: 409,
  roomClosed: 409,
  roomExists: 409,
  roomPaused: 409,
  textTooLong: 413,
  fileTooLarge: 413,
  fileTypeRefused: 415,
  slowMode: 429,
  tooFast: 429,
  storeUnavailable: 503,
};

export function refusal(rejection: Rejection): Reply {
  return { status: statusOf[rejection.code] ?? 400, json: { rejection } };
}

/** Tells a door's table to Express. Every refusal is a value with a code; an exception is a bug and is answered with 500. */
export function mount(
  router: Router,
  routes: readonly Route[],
  parts: {
    readonly identify: (request: Request) => Promise<Identity>;
    readonly origins: OriginPolicy;
    readonly onStoreFailed: (e: unknown) => void;
  },
): void {
  for (const item of routes) {
    router[item.method](item.path, (request: Request, response: Response, next: NextFunction) => {
      answer(item, request, parts)
        .then((reply) => send(response, reply))
        .catch(next);
    });
  }
}

async function answer(item: Route, request: Request, parts: Parameters<typeof mount>[2]): Promise<Reply> {
  if (item.method !== 'get' && !originAllowed(request, parts.origins)) return refusal({ code: 'wrongOrigin' });
  try {
    const identity = await parts.identify(request);
    if (item.who !== 'anybody' && identity.principal === null) return refusal({ code: 'signInNeeded' });
    if (item.who === 'account' && identity.kind !== 'account') return refusal({ code: 'signInNeeded' });
    if (!hasScope(identity, item.scope)) return refusal({ code: 'notAllowed' });
    const parsed = item.body?.safeParse(request.body);
    if (parsed !== undefined && !parsed.success) return refusal({ code: 'malformed', field: parsed.error.issues[0]?.path.join('.') ?? '' });
    const query = Object.fromEntries(
      Object.entries(request.query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    const context: RouteContext<unknown> = {
      identity,
      body: parsed?.data,
      params: request.params as Record<string, string>,
      query,
      address: request.ip ?? '',
    };
    return await item.handle(context as RouteContext<never>);
  } catch (error) {
    if (isStoreFailure(error)) {
      parts.onStoreFailed(error);
      return refusal({ code: 'storeUnavailable' });
    }
    if (error instanceof TooManySignIns) return refusal({ code: 'tooFast', retryAfterMs: 2_000 });
    throw error;
  }
}

function send(response: Response, reply: Reply): void {
  if (reply.cookie !== undefined) response.setHeader('set-cookie', reply.cookie);
  response.setHeader('cache-control', 'no-store');
  response.status(reply.status);
  if (reply.file !== undefined) {
    response.attachment(reply.file.name).type(reply.file.contentType);
    response.send(typeof reply.file.bytes === 'string' ? reply.file.bytes : Buffer.from(reply.file.bytes));
  } else if (reply.json === undefined) response.end();
  else response.json(reply.json);
}
