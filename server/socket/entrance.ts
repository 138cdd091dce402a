import type { IncomingMessage } from 'node:http';
import type { Limits } from '#shared/domain/limits.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { Buckets } from '../access/buckets.ts';
import type { OriginPolicy } from '../access/origins.ts';
import { originAllowed } from '../access/origins.ts';
import type { Unjoined } from '../access/unjoined.ts';
import type { RoomServer, RoomSocket } from './roomHub.ts';

export interface EntranceParts {
  readonly origins: OriginPolicy;
  readonly limits: Pick<Limits, 'connectsPerMinutePerAddress'>;
  readonly unjoined: Unjoined;
  readonly now: () => number;
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Who may open a line to the rooms at all: from a known origin, not too fast and not too many from one address. */
export class Entrance {
  readonly #parts: EntranceParts;
  readonly #connects: Buckets;
  /** So many that are refused are told so; what goes on beyond that is not even let in to hear it. */
  readonly #refusals: Buckets;
  /** How long the sender of a request has to wait that is let in to be told. */
  readonly #tooFast = new WeakMap<IncomingMessage, number>();
  /** Of lines that have not joined a room yet: what is called once they have. */
  readonly #newcomers = new WeakMap<object, () => void>();

  constructor(parts: EntranceParts) {
    this.#parts = parts;
    const perMinute = parts.limits.connectsPerMinutePerAddress;
    this.#connects = new Buckets(perMinute / 60, perMinute, parts.now);
    this.#refusals = new Buckets(perMinute / 60, perMinute, parts.now);
  }

  /** For Socket.IO's `allowRequest`. */
  readonly admit = (request: IncomingMessage, decide: (error: null, allowed: boolean) => void): void => {
    const { origins, addressOf, unjoined } = this.#parts;
    if (!originAllowed(request, origins)) return decide(null, false);
    const address = addressOf(request);
    if (!unjoined.admits(address)) return decide(null, false);
    const retryAfterMs = this.#connects.take(address);
    if (retryAfterMs > 0) this.#tooFast.set(request, retryAfterMs);
    decide(null, retryAfterMs === 0 || this.#refusals.take(address) === 0);
  };

  /** Stands at the server that was made with `admit`. */
  watch(io: RoomServer): void {
    io.use((socket, next) => {
      const retryAfterMs = this.#tooFast.get(socket.request);
      if (retryAfterMs === undefined) return next();
      next(Object.assign(new Error('tooFast'), { data: { rejection: { code: 'tooFast', retryAfterMs } satisfies Rejection } }));
      // Once the word is out: it would hold the line until the time for joining is over.
      setImmediate(() => socket.conn.close());
    });
    io.engine.on('connection', (line: RoomSocket['conn']) => {
      const over = this.#parts.unjoined.begin(this.#parts.addressOf(line.request));
      this.#newcomers.set(line, over);
      line.once('close', over);
    });
  }

  /** A socket has joined a room. */
  joined(socket: RoomSocket): void {
    this.#newcomers.get(socket.conn)?.();
  }
}
