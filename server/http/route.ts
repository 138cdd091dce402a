import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { NextFunction, Request, Response, Router } from 'express';
import type { z } from 'zod';
import type { Rejection, RejectionCode } from '#shared/domain/rejections.ts';
import type { CommandPace } from '../access/commandPace.ts';
import type { Identity } from '../access/identity.ts';
import { hasScope, toldTo } from '../access/identity.ts';
import type { OriginPolicy } from '../access/origins.ts';
import { originAllowed } from '../access/origins.ts';
import { TooManySignIns } from '../access/passwords.ts';
import type { Meters } from '../metrics/meters.ts';
import { isDamage, isStoreFailure, rejectionOf } from '../rooms/storeFailure.ts';

const pack = promisify(gzip);

export interface ReplyFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array | string | Readable;
  /** Its size, where it is a stream. */
  readonly length?: number;
  /** Shown in the browser, in a sandbox without scripts, instead of saved. */
  readonly inline?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  /** The JSON is long and goes out packed to whoever takes it so. */
  readonly pack?: boolean;
  /** A file in place of JSON, under the name it is saved as. */
  readonly file?: ReplyFile;
  /** Value of a Set-Cookie header. */
  readonly cookie?: string;
  /** Values of several Set-Cookie headers. */
  readonly cookies?: readonly string[];
  /** What comes in over this connection is not worth reading on: it ends with the answer. */
  readonly hangUp?: boolean;
}

export interface RouteContext<B> {
  readonly identity: Identity;
  readonly body: B;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The address the request came from, as the trusted proxy tells it. */
  readonly address: string;
  /** The cookies that came with it, as the header has them. */
  readonly cookies: string;
  /** The body as it comes in, for routes that read no JSON. */
  readonly content: Readable;
  /** Protocol, name and port under which this installation was reached. */
  readonly origin: string;
  /** Its size as its sender says, null where he does not. */
  readonly contentLength: number | null;
  /** Its type as its sender says, without parameters. */
  readonly contentType: string;
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
  /** Its answer costs much (a history is woven, a document written): one person gets so many a minute. */
  readonly heavy?: true;
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
  linkRoomOnly: 403,
  accountSuspended: 403,
  muted: 403,
  notYours: 403,
  guestsNotAllowed: 403,
  wrongOrigin: 403,
  notFound: 404,
  unknownComment: 404,
  unknownDraft: 404,
  unknownPassage: 404,
  unknownParticipant: 404,
  unknownSuggestion: 404,
  unknownFile: 404,
  linkUnknown: 404,
  linkExpired: 410,
  linkRevoked: 410,
  roomDeleted: 410,
  handleTaken: 409,
  setupDone: 409,
  lastAdministrator: 409,
  alreadySo: 409,
  textErased: 410,
  roomClosed: 409,
  roomExists: 409,
  roomLimit: 409,
  roomPaused: 409,
  textTooLong: 413,
  fileTooLarge: 413,
  roomFull: 413,
  filesFull: 413,
  fileTypeRefused: 415,
  slowMode: 429,
  tooFast: 429,
  storeUnavailable: 503,
  damaged: 500,
};

export function refusal(rejection: Rejection): Reply {
  return { status: statusOf[rejection.code] ?? 400, json: { rejection } };
}

function isRefusal(json: unknown): json is { readonly rejection: Rejection } {
  return typeof json === 'object' && json !== null && 'rejection' in json;
}

/** Tells a door's table to Express. Every refusal is a value with a code; an exception is a bug and is answered with 500. */
export function mount(
  router: Router,
  routes: readonly Route[],
  parts: {
    readonly identify: (request: Request) => Promise<Identity>;
    readonly origins: OriginPolicy;
    readonly pace: CommandPace;
    readonly onStoreFailed: (e: unknown) => void;
    readonly meters: Meters;
  },
): void {
  for (const item of routes) {
    router[item.method](item.path, (request: Request, response: Response, next: NextFunction) => {
      answer(item, request, parts)
        .then((reply) => {
          if (isRefusal(reply.json)) parts.meters.refused('http', reply.json.rejection.code);
          return send(response, reply);
        })
        .catch(next);
    });
  }
}

