import type { Readable } from 'node:stream';
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
import type { Lease, Leased, ReadingBudget } from './readingBudget.ts';
import type { Reply } from './reply.ts';
import { holdsOf, sendReply } from './sendReply.ts';

export type { Reply } from './reply.ts';

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
  /** Bytes that its answer may hold in memory while it is made; none where it is small whatever the room holds. */
  readonly holds?: number;
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
  busy: 503,
  historyTooLarge: 413,
  storeUnavailable: 503,
  damaged: 500,
};

export function refusal(rejection: Rejection): Reply {
  const again = 'retryAfterMs' in rejection ? { retryAfterMs: rejection.retryAfterMs } : {};
  return { status: statusOf[rejection.code] ?? 400, json: { rejection }, ...again };
}

function isRefusal(json: unknown): json is { readonly rejection: Rejection } {
  return typeof json === 'object' && json !== null && 'rejection' in json;
}

export interface MountParts {
  readonly identify: (request: Request) => Promise<Identity>;
  readonly addressOf: (request: Request) => string;
  readonly origins: OriginPolicy;
  readonly pace: CommandPace;
  readonly budget: ReadingBudget;
  readonly onStoreFailed: (e: unknown) => void;
  readonly meters: Meters;
}

/** Tells a door's table to Express. Every refusal is a value with a code; an exception is a bug and is answered with 500. */
export function mount(router: Router, routes: readonly Route[], parts: MountParts): void {
  for (const item of routes) {
    router[item.method](item.path, (request: Request, response: Response, next: NextFunction) => {
      answer(item, request, response, parts).catch(next);
    });
  }
}

const nothingHeld: Lease = { resize: () => undefined, release: () => undefined };

/** Makes an answer and sends it. What it holds counts from before it is made until it is sent. */
async function answer(item: Route, request: Request, response: Response, parts: MountParts): Promise<void> {
  const checked = await caught(parts, () => whoAsks(item, request, parts));
  const leased = 'refused' in checked ? { lease: nothingHeld } : await leaseFor(item, checked.context.address, parts);
  const lease = 'lease' in leased ? leased.lease : nothingHeld;
  try {
    const reply =
      'refused' in checked
        ? checked.refused
        : 'lease' in leased
          ? await made(item, checked.context, response, parts)
          : refusal({ code: 'busy', retryAfterMs: leased.retryAfterMs });
    if (isRefusal(reply.json)) parts.meters.refused('http', reply.json.rejection.code);
    lease.resize(item.holds === undefined ? 0 : Math.min(item.holds, holdsOf(reply)));
    await sendReply(response, reply);
  } finally {
    lease.release();
  }
}

function leaseFor({ method, holds }: Route, address: string, { budget }: MountParts): Promise<Leased> | Leased {
  return method !== 'get' || holds === undefined ? { lease: nothingHeld } : budget.take(address, holds);
}

/** Nothing is made for who hung up while he waited for his turn. */
async function made(item: Route, context: RouteContext<unknown>, response: Response, parts: MountParts): Promise<Reply> {
  if (response.destroyed) return { status: 499 };
  const reply = await caught(parts, async () => ({ refused: await item.handle(context as RouteContext<never>) }));
  return asToldTo(context.identity, reply.refused);
}

async function caught<T>(parts: MountParts, work: () => Promise<T>): Promise<T | { readonly refused: Reply }> {
  try {
    return await work();
  } catch (error) {
    if (isStoreFailure(error) || isDamage(error)) {
      parts.onStoreFailed(error);
      return { refused: refusal(rejectionOf(error)) };
    }
    if (error instanceof TooManySignIns) return { refused: refusal({ code: 'tooFast', retryAfterMs: 2_000 }) };
    throw error;
  }
}

/** The same answer, a refusal in the words for this person. */
function asToldTo(identity: Identity, reply: Reply): Reply {
  if (!isRefusal(reply.json)) return reply;
  const rejection = toldTo(identity, reply.json.rejection);
  return rejection === reply.json.rejection ? reply : { ...reply, ...refusal(rejection) };
}

/** How much of a person's pace a question takes: the more its answer may hold, the more. */
function costOf({ holds = 0 }: Route): number {
  return 1 + Math.ceil(holds / (1024 * 1024));
}

type Checked = { readonly refused: Reply } | { readonly context: RouteContext<unknown> };

/** Whether whoever sent a request may call this route at all, now and with this body. */
async function whoAsks(item: Route, request: Request, parts: MountParts): Promise<Checked> {
  const no = (rejection: Rejection): Checked => ({ refused: refusal(rejection) });
  if (item.method !== 'get' && !originAllowed(request, parts.origins)) return no({ code: 'wrongOrigin' });
  const identity = await parts.identify(request);
  const address = parts.addressOf(request);
  const { principal } = identity;
  const retryAfterMs = item.method === 'get' ? parts.pace.read(address, principal, costOf(item)) : parts.pace.request(address, principal);
  // Whoever goes on all the same does not keep his line.
  if (retryAfterMs > 0) return { refused: { ...refusal({ code: 'tooFast', retryAfterMs }), hangUp: true } };
  const heavyAfterMs = item.heavy === true ? parts.pace.heavy(address, principal) : 0;
  if (heavyAfterMs > 0) return no({ code: 'tooFast', retryAfterMs: heavyAfterMs });
  if (item.who !== 'anybody' && principal === null) return no({ code: 'signInNeeded' });
  if (item.who === 'account' && identity.kind !== 'account') return no(toldTo(identity, { code: 'signInNeeded' }));
  if (!hasScope(identity, item.scope)) return no({ code: 'notAllowed' });
  const parsed = item.body?.safeParse(request.body);
  if (parsed !== undefined && !parsed.success) return no({ code: 'malformed', field: parsed.error.issues[0]?.path.join('.') ?? '' });
  const query = Object.fromEntries(
    Object.entries(request.query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const length = request.headers['content-length'];
  return {
    context: {
      identity,
      body: parsed?.data,
      params: request.params as Record<string, string>,
      query,
      address,
      cookies: request.headers.cookie ?? '',
      content: request,
      origin: `${request.protocol}://${request.headers.host ?? 'localhost'}`,
      contentLength: length === undefined ? null : Number(length),
      contentType: (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    },
  };
}