async function answer(item: Route, request: Request, parts: Parameters<typeof mount>[2]): Promise<Reply> {
  if (item.method !== 'get' && !originAllowed(request, parts.origins)) return refusal({ code: 'wrongOrigin' });
  try {
    const identity = await parts.identify(request);
    const retryAfterMs = item.method === 'get' ? 0 : parts.pace.request(request.ip ?? '', identity.principal);
    // Whoever goes on all the same does not keep his line.
    if (retryAfterMs > 0) return { ...refusal({ code: 'tooFast', retryAfterMs }), hangUp: true };
    const heavyAfterMs = item.heavy === true ? parts.pace.heavy(request.ip ?? '', identity.principal) : 0;
    if (heavyAfterMs > 0) return refusal({ code: 'tooFast', retryAfterMs: heavyAfterMs });
    if (item.who !== 'anybody' && identity.principal === null) return refusal({ code: 'signInNeeded' });
    if (item.who === 'account' && identity.kind !== 'account') return refusal(toldTo(identity, { code: 'signInNeeded' }));
    if (!hasScope(identity, item.scope)) return refusal({ code: 'notAllowed' });
    const parsed = item.body?.safeParse(request.body);
    if (parsed !== undefined && !parsed.success) return refusal({ code: 'malformed', field: parsed.error.issues[0]?.path.join('.') ?? '' });
    const query = Object.fromEntries(
      Object.entries(request.query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    const length = request.headers['content-length'];
    const context: RouteContext<unknown> = {
      identity,
      body: parsed?.data,
      params: request.params as Record<string, string>,
      query,
      address: request.ip ?? '',
      cookies: request.headers.cookie ?? '',
      content: request,
      origin: `${request.protocol}://${request.headers.host ?? 'localhost'}`,
      contentLength: length === undefined ? null : Number(length),
      contentType: (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    };
    return asToldTo(identity, await item.handle(context as RouteContext<never>));
  } catch (error) {
    if (isStoreFailure(error) || isDamage(error)) {
      parts.onStoreFailed(error);
      return refusal(rejectionOf(error));
    }
    if (error instanceof TooManySignIns) return refusal({ code: 'tooFast', retryAfterMs: 2_000 });
    throw error;
  }
}

/** The same answer, a refusal in the words for this person. */
function asToldTo(identity: Identity, reply: Reply): Reply {
  if (!isRefusal(reply.json)) return reply;
  const rejection = toldTo(identity, reply.json.rejection);
  return rejection === reply.json.rejection ? reply : { ...reply, ...refusal(rejection) };
}

async function send(response: Response, reply: Reply): Promise<void> {
  if (reply.cookie !== undefined) response.setHeader('set-cookie', reply.cookie);
  if (reply.cookies !== undefined) response.setHeader('set-cookie', [...reply.cookies]);
  response.setHeader('cache-control', 'no-store');
  if (reply.hangUp === true) response.setHeader('connection', 'close');
  response.status(reply.status);
  if (reply.file !== undefined) await sendFile(response, reply.file);
  else if (reply.json === undefined) response.end();
  else if (reply.pack === true && response.req.acceptsEncodings('gzip') === 'gzip') await sendPacked(response, reply.json);
  else response.json(reply.json);
}

async function sendPacked(response: Response, json: unknown): Promise<void> {
  const bytes = await pack(JSON.stringify(json), { level: 5 });
  response.setHeader('content-encoding', 'gzip');
  response.type('json').send(bytes);
}

/** What is shown in the browser is shown alone: no script, no frame, nothing from elsewhere, whatever the file holds. */
const sandbox = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox";

async function sendFile(response: Response, file: ReplyFile): Promise<void> {
  response.attachment(file.name).type(file.contentType);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-security-policy', sandbox);
  if (file.inline === true) {
    response.setHeader('content-disposition', String(response.getHeader('content-disposition')).replace(/^attachment/, 'inline'));
  }
  const { bytes } = file;
  if (typeof bytes === 'string' || bytes instanceof Uint8Array) {
    response.send(typeof bytes === 'string' ? bytes : Buffer.from(bytes));
    return;
  }
  if (file.length !== undefined) response.setHeader('content-length', file.length);
  // A reader that goes away is no failure of ours; a place of files that fails ends the connection, so that nobody takes a half for the whole.
  await pipeline(bytes, response).catch(() => response.destroy());
}
